// Whether the DNS settings and host names of a pod can be used.
// Behaviour: pkg/apis/core/validation/validation.go (validatePodDNSConfig, validatePodHostName, ValidateHostAliases), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, required, tooLong } from '../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../apimachinery/field-path.ts';
import { byteLength } from '../../../../apimachinery/go/utf8.ts';
import { isValidIpForLegacyField } from '../../../../apimachinery/validation/ip.ts';
import { isDns1123Subdomain, isDns1123SubdomainWithUnderscore } from '../../../../apimachinery/validation/names.ts';
import type { HostAlias, PodSpec } from '../../../../schema/generated/types/core-v1.ts';
import { pushInvalid } from './name.ts';
import type { PodValidationOptions } from './options.ts';

const NONE_NEEDS_CONFIG = 'must provide `dnsConfig` when `dnsPolicy` is None';
const NONE_NEEDS_NAMESERVER = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
const OPTION_NAME = 'must not be empty';
const OVERRIDE_AND_FQDN = 'may not be specified when setHostnameAsFQDN is true';
const OVERRIDE_AND_HOST_NETWORK = 'may not be specified when hostNetwork is true';

/** Limits of the resolver in libc. */
const MAX_NAMESERVERS = 3;
const MAX_SEARCH_PATHS = 32;
const MAX_SEARCH_LIST_LENGTH = 2048;
const MAX_HOSTNAME_LENGTH = 64;

export function validateDnsConfig(
  { dnsConfig, dnsPolicy }: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const { nameservers = [], searches = [] } = dnsConfig ?? {};
  if (dnsPolicy === 'None' && (!dnsConfig || nameservers.length === 0)) {
    errors.push(
      dnsConfig ? required(path.child('nameservers'), NONE_NEEDS_NAMESERVER) : required(path, NONE_NEEDS_CONFIG),
    );
    return;
  }
  if (!dnsConfig) return;
  if (nameservers.length > MAX_NAMESERVERS) {
    const detail = `must not have more than ${MAX_NAMESERVERS} nameservers`;
    errors.push(invalid(path.child('nameservers'), nameservers, detail));
  }
  nameservers.forEach((server, i) => {
    errors.push(...isValidIpForLegacyField(path.child('nameservers').index(i), server, options.strictIpValidation, []));
  });
  if (searches.length > MAX_SEARCH_PATHS) {
    const detail = `must not have more than ${MAX_SEARCH_PATHS} search paths`;
    errors.push(invalid(path.child('searches'), searches, detail));
  }
  if (byteLength(searches.join(' ')) > MAX_SEARCH_LIST_LENGTH) {
    const detail = `must not have more than ${MAX_SEARCH_LIST_LENGTH} characters (including spaces) in the search list`;
    errors.push(invalid(path.child('searches'), searches, detail));
  }
  const relaxed = options.allowRelaxedDNSSearchValidation;
  searches.forEach((given, i) => {
    if (relaxed && given === '.') return;
    const search = given.endsWith('.') ? given.slice(0, -1) : given;
    const messages = relaxed ? isDns1123SubdomainWithUnderscore(search) : isDns1123Subdomain(search);
    pushInvalid(messages, path.child('searches').index(i), search, errors);
  });
  dnsConfig.options?.forEach(({ name }, i) => {
    if (!name) errors.push(required(path.child('options').index(i), OPTION_NAME));
  });
}

export function validateHostnameOverride(spec: PodSpec, specPath: FieldPath, errors: FieldError[]): void {
  const { hostnameOverride } = spec;
  if (hostnameOverride === undefined) return;
  const path = specPath.child('hostnameOverride');
  if (spec.setHostnameAsFQDN) errors.push(forbidden(path, OVERRIDE_AND_FQDN));
  if (spec.hostNetwork) errors.push(forbidden(path, OVERRIDE_AND_HOST_NETWORK));
  if (byteLength(hostnameOverride) > MAX_HOSTNAME_LENGTH) errors.push(tooLong(path, MAX_HOSTNAME_LENGTH));
  pushInvalid(isDns1123Subdomain(hostnameOverride), path, hostnameOverride, errors);
}

export function validateHostAliases(
  aliases: readonly HostAlias[],
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  aliases.forEach(({ ip, hostnames }, i) => {
    const entryPath = path.index(i);
    errors.push(...isValidIpForLegacyField(entryPath.child('ip'), ip, options.strictIpValidation, []));
    hostnames?.forEach((hostname, j) => {
      pushInvalid(isDns1123Subdomain(hostname), entryPath.child('hostnames').index(j), hostname, errors);
    });
  });
}
