// Fills in what a pod leaves out, beyond what any pod spec leaves out.
// Behaviour: pkg/apis/core/v1/{defaults,conversion}.go (SetDefaults_Pod, Convert_v1_Pod_To_core_Pod), Kubernetes v1.36.3.
import type {
  Container,
  Pod,
  PodSpec,
  PodStatus,
  ResourceRequirements,
} from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../resource.ts';
import { aggregateContainerResources, type ResourceList } from '../pod-spec/aggregate-resources.ts';
import { defaultPodSpec, dropInitContainerAnnotations } from '../pod-spec/defaults.ts';
import {
  isHugePageResourceName,
  isOvercommitAllowed,
  isSupportedPodLevelResource,
} from '../pod-spec/resource-names.ts';

export function defaultPod(pod: Pod, features: FeatureGates): Pod {
  const spec = defaultPodSpec(defaultOwnFields(pod.spec, features));
  const grace = spec.terminationGracePeriodSeconds ?? 0;
  return {
    ...pod,
    metadata: dropInitContainerAnnotations(pod.metadata),
    // A pod's negative grace period counts as one second; a template keeps it.
    spec: grace < 0 ? { ...spec, terminationGracePeriodSeconds: 1 } : spec,
    status: withConsistentIps(pod.status),
  };
}

function defaultOwnFields(spec: PodSpec, features: FeatureGates): PodSpec {
  const containers = spec.containers?.map((container) => defaultForPod(container, spec));
  const initContainers = spec.initContainers?.map((container) => defaultForPod(container, spec));
  const next: PodSpec = {
    ...spec,
    ...(containers ? { containers } : {}),
    ...(initContainers ? { initContainers } : {}),
    enableServiceLinks: spec.enableServiceLinks ?? true,
  };
  if (!next.resources || !features.isEnabled('PodLevelResources')) return next;
  return { ...next, resources: defaultPodLevelResources(next, next.resources) };
}

function defaultForPod(container: Container, { hostNetwork }: PodSpec): Container {
  const resources = requestLimits(container.resources);
  const ports = hostNetwork ? exposedPorts(container.ports) : container.ports;
  if (resources === container.resources && ports === container.ports) return container;
  return { ...container, resources, ...(ports ? { ports } : {}) };
}

// On the host's network a port of the container is a port of the host.
function exposedPorts(ports: Container['ports']): Container['ports'] {
  if (!ports?.some(({ hostPort }) => !hostPort)) return ports;
  return ports.map((port) => (port.hostPort ? port : { ...port, hostPort: port.containerPort }));
}

// What is limited but not requested is requested up to the limit.
function requestLimits(resources: ResourceRequirements): ResourceRequirements {
  const { limits, requests = {} } = resources;
  if (!limits) return resources;
  const missing = Object.keys(limits).some((name) => requests[name] === undefined);
  return missing ? { ...resources, requests: { ...limits, ...requests } } : resources;
}

function defaultPodLevelResources(spec: PodSpec, resources: ResourceRequirements): ResourceRequirements {
  const limits = withHugePageLimits(spec, resources);
  if (!limits) return resources;
  const requests: Record<string, string> = { ...resources.requests };
  const fill = (name: string, text: string) => {
    if (requests[name] === undefined && isSupportedPodLevelResource(name)) requests[name] = text;
  };
  for (const [name, total] of aggregateContainerResources(spec, 'requests')) {
    if (isOvercommitAllowed(name)) fill(name, total.toString());
  }
  for (const name in limits) fill(name, limits[name] ?? '0');
  return { ...resources, limits, ...(Object.keys(requests).length > 0 ? { requests } : {}) };
}

// Huge pages cannot be overcommitted, so the pod's limit is what its containers' limits come to.
function withHugePageLimits(spec: PodSpec, { limits, requests }: ResourceRequirements): ResourceList | undefined {
  if (!limits && !requests) return undefined;
  const added: Record<string, string> = {};
  for (const [name, total] of aggregateContainerResources(spec, 'limits')) {
    if (!isHugePageResourceName(name) || limits?.[name] !== undefined || requests?.[name] !== undefined) continue;
    added[name] = total.toString();
  }
  const next = { ...limits, ...added };
  return Object.keys(next).length > 0 ? next : undefined;
}

// podIP is the first of podIPs; where they contradict each other, podIP is right.
function withConsistentIps(status: PodStatus): PodStatus {
  const { podIP, podIPs = [] } = status;
  const first = podIPs[0]?.ip;
  if (podIP === first || (!podIP && first === undefined)) return status;
  return podIP ? { ...status, podIPs: [{ ip: podIP }] } : { ...status, podIP: first ?? '' };
}
