// ip(), cidr() and what addresses and ranges can be asked.
// Behaviour: k8s.io/apiserver pkg/cel/library/{ip,cidr}.go, Kubernetes v1.36.3; net/netip, Go 1.26.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import * as types from '../values/types.ts';
import { CelError, type CelValue, KubernetesValue, noSuchOverload, textOf } from '../values/value.ts';
import { type FunctionDecl, fn, global, type Implementation, member } from './declaration.ts';

/** Four or sixteen bytes, and the zone of an IPv6 address. */
interface Address {
  readonly bytes: readonly number[];
  readonly zone: string;
}

class AddressError extends Error {}

class IpValue extends KubernetesValue {
  readonly type = types.IP;
  readonly bytes: readonly number[];
  constructor(bytes: readonly number[]) {
    super();
    this.bytes = bytes;
  }
  get costSize(): number {
    return this.bytes.length;
  }
  equals(other: CelValue): boolean | CelError {
    return other instanceof IpValue ? this.toString() === other.toString() : noSuchOverload(other);
  }
  toString(): string {
    return addressText(this.bytes);
  }
}

class CidrValue extends KubernetesValue {
  readonly type = types.CIDR;
  readonly bytes: readonly number[];
  readonly bits: number;
  constructor(bytes: readonly number[], bits: number) {
    super();
    this.bytes = bytes;
    this.bits = bits;
  }
  get costSize(): number {
    return Math.ceil(this.bits / 8);
  }
  equals(other: CelValue): boolean | CelError {
    return other instanceof CidrValue ? this.toString() === other.toString() : noSuchOverload(other);
  }
  toString(): string {
    return `${addressText(this.bytes)}/${this.bits}`;
  }
}

