// IP addresses and CIDRs: read as Kubernetes reads them (leading zeros allowed), printed as Go prints them.
// Behaviour: k8s.io/utils/net/parse.go, net.IP and net/netip, Go 1.26.

/** Sixteen bytes; an IPv4 address is kept in its mapped form, as net.IP keeps it. */
export type IpBytes = readonly number[];

export interface IpNetwork {
  /** The address as written, host bits included. */
  readonly ip: IpBytes;
  /** The address with the host bits cleared. */
  readonly network: IpBytes;
  readonly prefixLength: number;
  readonly bits: 32 | 128;
}

const IPV4_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

export function parseIp(text: string): IpBytes | undefined {
  const kind = /[.:]/.exec(text)?.[0];
  if (kind === '.') return parseIpv4(text);
  return kind === ':' ? parseIpv6(text) : undefined;
}

function parseIpv4(text: string): IpBytes | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes: number[] = [];
  for (const part of parts) {
    const value = decimal(part);
    if (value === undefined || value > 255) return undefined;
    bytes.push(value);
  }
  return [...IPV4_PREFIX, ...bytes];
}

/** A plain IPv4 address as a number; undefined for every other text, and for those with leading zeros. */
export function ipv4Number(text: string): number | undefined {
  let all = 0;
  let part = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (part < 0) return undefined;
      all = all * 256 + part;
      part = -1;
      dots += 1;
      continue;
    }
    const digit = code - 48;
    if (digit < 0 || digit > 9 || part === 0) return undefined;
    part = part < 0 ? digit : part * 10 + digit;
    if (part > 255) return undefined;
  }
  return dots === 3 && part >= 0 ? all * 256 + part : undefined;
}

/** Upstream's reader stops at 2^24 with the digits it has seen. */
function decimal(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return value < 0xffffff ? value : undefined;
}

function parseIpv6(text: string): IpBytes | undefined {
  const bytes: number[] = [];
  let ellipsis = -1;
  let rest = text;
  if (rest.startsWith('::')) {
    ellipsis = 0;
    rest = rest.slice(2);
    if (rest === '') return new Array<number>(16).fill(0);
  }
  while (bytes.length < 16) {
    const digits = /^[0-9a-fA-F]+/.exec(rest)?.[0];
    if (digits === undefined) return undefined;
    const value = Number.parseInt(digits, 16);
    if (value > 0xffff) return undefined;
    if (rest.charAt(digits.length) === '.') {
      if ((ellipsis < 0 && bytes.length !== 12) || bytes.length > 12) return undefined;
      const v4 = parseIpv4(rest);
      if (v4 === undefined) return undefined;
      bytes.push(...v4.slice(12));
      rest = '';
      break;
    }
    bytes.push(value >> 8, value & 0xff);
    rest = rest.slice(digits.length);
    if (rest === '') break;
    if (!rest.startsWith(':') || rest.length === 1) return undefined;
    rest = rest.slice(1);
    if (rest.startsWith(':')) {
      if (ellipsis >= 0) return undefined;
      ellipsis = bytes.length;
      rest = rest.slice(1);
      if (rest === '') break;
    }
  }
  if (rest !== '') return undefined;
  if (bytes.length === 16) return ellipsis < 0 ? bytes : undefined;
  if (ellipsis < 0) return undefined;
  bytes.splice(ellipsis, 0, ...new Array<number>(16 - bytes.length).fill(0));
  return bytes;
}

export function isIpv4(ip: IpBytes): boolean {
  return IPV4_PREFIX.every((byte, i) => ip[i] === byte);
}

/** As net.IP prints: a mapped address as IPv4, IPv6 by RFC 5952. */
export function ipText(ip: IpBytes): string {
  return isIpv4(ip) ? ip.slice(12).join('.') : ipv6Text(ip);
}

/** As netip.Addr prints the address that the text names: a mapped address keeps its form. */
export function addrText(text: string, ip: IpBytes): string {
  if (!text.includes(':')) return ip.slice(12).join('.');
  return isIpv4(ip) ? `::ffff:${ip.slice(12).join('.')}` : ipv6Text(ip);
}

function ipv6Text(ip: IpBytes): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((ip[2 * i] ?? 0) << 8) | (ip[2 * i + 1] ?? 0));
  // The first longest run of at least two zero groups becomes "::".
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
    if (end > i) i = end;
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** Whether the stricter reader takes the text too: no leading zeros in an IPv4 part, at most four digits in a group. */
export function isStrictIp(text: string): boolean {
  if (parseIp(text) === undefined) return false;
  if (!text.includes(':')) return !hasLeadingZeros(text);
  const groups = text.split(':');
  const last = groups[groups.length - 1] ?? '';
  const hexGroups = last.includes('.') ? groups.slice(0, -1) : groups;
  return hexGroups.every((group) => group.length <= 4) && !(last.includes('.') && hasLeadingZeros(last));
}

function hasLeadingZeros(dotted: string): boolean {
  return dotted.split('.').some((part) => part.length > 1 && part.startsWith('0'));
}

/** Whether the text is an IPv4 address in IPv6 clothes. */
export function isMappedIpv4(text: string, ip: IpBytes): boolean {
  return text.includes(':') && isIpv4(ip);
}

export function parseCidr(text: string): IpNetwork | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = text.slice(0, slash);
  const v4 = parseIpv4(address);
  const ip = v4 ?? parseIpv6(address);
  const bits = v4 === undefined ? 128 : 32;
  const prefixLength = decimal(text.slice(slash + 1));
  if (ip === undefined || prefixLength === undefined || prefixLength > bits) return undefined;
  return { ip, network: masked(ip, 128 - bits + prefixLength), prefixLength, bits };
}

function masked(ip: IpBytes, prefixLength: number): IpBytes {
  return ip.map((byte, i) => {
    const keep = Math.min(8, Math.max(0, prefixLength - 8 * i));
    return byte & (0xff << (8 - keep)) & 0xff;
  });
}

/** As net.IPNet prints. */
export function networkText(network: IpNetwork): string {
  if (network.bits === 128 && isIpv4(network.network)) return mappedNetworkText(network);
  return `${ipText(network.network)}/${network.prefixLength}`;
}

/** A mapped IPv4 network shrinks to the IPv4 network it holds. */
function mappedNetworkText(network: IpNetwork): string {
  return `${ipText(network.network)}/${network.prefixLength - 96}`;
}

export function isStrictCidr(text: string): boolean {
  const slash = text.indexOf('/');
  const length = text.slice(slash + 1);
  return slash >= 0 && isStrictIp(text.slice(0, slash)) && (length === '0' || !length.startsWith('0'));
}

export function sameIp(a: IpBytes, b: IpBytes): boolean {
  return a.every((byte, i) => byte === b[i]);
}

/** Whether the network has the address; addresses of different families never do. */
export function networkContains(network: IpNetwork, ip: IpBytes): boolean {
  if ((network.bits === 32) !== isIpv4(ip)) return false;
  return sameIp(masked(ip, 128 - network.bits + network.prefixLength), network.network);
}
