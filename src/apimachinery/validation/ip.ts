// What is wrong or unusual about an IP address or CIDR in a field.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go, Kubernetes v1.36.3.
import { type ErrorPath, type FieldError, invalid } from '../field-error.ts';
import { pathText } from '../field-path.ts';
import { goQuote } from '../go/quote.ts';
import {
  addrText,
  ipText,
  isIpv4,
  isMappedIpv4,
  isStrictCidr,
  isStrictIp,
  networkText,
  parseCidr,
  parseIp,
  sameIp,
} from '../ip-address.ts';

const INVALID_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const IP_LEADING_ZEROS = 'must not have leading 0s';
const IP_MAPPED = 'must not be an IPv4-mapped IPv6 address';
const INVALID_CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const CIDR_LEADING_ZEROS = 'must not have leading 0s in IP or prefix length';
const CIDR_MAPPED = 'must not have an IPv4-mapped IPv6 address';
const CIDR_HOST_BITS = 'must not have bits set beyond the prefix length';
const INVALID_INTERFACE_ADDRESS = 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)';

/** For fields from before strict parsing: values the object already had are not checked again. */
export function isValidIpForLegacyField(
  path: ErrorPath,
  value: string,
  strict: boolean,
  validOldIps: readonly string[],
): readonly FieldError[] {
  return validOldIps.includes(value) ? [] : ipErrors(path, value, strict);
}

export function isValidIp(path: ErrorPath, value: string): readonly FieldError[] {
  const errors = ipErrors(path, value, true);
  const ip = parseIp(value);
  if (errors.length > 0 || ip === undefined) return errors;
  const canonical = ipText(ip);
  return value === canonical ? [] : [invalid(path, value, notCanonical(canonical))];
}

/** The usual form of an IPv4 address, to which there is nothing to say: each number below 256 and without leading zeros. */
const PLAIN_IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

function ipErrors(path: ErrorPath, value: string, strict: boolean): readonly FieldError[] {
  if (PLAIN_IPV4.test(value)) return [];
  const ip = parseIp(value);
  if (ip === undefined) return [invalid(path, value, INVALID_IP)];
  if (!strict) return [];
  if (!isStrictIp(value)) return [invalid(path, value, IP_LEADING_ZEROS)];
  return isMappedIpv4(value, ip) ? [invalid(path, value, IP_MAPPED)] : [];
}

export function warningsForIp(path: ErrorPath, value: string): readonly string[] {
  if (PLAIN_IPV4.test(value)) return [];
  const ip = parseIp(value);
  if (ip === undefined) return [];
  const field = pathText(path);
  if (!isStrictIp(value) || isMappedIpv4(value, ip)) {
    return [`${field}: non-standard IP address ${goQuote(value)} is invalid: use ${goQuote(ipText(ip))}`];
  }
  const canonical = addrText(value, ip);
  if (isIpv4(ip) || canonical === value) return [];
  return [`${field}: IPv6 address ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(canonical)})`];
}

export function isValidCidrForLegacyField(
  path: ErrorPath,
  value: string,
  strict: boolean,
  validOldCidrs: readonly string[],
): readonly FieldError[] {
  return validOldCidrs.includes(value) ? [] : cidrErrors(path, value, strict);
}

export function isValidCidr(path: ErrorPath, value: string): readonly FieldError[] {
  const errors = cidrErrors(path, value, true);
  const network = parseCidr(value);
  if (errors.length > 0 || network === undefined) return errors;
  const canonical = networkText(network);
  return value === canonical ? [] : [invalid(path, value, notCanonical(canonical))];
}

function cidrErrors(path: ErrorPath, value: string, strict: boolean): readonly FieldError[] {
  const network = parseCidr(value);
  if (network === undefined) return [invalid(path, value, INVALID_CIDR)];
  if (!strict) return [];
  if (!isStrictCidr(value)) return [invalid(path, value, CIDR_LEADING_ZEROS)];
  if (isMappedIpv4(value, network.ip)) return [invalid(path, value, CIDR_MAPPED)];
  return sameIp(network.ip, network.network) ? [] : [invalid(path, value, CIDR_HOST_BITS)];
}

export function warningsForCidr(path: ErrorPath, value: string): readonly string[] {
  const network = parseCidr(value);
  if (network === undefined) return [];
  const field = pathText(path);
  const warnings: string[] = [];
  if (!sameIp(network.ip, network.network)) {
    const single = `${ipText(network.ip)}/${network.bits}`;
    warnings.push(
      `${field}: CIDR value ${goQuote(value)} is ambiguous in this context (should be ${goQuote(networkText(network))} or ${goQuote(single)}?)`,
    );
  }
  if (!isStrictCidr(value) || isMappedIpv4(value, network.ip)) {
    warnings.push(
      `${field}: non-standard CIDR value ${goQuote(value)} is invalid: use ${goQuote(networkText(network))}`,
    );
  }
  if (warnings.length > 0 || network.bits === 32) return warnings;
  const canonical = `${addrText(value, network.ip)}/${network.prefixLength}`;
  if (canonical === value) return [];
  return [`${field}: IPv6 CIDR value ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(canonical)})`];
}

export function isValidInterfaceAddress(path: ErrorPath, value: string): readonly FieldError[] {
  const network = parseCidr(value);
  if (network === undefined) return [invalid(path, value, INVALID_INTERFACE_ADDRESS)];
  // A mapped IPv4 address is printed as IPv4, so its prefix shrinks too.
  const shrinks = network.bits === 128 && isIpv4(network.ip) && network.prefixLength > 32;
  const canonical = `${ipText(network.ip)}/${shrinks ? network.prefixLength - 96 : network.prefixLength}`;
  return value === canonical ? [] : [invalid(path, value, notCanonical(canonical))];
}

function notCanonical(canonical: string): string {
  return `must be in canonical form (${goQuote(canonical)})`;
}
