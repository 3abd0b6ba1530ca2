// Clears the fields that a change of a Service's type leaves without meaning, unless the client changed them too.
// Behaviour: pkg/registry/core/service/strategy.go (dropTypeDependentFields), Kubernetes v1.36.3.
import type { Service, ServiceSpec } from '../../../schema/generated/types/core-v1.ts';
import {
  hasNodePorts,
  isExternallyAccessible,
  needsClusterIp,
  needsHealthCheck,
  nodePortsOf,
  portsOf,
  type SpecDraft,
  sameList,
} from './service-types.ts';

export function withoutTypeDependentFields(service: Service, { spec: old }: Service): Service {
  const spec: SpecDraft = { ...service.spec };
  if (needsClusterIp(old) && !needsClusterIp(spec)) dropClusterIps(spec, old);
  if (hasNodePorts(old) && !hasNodePorts(spec) && addsNoNodePort(spec, old)) dropNodePorts(spec);
  if (needsHealthCheck(old) && !needsHealthCheck(spec) && spec.healthCheckNodePort === old.healthCheckNodePort) {
    delete spec.healthCheckNodePort;
  }
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (spec.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts) {
      delete spec.allocateLoadBalancerNodePorts;
    }
    if (spec.loadBalancerClass === old.loadBalancerClass) delete spec.loadBalancerClass;
  }
  const losesAccess = isExternallyAccessible(old) && !isExternallyAccessible(spec);
  if (losesAccess && spec.externalTrafficPolicy === old.externalTrafficPolicy) delete spec.externalTrafficPolicy;
  const status = spec.type === 'LoadBalancer' ? service.status : { ...service.status, loadBalancer: {} };
  return { ...service, spec, status };
}

function dropClusterIps(spec: SpecDraft, old: ServiceSpec): void {
  if ((spec.clusterIP ?? '') === (old.clusterIP ?? '') && sameList(old.clusterIPs, spec.clusterIPs)) {
    delete spec.clusterIP;
    delete spec.clusterIPs;
  }
  if (sameList(old.ipFamilies, spec.ipFamilies)) delete spec.ipFamilies;
  if (spec.ipFamilyPolicy === old.ipFamilyPolicy) delete spec.ipFamilyPolicy;
}

/** Ports may come and go, as long as no new node port is named. */
function addsNoNodePort(spec: ServiceSpec, old: ServiceSpec): boolean {
  const before = nodePortsOf(old);
  return nodePortsOf(spec).every((port) => before.includes(port));
}

function dropNodePorts(spec: SpecDraft): void {
  if (!spec.ports) return;
  spec.ports = portsOf(spec).map(({ nodePort: _, ...port }) => port);
}
