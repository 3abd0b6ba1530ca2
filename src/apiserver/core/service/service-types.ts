// What the type of a Service and its policies imply: which fields apply and which resources it needs.
// Behaviour: pkg/api/service/util.go, pkg/registry/core/service/storage/storage.go, Kubernetes v1.36.3.
import type { ServicePort, ServiceSpec } from '../../../schema/generated/types/core-v1.ts';

export const CLUSTER_IP_NONE = 'None';

/** A spec that is being worked on: the caller owns it and its fields are replaced, never changed in depth. */
export type SpecDraft = { -readonly [K in keyof ServiceSpec]: ServiceSpec[K] };

export function isHeadless({ clusterIPs }: ServiceSpec): boolean {
  return clusterIPs?.length === 1 && clusterIPs[0] === CLUSTER_IP_NONE;
}

export function isExternallyAccessible({ type, externalIPs }: ServiceSpec): boolean {
  return type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (externalIPs?.length ?? 0) > 0);
}

export function needsClusterIp({ type }: ServiceSpec): boolean {
  return type !== 'ExternalName';
}

/** Whether nodes answer health checks for it. */
export function needsHealthCheck({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

export function hasNodePorts({ type }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

/** Whether ports without a node port get one. */
export function allocatesNodePorts({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

export function portsOf({ ports }: ServiceSpec): readonly ServicePort[] {
  return ports ?? [];
}

export function nodePortsOf(spec: ServiceSpec): readonly number[] {
  return portsOf(spec).flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
}

export function sameList(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  const x = a ?? [];
  const y = b ?? [];
  return x.length === y.length && x.every((item, i) => item === y[i]);
}