function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number));
  let best = { start: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > best.length) best = { start: i, length: end - i };
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (isMapped(bytes)) return `::ffff:${bytes.slice(12).join('.')}`;
  return best.start < 0
    ? hex(groups)
    : `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}

const isMapped = (bytes: readonly number[]): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;

/** An address, or the message of netip.ParseAddr. */
function parseAddress(text: string): Address {
  const fail = (message: string, at?: string): never => {
    throw new AddressError(`ParseAddr(${goQuote(text)}): ${message}${at === undefined ? '' : ` (at ${goQuote(at)})`}`);
  };
  const first = /[.:%]/.exec(text)?.[0];
  if (first === '.') return { bytes: parseIpv4(text, fail), zone: '' };
  if (first === ':') return parseIpv6(text, fail);
  if (first === '%') return fail('missing IPv6 address');
  return fail('unable to parse IP');
}

type Fail = (message: string, at?: string) => never;

function parseIpv4(text: string, fail: Fail): readonly number[] {
  const bytes: number[] = [];
  let value = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c >= '0' && c <= '9') {
      if (digits === 1 && value === 0) fail('IPv4 field has octet with leading zero');
      value = value * 10 + Number(c);
      digits++;
      if (value > 255) fail('IPv4 field has value >255');
    } else if (c === '.') {
      if (i === 0 || i === text.length - 1 || text[i - 1] === '.')
        fail('IPv4 field must have at least one digit', text.slice(i));
      if (bytes.length === 3) fail('IPv4 address too long');
      bytes.push(value);
      value = 0;
      digits = 0;
    } else {
      fail('unexpected character', text.slice(i));
    }
  }
  if (bytes.length < 3) fail('IPv4 address too short');
  return [...bytes, value];
}

function parseIpv6(text: string, fail: Fail): Address {
  const percent = text.indexOf('%');
  const zone = percent < 0 ? '' : text.slice(percent + 1);
  if (percent >= 0 && zone === '') fail('zone must be a non-empty string');
  let rest = percent < 0 ? text : text.slice(0, percent);
  const bytes: number[] = [];
  let ellipsis = -1;
  if (rest.startsWith('::')) {
    ellipsis = 0;
    rest = rest.slice(2);
    if (rest === '') return { bytes: new Array<number>(16).fill(0), zone };
  }
  while (bytes.length < 16) {
    const hex = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
    if (hex.length > 4)
      fail(
        hex.slice(0, 5).length > 4 && Number.parseInt(hex.slice(0, 5), 16) <= 0xffff
          ? 'each group must have 4 or less digits'
          : 'each group must have 4 or less digits',
        rest,
      );
    if (hex === '') fail('each colon-separated field must have at least one digit', rest);
    if (rest[hex.length] === '.') {
      if (ellipsis < 0 && bytes.length !== 12)
        fail('embedded IPv4 address must replace the final 2 fields of the address', rest);
      if (bytes.length + 4 > 16) fail('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      bytes.push(...parseIpv4(rest, fail));
      rest = '';
      break;
    }
    const value = Number.parseInt(hex, 16);
    bytes.push(value >> 8, value & 255);
    rest = rest.slice(hex.length);
    if (rest === '') break;
    if (rest[0] !== ':') fail('unexpected character, want colon', rest);
    if (rest.length === 1) fail('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest[0] === ':') {
      if (ellipsis >= 0) fail('multiple :: in address', rest);
      ellipsis = bytes.length;
      rest = rest.slice(1);
      if (rest === '') break;
    }
  }
  if (rest !== '') fail('trailing garbage after address', rest);
  if (bytes.length < 16) {
    if (ellipsis < 0) fail('address string too short');
    bytes.splice(ellipsis, 0, ...new Array<number>(16 - bytes.length).fill(0));
  } else if (ellipsis >= 0) {
    fail('the :: must expand to at least one field of zeros');
  }
  return { bytes, zone };
}

function attempt<V>(read: () => V): V | CelError {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    return new CelError(error.message);
  }
}

function readIp(text: string): IpValue | CelError {
  const address = attempt(() => parseAddress(text));
  if (address instanceof CelError) {
    return new CelError(`IP Address ${goQuote(text)} parse error during conversion from string: ${address.message}`);
  }
  if (address.zone !== '') return new CelError(`IP address ${goQuote(text)} with zone value is not allowed`);
  if (isMapped(address.bytes)) return new CelError(`IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`);
  return new IpValue(address.bytes);
}

const NETWORK_ERROR = 'network address parse error during conversion from string: ';

function parsePrefix(text: string): CidrValue {
  const fail = (message: string): never => {
    throw new AddressError(`netip.ParsePrefix(${goQuote(text)}): ${message}`);
  };
  const slash = text.lastIndexOf('/');
  if (slash < 0) return fail("no '/'");
  const address = attempt(() => parseAddress(text.slice(0, slash)));
  if (address instanceof CelError) return fail(address.message);
  if (address.zone !== '') return fail('IPv6 zones cannot be present in a prefix');
  const bitsText = text.slice(slash + 1);
  if (bitsText.length > 1 && !/^[1-9]/.test(bitsText)) return fail(`bad bits after slash: ${goQuote(bitsText)}`);
  if (!/^[0-9]+$/.test(bitsText)) return fail(`bad bits after slash: ${goQuote(bitsText)}`);
  const bits = Number(bitsText);
  if (bits > address.bytes.length * 8) return fail('prefix length out of range');
  return new CidrValue(address.bytes, bits);
}

function readCidr(text: string): CidrValue | CelError {
  const network = attempt(() => parsePrefix(text));
  if (network instanceof CelError) return new CelError(NETWORK_ERROR + network.message);
  return isMapped(network.bytes) ? new CelError(`IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`) : network;
}

const ofText =
  (use: (text: string) => CelValue): Implementation =>
  (value) => {
    const text = textOf(value as CelValue);
    return text === undefined ? noSuchOverload(value) : use(text);
  };
const toIp = ofText(readIp);
const toCidr = ofText((text) => {
  const network = readCidr(text);
  return network instanceof CelError ? new CelError(NETWORK_ERROR + network.message) : network;
});
const ofIp =
  (use: (ip: IpValue) => CelValue): Implementation =>
  (value) =>
    value instanceof IpValue ? use(value) : noSuchOverload(value);
const ofCidr =
  (use: (cidr: CidrValue) => CelValue): Implementation =>
  (value) =>
    value instanceof CidrValue ? use(value) : noSuchOverload(value);

function sharesPrefix(a: readonly number[], b: readonly number[], bits: number): boolean {
  return a.length === b.length && samePart(a, b, bits);
}

function samePart(a: readonly number[], b: readonly number[], bits: number): boolean {
  return masked(a, bits).every((byte, index) => byte === masked(b, bits)[index]);
}

function masked(bytes: readonly number[], bits: number): readonly number[] {
  return bytes.map((byte, index) => byte & (0xff00 >> Math.max(0, Math.min(8, bits - index * 8))));
}

const containsIp: Implementation = (range, ip) => {
  if (!(range instanceof CidrValue)) return noSuchOverload(ip);
  return ip instanceof IpValue
    ? sharesPrefix(range.bytes, ip.bytes, range.bits)
    : noSuchOverload(ip instanceof CelError ? range : range);
};
const containsCidr: Implementation = (range, other) => {
  if (!(range instanceof CidrValue)) return noSuchOverload(range);
  if (!(other instanceof CidrValue)) return noSuchOverload(other);
  return range.bits <= other.bits && sharesPrefix(range.bytes, other.bytes, range.bits);
};

const isV4 = (ip: IpValue): boolean => ip.bytes.length === 4;
const byte = (ip: IpValue, index: number): number => ip.bytes[index] as number;
const isUnspecified = (ip: IpValue): boolean => ip.bytes.every((part) => part === 0);
const isLoopback = (ip: IpValue): boolean =>
  isV4(ip) ? byte(ip, 0) === 127 : ip.bytes.every((part, index) => part === (index === 15 ? 1 : 0));
const isMulticast = (ip: IpValue): boolean => (isV4(ip) ? (byte(ip, 0) & 0xf0) === 0xe0 : byte(ip, 0) === 0xff);
const isLinkLocalUnicast = (ip: IpValue): boolean =>
  isV4(ip) ? byte(ip, 0) === 169 && byte(ip, 1) === 254 : byte(ip, 0) === 0xfe && (byte(ip, 1) & 0xc0) === 0x80;
const isLinkLocalMulticast = (ip: IpValue): boolean =>
  isV4(ip)
    ? byte(ip, 0) === 224 && byte(ip, 1) === 0 && byte(ip, 2) === 0
    : byte(ip, 0) === 0xff && (byte(ip, 1) & 0x0f) === 0x02;
const isGlobalUnicast = (ip: IpValue): boolean => {
  if (isV4(ip) && (isUnspecified(ip) || ip.bytes.every((part) => part === 255))) return false;
  return !isUnspecified(ip) && !isLoopback(ip) && !isMulticast(ip) && !isLinkLocalUnicast(ip);
};

const question = (name: string, id: string, test: (ip: IpValue) => boolean): FunctionDecl =>
  fn(name, member(id, 'ip -> bool', ofIp(test)));

export const NET: readonly FunctionDecl[] = [
  fn('ip', global('string_to_ip', 'string -> ip', toIp)),
  fn(
    'family',
    member(
      'ip_family',
      'ip -> int',
      ofIp((ip) => (isV4(ip) ? 4n : 6n)),
    ),
  ),
  fn(
    'ip.isCanonical',
    global(
      'ip_is_canonical',
      'string -> bool',
      ofText((text) => {
        const ip = readIp(text);
        return ip instanceof CelError ? ip : ip.toString() === text;
      }),
    ),
  ),
  question('isUnspecified', 'ip_is_unspecified', isUnspecified),
  question('isLoopback', 'ip_is_loopback', isLoopback),
  question('isLinkLocalMulticast', 'ip_is_link_local_multicast', isLinkLocalMulticast),
  question('isLinkLocalUnicast', 'ip_is_link_local_unicast', isLinkLocalUnicast),
  question('isGlobalUnicast', 'ip_is_global_unicast', isGlobalUnicast),
  fn(
    'isIP',
    global(
      'is_ip',
      'string -> bool',
      ofText((text) => !(readIp(text) instanceof CelError)),
    ),
  ),
  fn(
    'string',
    global(
      'ip_to_string',
      'ip -> string',
      ofIp((ip) => ip.toString()),
    ),
  ),
  fn('cidr', global('string_to_cidr', 'string -> cidr', toCidr)),
  fn(
    'containsIP',
    member('cidr_contains_ip_string', 'cidr, string -> bool', (range, text) =>
      containsIp(range as CelValue, toIp(text as CelValue)),
    ),
    member('cidr_contains_ip_ip', 'cidr, ip -> bool', containsIp),
  ),
  fn(
    'containsCIDR',
    member('cidr_contains_cidr_string', 'cidr, string -> bool', (range, text) =>
      containsCidr(range as CelValue, toCidr(text as CelValue)),
    ),
    member('cidr_contains_cidr', 'cidr, cidr -> bool', containsCidr),
  ),
  fn(
    'ip',
    member(
      'cidr_ip',
      'cidr -> ip',
      ofCidr((range) => new IpValue(range.bytes)),
    ),
  ),
  fn(
    'prefixLength',
    member(
      'cidr_prefix_length',
      'cidr -> int',
      ofCidr((range) => BigInt(range.bits)),
    ),
  ),
  fn(
    'masked',
    member(
      'cidr_masked',
      'cidr -> cidr',
      ofCidr((range) => new CidrValue(masked(range.bytes, range.bits), range.bits)),
    ),
  ),
  fn(
    'isCIDR',
    global(
      'is_cidr',
      'string -> bool',
      ofText((text) => !(readCidr(text) instanceof CelError)),
    ),
  ),
  fn(
    'string',
    global(
      'cidr_to_string',
      'cidr -> string',
      ofCidr((range) => range.toString()),
    ),
  ),
];
