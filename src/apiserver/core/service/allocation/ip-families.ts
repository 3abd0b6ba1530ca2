// Fills in ipFamilyPolicy and ipFamilies of a Service, or says why the cluster cannot give what it asks for.
// Behaviour: pkg/registry/core/service/storage/alloc.go (initIPFamilyFields), Kubernetes v1.36.3.
import { type FieldError, invalid, namedString } from '../../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../../apimachinery/field-path.ts';
import type { ServiceSpec } from '../../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../../resource.ts';
import { type IpFamily, isIpv6Text } from '../../ip-validation.ts';
import { validateClusterIps } from '../cluster-ip-validation.ts';
import { CLUSTER_IP_NONE, type SpecDraft, sameList } from '../service-types.ts';

const RELEASE_IP = "must be 'SingleStack' to release the secondary cluster IP";
const RELEASE_FAMILY = "must be 'SingleStack' to release the secondary IP family";
const SEVERAL_IPS = "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified";
const SEVERAL_FAMILIES = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified";
const NO_DUAL_STACK = 'this cluster is not configured for dual-stack services';
const NOT_CONFIGURED = 'not configured on this cluster';

const POLICY = FieldPath.of('spec', 'ipFamilyPolicy');
const CLUSTER_IPS = FieldPath.of('spec', 'clusterIPs');
const FAMILIES = FieldPath.of('spec', 'ipFamilies');

interface ClusterFamilies {
  /** The default one first. */
  readonly families: readonly IpFamily[];
  readonly features: FeatureGates;
}

export function initIpFamilies(
  spec: SpecDraft,
  old: ServiceSpec | undefined,
  { families, features }: ClusterFamilies,
): readonly FieldError[] {
  if (spec.type === 'ExternalName' || isUntouchedPreference(spec, old)) return [];
  spec.ipFamilyPolicy ??= defaultPolicy(spec, old);
  const errors = [...validateClusterIps(spec, old, features)];
  if (errors.length > 0) return errors;
  if (old) errors.push(...shrink(spec, old));
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (spec.clusterIPs?.length === 2) errors.push(wrongPolicy(spec, SEVERAL_IPS));
    if (spec.ipFamilies?.length === 2) errors.push(wrongPolicy(spec, SEVERAL_FAMILIES));
  }
  errors.push(...inferFamilies(spec, families));
  if (errors.length > 0) return errors;
  const wantsTwo = spec.ipFamilyPolicy !== 'SingleStack';
  // Nobody knows the families of endpoints that no selector finds: both are taken to be possible.
  if (isHeadlessWithoutSelector(spec)) {
    const first = spec.ipFamilies?.[0] ?? families[0] ?? 'IPv4';
    if ((spec.ipFamilies?.length ?? 0) < 2) spec.ipFamilies = wantsTwo ? [first, otherFamily(first)] : [first];
    return [];
  }
  if (spec.ipFamilyPolicy === 'RequireDualStack' && families.length < 2) errors.push(wrongPolicy(spec, NO_DUAL_STACK));
  (spec.ipFamilies ?? []).forEach((family, i) => {
    if (!isConfigured(family, families)) errors.push(invalid(FAMILIES.index(i), namedString(family), NOT_CONFIGURED));
  });
  if (errors.length > 0) return errors;
  if (!spec.ipFamilies?.length) spec.ipFamilies = families.slice(0, 1);
  const [first = 'IPv4', second] = spec.ipFamilies;
  if (wantsTwo && second === undefined && families.length === 2) spec.ipFamilies = [first, otherFamily(first)];
  return [];
}

/** A Service that prefers two families keeps what it has, whatever the cluster has become, until its user changes it. */
export function isUntouchedPreference(spec: ServiceSpec, old: ServiceSpec | undefined): boolean {
  return (
    old !== undefined &&
    old.type === spec.type &&
    spec.type !== 'ExternalName' &&
    spec.ipFamilyPolicy === 'PreferDualStack' &&
    (old.ipFamilyPolicy === undefined || old.ipFamilyPolicy === 'PreferDualStack') &&
    sameList(old.clusterIPs, spec.clusterIPs) &&
    sameList(old.ipFamilies, spec.ipFamilies)
  );
}

function defaultPolicy(spec: ServiceSpec, old: ServiceSpec | undefined): string {
  if (old?.ipFamilyPolicy !== undefined) return old.ipFamilyPolicy;
  return isHeadlessWithoutSelector(spec) ? 'RequireDualStack' : 'SingleStack';
}

function isHeadlessWithoutSelector({ clusterIP, selector }: ServiceSpec): boolean {
  return clusterIP === CLUSTER_IP_NONE && Object.keys(selector ?? {}).length === 0;
}

/** With SingleStack the second address and family go; with any other policy they must not be missing. */
function shrink(spec: SpecDraft, old: ServiceSpec): readonly FieldError[] {
  const { clusterIPs = [], ipFamilies = [] } = spec;
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (clusterIPs.length > 1 && sameList(old.clusterIPs, clusterIPs)) spec.clusterIPs = clusterIPs.slice(0, 1);
    if (ipFamilies.length > 1 && sameList(old.ipFamilies, ipFamilies)) spec.ipFamilies = ipFamilies.slice(0, 1);
    return [];
  }
  const losesIp = clusterIPs.length > 0 && clusterIPs.length < (old.clusterIPs?.length ?? 0);
  const losesFamily = ipFamilies.length > 0 && ipFamilies.length < (old.ipFamilies?.length ?? 0);
  return [
    ...(losesIp ? [wrongPolicy(spec, RELEASE_IP)] : []),
    ...(losesFamily ? [wrongPolicy(spec, RELEASE_FAMILY)] : []),
  ];
}

function inferFamilies(spec: SpecDraft, families: readonly IpFamily[]): readonly FieldError[] {
  const { clusterIPs = [] } = spec;
  if (clusterIPs[0] === CLUSTER_IP_NONE) return [];
  const errors: FieldError[] = [];
  clusterIPs.forEach((ip, i) => {
    if (i < (spec.ipFamilies?.length ?? 0)) return;
    const family: IpFamily = isIpv6Text(ip) ? 'IPv6' : 'IPv4';
    if (families.includes(family)) spec.ipFamilies = [...(spec.ipFamilies ?? []), family];
    else errors.push(invalid(CLUSTER_IPS.index(i), clusterIPs, `${family} is not configured on this cluster`));
  });
  return errors;
}

function wrongPolicy({ ipFamilyPolicy }: ServiceSpec, detail: string): FieldError {
  return invalid(POLICY, namedString(ipFamilyPolicy), detail);
}

function isConfigured(family: string, families: readonly string[]): boolean {
  return families.includes(family);
}

function otherFamily(family: string): string {
  return family === 'IPv4' ? 'IPv6' : 'IPv4';
}
