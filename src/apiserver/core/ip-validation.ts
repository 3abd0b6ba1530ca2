// Which addresses may be endpoints, and how strictly the fields of old APIs read addresses.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateEndpointIP, IsValidIPForLegacyField), Kubernetes v1.36.3.
import { type FieldError, invalid } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { type IpBytes, isIpv4, parseCidr, parseIp } from '../../apimachinery/ip-address.ts';
import { isValidCidrForLegacyField, isValidIpForLegacyField } from '../../apimachinery/validation/ip.ts';
import type { FeatureGates } from '../resource.ts';

const NOT_AN_IP = 'must be a valid IP address';
const LOOPBACK = 'may not be in the loopback range (127.0.0.0/8, ::1/128)';
const LINK_LOCAL = 'may not be in the link-local range (169.254.0.0/16, fe80::/10)';
const LINK_LOCAL_MULTICAST = 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)';
const STRICT = 'StrictIPCIDRValidation';

const NONE: readonly string[] = [];

export function validateLegacyIp(
  path: FieldPath,
  value: string,
  features: FeatureGates,
  oldValues = NONE,
): readonly FieldError[] {
  return isValidIpForLegacyField(path, value, features.isEnabled(STRICT), oldValues);
}

export function validateLegacyCidr(
  path: FieldPath,
  value: string,
  features: FeatureGates,
  oldValues = NONE,
): readonly FieldError[] {
  return isValidCidrForLegacyField(path, value, features.isEnabled(STRICT), oldValues);
}

export function validateEndpointIp(value: string, path: FieldPath, errors: FieldError[]): void {
  const ip = parseIp(value);
  if (ip === undefined) {
    errors.push(invalid(path, value, NOT_AN_IP));
    return;
  }
  if (isUnspecified(ip)) errors.push(invalid(path, value, `may not be unspecified (${value})`));
  if (isLoopback(ip)) errors.push(invalid(path, value, LOOPBACK));
  if (isLinkLocalUnicast(ip)) errors.push(invalid(path, value, LINK_LOCAL));
  if (isLinkLocalMulticast(ip)) errors.push(invalid(path, value, LINK_LOCAL_MULTICAST));
}

export type IpFamily = 'IPv4' | 'IPv6';

export function isIpv6Text(text: string): boolean {
  const ip = parseIp(text);
  return ip !== undefined && !isIpv4(ip);
}

export function isIpv4Text(text: string): boolean {
  const ip = parseIp(text);
  return ip !== undefined && isIpv4(ip);
}

/** Whether both families occur; undefined when a text is no address. */
export function isDualStack(addresses: readonly string[]): boolean | undefined {
  const parsed = addresses.map(parseIp);
  if (parsed.includes(undefined)) return undefined;
  return parsed.some((ip) => isIpv4(ip!)) && parsed.some((ip) => !isIpv4(ip!));
}

/** The same of networks. */
export function isDualStackCidrs(cidrs: readonly string[]): boolean | undefined {
  const parsed = cidrs.map(parseCidr);
  if (parsed.includes(undefined)) return undefined;
  return parsed.some((network) => network!.bits === 32) && parsed.some((network) => network!.bits === 128);
}

function byte(ip: IpBytes, i: number): number {
  return ip[i] ?? 0;
}

function isUnspecified(ip: IpBytes): boolean {
  return isIpv4(ip) ? ip.slice(12).every((b) => b === 0) : ip.every((b) => b === 0);
}

function isLoopback(ip: IpBytes): boolean {
  if (isIpv4(ip)) return byte(ip, 12) === 127;
  return byte(ip, 15) === 1 && ip.slice(0, 15).every((b) => b === 0);
}

function isLinkLocalUnicast(ip: IpBytes): boolean {
  if (isIpv4(ip)) return byte(ip, 12) === 169 && byte(ip, 13) === 254;
  return byte(ip, 0) === 0xfe && (byte(ip, 1) & 0xc0) === 0x80;
}

function isLinkLocalMulticast(ip: IpBytes): boolean {
  if (isIpv4(ip)) return byte(ip, 12) === 224 && byte(ip, 13) === 0 && byte(ip, 14) === 0;
  return byte(ip, 0) === 0xff && (byte(ip, 1) & 0x0f) === 0x02;
}
