// Lets a client send a Service again without the values that were allocated for it, and keeps clusterIP and clusterIPs in step.
// Behaviour: pkg/registry/core/service/storage/storage.go (patchAllocatedValues, normalizeClusterIPs), Kubernetes v1.36.3.
import type { ServiceSpec } from '../../../schema/generated/types/core-v1.ts';
import {
  allocatesNodePorts,
  needsClusterIp,
  needsHealthCheck,
  nodePortsOf,
  portsOf,
  type SpecDraft,
  sameList,
} from './service-types.ts';

export function keepAllocated(spec: SpecDraft, old: ServiceSpec): void {
  if (needsClusterIp(old) && needsClusterIp(spec)) {
    if (!spec.clusterIP && old.clusterIP) spec.clusterIP = old.clusterIP;
    if (!spec.clusterIPs?.length && old.clusterIPs?.length) spec.clusterIPs = old.clusterIPs;
  }
  if (allocatesNodePorts(old) && allocatesNodePorts(spec)) keepNodePorts(spec, old);
  if (needsHealthCheck(old) && needsHealthCheck(spec) && !spec.healthCheckNodePort && old.healthCheckNodePort) {
    spec.healthCheckNodePort = old.healthCheckNodePort;
  }
}

/** By the names of ports, unless another port has taken the value. */
function keepNodePorts(spec: SpecDraft, old: ServiceSpec): void {
  const ports = portsOf(spec);
  if (!ports.some(({ nodePort }) => !nodePort)) return;
  const before = nodePortsOf(old);
  const used = new Set(nodePortsOf(spec).filter((port) => before.includes(port)));
  const byName = new Map(portsOf(old).map(({ name = '', nodePort = 0 }) => [name, nodePort]));
  spec.ports = ports.map((port) => {
    const nodePort = byName.get(port.name ?? '') ?? 0;
    return port.nodePort || nodePort === 0 || used.has(nodePort) ? port : { ...port, nodePort };
  });
}

export function syncClusterIps(spec: SpecDraft, old: ServiceSpec): void {
  const { clusterIP: before = '' } = old;
  if (old.clusterIPs?.length && !spec.clusterIPs?.length && before === (spec.clusterIP ?? '')) {
    spec.clusterIPs = old.clusterIPs;
  }
  const next = spec.clusterIP ?? '';
  if (before === next || !sameList(old.clusterIPs, spec.clusterIPs)) return;
  if (before !== '' && next === '') delete spec.clusterIPs;
  else spec.clusterIPs = [next];
}
