// Fills in what a pod leaves out, beyond what any pod spec leaves out.
// Behaviour: pkg/apis/core/v1/{defaults,conversion}.go (SetDefaults_Pod, Convert_v1_Pod_To_core_Pod), Kubernetes v1.36.3.
import { fill, mapList, mapShared, merge } from '../../../apimachinery/sharing.ts';
import { givenEmpty, noteGivenEmpty } from '../../../schema/decode/given-empty.ts';
import type {
  Container,
  ContainerPort,
  ContainerStatus,
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
import { roundResourceList, roundResources } from '../pod-spec/resource-rounding.ts';

export function defaultPod(pod: Pod, features: FeatureGates, stored?: Pod): Pod {
  const spec = pod.spec === stored?.spec ? pod.spec : defaultPodSpec(defaultOwnFields(pod.spec, features, merge));
  return merge(pod, defaultedParts(pod, spec));
}

/** As defaultPod, of a new pod that nobody else holds: it is filled in itself. */
export function fillPod(pod: Pod, features: FeatureGates): Pod {
  return fill(pod, defaultedParts(pod, defaultPodSpec(defaultOwnFields(pod.spec, features, fill), fill)));
}

function defaultedParts({ metadata, status }: Pod, spec: PodSpec): Pick<Pod, 'metadata' | 'spec' | 'status'> {
  const grace = spec.terminationGracePeriodSeconds ?? 0;
  return {
    metadata: dropInitContainerAnnotations(metadata),
    // A pod's negative grace period counts as one second; a template keeps it.
    spec: grace < 0 ? { ...spec, terminationGracePeriodSeconds: 1 } : spec,
    status: withConsistentIps(roundStatus(status)),
  };
}

function defaultOwnFields(spec: PodSpec, features: FeatureGates, put: typeof merge<PodSpec>): PodSpec {
  const defaultOwn = spec.hostNetwork ? defaultOnHostNetwork : defaultOnPodNetwork;
  const next = put(spec, {
    containers: defaultOwn(spec.containers),
    initContainers: defaultOwn(spec.initContainers),
    enableServiceLinks: spec.enableServiceLinks ?? true,
  });
  if (!next.resources || !features.isEnabled('PodLevelResources')) return next;
  return merge(next, { resources: defaultPodLevelResources(next, next.resources) });
}

function defaultForPod(container: Container, onHostNetwork: boolean): Container {
  return merge(container, {
    resources: requestLimits(container.resources),
    ports: onHostNetwork ? mapList(container.ports, exposedPort) : container.ports,
  });
}

const defaultOnHostNetwork = mapShared((container: Container) => defaultForPod(container, true));
const defaultOnPodNetwork = mapShared((container: Container) => defaultForPod(container, false));

/** On the host's network a port of the container is a port of the host. */
function exposedPort(port: ContainerPort): ContainerPort {
  return port.hostPort ? port : { ...port, hostPort: port.containerPort };
}

/** Limits that were given empty make requests that are empty too, which Go tells from none. */
function withEmptyRequests(resources: ResourceRequirements): ResourceRequirements {
  if (resources.requests) return resources;
  const next = { ...resources };
  noteGivenEmpty(next, 'requests', {});
  return next;
}

/** What is limited but not requested is requested up to the limit. */
function requestLimits(resources: ResourceRequirements): ResourceRequirements {
  const { limits, requests = {} } = resources;
  if (!limits) return givenEmpty(resources, 'limits') ? withEmptyRequests(resources) : resources;
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
  const isFilled = Object.keys(requests).length > Object.keys(resources.requests ?? {}).length;
  return merge(resources, { limits, requests: isFilled ? requests : undefined });
}

/** Huge pages cannot be overcommitted, so the pod's limit is what its containers' limits come to. */
function withHugePageLimits(spec: PodSpec, { limits, requests }: ResourceRequirements): ResourceList | undefined {
  if (!limits && !requests) return undefined;
  const added: Record<string, string> = {};
  for (const [name, total] of aggregateContainerResources(spec, 'limits')) {
    if (!isHugePageResourceName(name) || limits?.[name] !== undefined || requests?.[name] !== undefined) continue;
    added[name] = total.toString();
  }
  return Object.keys(added).length > 0 ? { ...limits, ...added } : limits;
}

function roundStatus(status: PodStatus): PodStatus {
  return merge(status, {
    initContainerStatuses: mapList(status.initContainerStatuses, roundContainerStatus),
    containerStatuses: mapList(status.containerStatuses, roundContainerStatus),
    ephemeralContainerStatuses: mapList(status.ephemeralContainerStatuses, roundContainerStatus),
    allocatedResources: status.allocatedResources && roundResourceList(status.allocatedResources),
    resources: status.resources && roundResources(status.resources),
  });
}

function roundContainerStatus(status: ContainerStatus): ContainerStatus {
  return merge(status, {
    allocatedResources: status.allocatedResources && roundResourceList(status.allocatedResources),
    resources: status.resources && roundResources(status.resources),
  });
}

/** podIP is the first of podIPs; where they contradict each other, podIP is right. */
function withConsistentIps(status: PodStatus): PodStatus {
  const { podIP, podIPs = [] } = status;
  const first = podIPs[0]?.ip;
  if (podIP === first || (!podIP && first === undefined)) return status;
  return podIP ? { ...status, podIPs: [{ ip: podIP }] } : { ...status, podIP: first ?? '' };
}
