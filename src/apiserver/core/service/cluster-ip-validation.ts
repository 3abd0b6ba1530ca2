// Whether clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy of a Service fit together.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateServiceClusterIPsRelatedFields), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { ServiceSpec } from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../resource.ts';
import { isDualStack, isIpv6Text, validateLegacyIp } from '../ip-validation.ts';
import { CLUSTER_IP_NONE, isHeadless } from './service-types.ts';

const FIRST_MUST_MATCH = 'first value must match `clusterIP`';
const MUST_BE_EMPTY = 'must be empty when `clusterIP` is not specified';
const NONE_ALONE = "'None' must be the first and only value";
const AT_MOST_TWO = 'may only hold up to 2 values';
const ONE_PER_FAMILY = 'may specify no more than one IP for each IP family';

const CLUSTER_IPS = FieldPath.of('spec', 'clusterIPs');
const FAMILIES = FieldPath.of('spec', 'ipFamilies');
const POLICY = FieldPath.of('spec', 'ipFamilyPolicy');

const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

export function validateClusterIps(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  features: FeatureGates,
): readonly FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const errors: FieldError[] = [];
  validateFirst(spec, errors);
  validateFamilies(spec, errors);
  const isReadable = validateAddresses(spec, old, features, errors);
  // With unreadable addresses the rest would only add confusion.
  if (!isReadable) return errors;
  const { clusterIPs = [], ipFamilies = [] } = spec;
  if (clusterIPs.length > 1 && !isDualStack(clusterIPs)) errors.push(invalid(CLUSTER_IPS, clusterIPs, ONE_PER_FAMILY));
  if (!isHeadless(spec)) validateFamilyOfAddresses(clusterIPs, ipFamilies, errors);
  return errors;
}

function validateFirst({ clusterIP = '', clusterIPs = [] }: ServiceSpec, errors: FieldError[]): void {
  if (clusterIP === '') {
    if (clusterIPs.length > 0) errors.push(invalid(CLUSTER_IPS, clusterIPs, MUST_BE_EMPTY));
  } else if (clusterIPs.length === 0) errors.push(required(CLUSTER_IPS, ''));
  else if (clusterIPs[0] !== clusterIP) errors.push(invalid(CLUSTER_IPS, clusterIPs, FIRST_MUST_MATCH));
}

function validateFamilies({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec, errors: FieldError[]): void {
  const seen = new Set<string>();
  ipFamilies.forEach((family, i) => {
    if (!families.includes(family)) errors.push(notSupported(FAMILIES.index(i), namedString(family), families));
    if (seen.has(family)) errors.push(duplicate(FAMILIES.index(i), namedString(family)));
    seen.add(family);
  });
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy)) {
    errors.push(notSupported(POLICY, namedString(ipFamilyPolicy), policies));
  }
}

/** Whether all of them can be read. */
function validateAddresses(
  { clusterIPs = [] }: ServiceSpec,
  old: ServiceSpec | undefined,
  features: FeatureGates,
  errors: FieldError[],
): boolean {
  let isReadable = true;
  clusterIPs.forEach((ip, i) => {
    if (i === 0 && ip === CLUSTER_IP_NONE) {
      if (clusterIPs.length === 1) return;
      isReadable = false;
      errors.push(invalid(CLUSTER_IPS, clusterIPs, NONE_ALONE));
      return;
    }
    const wrong = validateLegacyIp(CLUSTER_IPS.index(i), ip, features, old?.clusterIPs);
    if (wrong.length === 0) return;
    isReadable = false;
    errors.push(...wrong);
  });
  if (clusterIPs.length > 2) errors.push(invalid(CLUSTER_IPS, clusterIPs, AT_MOST_TWO));
  return isReadable;
}

function validateFamilyOfAddresses(
  clusterIPs: readonly string[],
  ipFamilies: readonly string[],
  errors: FieldError[],
): void {
  clusterIPs.forEach((ip, i) => {
    const family = ipFamilies[i];
    const isWrong = (family === 'IPv4' && isIpv6Text(ip)) || (family === 'IPv6' && !isIpv6Text(ip));
    if (isWrong) {
      errors.push(
        invalid(CLUSTER_IPS.index(i), ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``),
      );
    }
  });
}
