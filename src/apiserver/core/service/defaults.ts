// What a Service has without saying so.
// Behaviour: pkg/apis/core/v1/defaults.go (SetDefaults_Service), Kubernetes v1.36.3.
import type { Service, ServicePort, ServiceSpec, ServiceStatus } from '../../../schema/generated/types/core-v1.ts';
import { isExternallyAccessible, type SpecDraft } from './service-types.ts';

const CLIENT_IP_TIMEOUT_SECONDS = 10_800;

export function defaultService(service: Service): Service {
  const spec = defaultSpec(service.spec);
  const status = spec.type === 'LoadBalancer' ? defaultStatus(service.status) : service.status;
  return { ...service, spec, status };
}

function defaultSpec(given: ServiceSpec): ServiceSpec {
  const spec: SpecDraft = { ...given };
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: CLIENT_IP_TIMEOUT_SECONDS } };
  }
  spec.type ||= 'ClusterIP';
  const type = spec.type;
  if (spec.ports) spec.ports = spec.ports.map(defaultPort);
  if (isExternallyAccessible(spec)) spec.externalTrafficPolicy ||= 'Cluster';
  if (spec.internalTrafficPolicy === undefined && ['NodePort', 'LoadBalancer', 'ClusterIP'].includes(type)) {
    spec.internalTrafficPolicy = 'Cluster';
  }
  if (type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  return spec;
}

function defaultPort(port: ServicePort): ServicePort {
  const { protocol, targetPort } = port;
  const isTargetOpen = targetPort === undefined || targetPort === 0 || targetPort === '';
  if (protocol && !isTargetOpen) return port;
  return { ...port, protocol: protocol || 'TCP', ...(isTargetOpen ? { targetPort: port.port } : {}) };
}

function defaultStatus(status: ServiceStatus): ServiceStatus {
  const { ingress } = status.loadBalancer;
  if (!ingress?.some(({ ip, ipMode }) => ip && ipMode === undefined)) return status;
  const defaulted = ingress.map((each) => (each.ip && each.ipMode === undefined ? { ...each, ipMode: 'VIP' } : each));
  return { ...status, loadBalancer: { ...status.loadBalancer, ingress: defaulted } };
}
