// What is told about the fields of a Service that are deprecated, ignored or oddly written.
// Behaviour: pkg/api/service/warnings.go, pkg/registry/core/service/strategy.go, Kubernetes v1.36.3.
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { warningsForCidr, warningsForIp } from '../../../apimachinery/validation/ip.ts';
import { DEPRECATED_TOPOLOGY_HINTS } from '../../../apimachinery/well-known/annotations.ts';
import type { Service, ServiceSpec } from '../../../schema/generated/types/core-v1.ts';
import { CLUSTER_IP_NONE } from './service-types.ts';

const HINTS_DEPRECATED = `annotation ${DEPRECATED_TOPOLOGY_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`;
const EXTERNAL_IPS_DEPRECATED = 'spec.externalIPs is deprecated and may no longer be implemented in some clusters';
const EXTERNAL_IPS_IGNORED = 'spec.externalIPs is ignored when spec.type is "ExternalName"';
const EXTERNAL_NAME_IGNORED = 'spec.externalName is ignored when spec.type is not "ExternalName"';
const PREFER_CLOSE_DEPRECATED = 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"';
const HEADLESS_LOAD_BALANCER_IP = 'spec.loadBalancerIP is ignored for headless services';
const HEADLESS_EXTERNAL_IPS = 'spec.externalIPs is ignored for headless services';
const HEADLESS_AFFINITY = 'spec.SessionAffinity is ignored for headless services';

const SPEC = FieldPath.of('spec');
const INGRESS = FieldPath.of('status', 'loadBalancer', 'ingress');

export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const { clusterIPs = [], externalIPs = [], loadBalancerIP, loadBalancerSourceRanges = [], type } = spec;
  const warnings: string[] = [];
  if (metadata.annotations?.[DEPRECATED_TOPOLOGY_HINTS] !== undefined) warnings.push(HINTS_DEPRECATED);
  if (spec.clusterIP && spec.clusterIP !== CLUSTER_IP_NONE) warnings.push(...ipWarnings(clusterIPs, 'clusterIPs'));
  const headless = type === 'ClusterIP' && spec.clusterIP === CLUSTER_IP_NONE;
  if (headless) warnings.push(...headlessWarnings(spec));
  warnings.push(...ipWarnings(externalIPs, 'externalIPs'));
  if (externalIPs.length > 0 && !headless && type !== 'ExternalName') warnings.push(EXTERNAL_IPS_DEPRECATED);
  if (loadBalancerIP) warnings.push(...warningsForIp(SPEC.child('loadBalancerIP'), loadBalancerIP));
  loadBalancerSourceRanges.forEach((cidr, i) => {
    warnings.push(...warningsForCidr(SPEC.child('loadBalancerSourceRanges').index(i), cidr));
  });
  if (type === 'ExternalName' && externalIPs.length > 0) warnings.push(EXTERNAL_IPS_IGNORED);
  if (type !== 'ExternalName' && spec.externalName) warnings.push(EXTERNAL_NAME_IGNORED);
  if (spec.trafficDistribution === 'PreferClose') warnings.push(PREFER_CLOSE_DEPRECATED);
  return warnings;
}

export function serviceStatusWarnings({ status }: Service): readonly string[] {
  return (status.loadBalancer.ingress ?? []).flatMap(({ ip }, i) => (ip ? warningsForIp(INGRESS.index(i), ip) : []));
}

function ipWarnings(addresses: readonly string[], field: string): readonly string[] {
  return addresses.flatMap((address, i) => warningsForIp(SPEC.child(field).index(i), address));
}

function headlessWarnings({ loadBalancerIP, externalIPs = [], sessionAffinity }: ServiceSpec): readonly string[] {
  return [
    ...(loadBalancerIP ? [HEADLESS_LOAD_BALANCER_IP] : []),
    ...(externalIPs.length > 0 ? [HEADLESS_EXTERNAL_IPS] : []),
    ...(sessionAffinity !== 'None' ? [HEADLESS_AFFINITY] : []),
  ];
}
