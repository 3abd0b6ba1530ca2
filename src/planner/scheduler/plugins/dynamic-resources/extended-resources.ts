// Extended resources that a device class provides: a claim stands in for what the node itself does not have.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/extendeddynamicresources.go, Kubernetes v1.36.3.
import { EXTENDED_RESOURCE_CLAIM } from '../../../../apimachinery/well-known/annotations.ts';
import type { Container } from '../../../../schema/generated/types/core-v1.ts';
import type { DeviceRequest, ResourceClaim } from '../../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../../schema/resource-names.ts';
import type { Int64 } from '../../framework/int64.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import type { ClusterLister } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { podRequests } from '../../framework/pod-requests.ts';
import { isExtendedResourceName, resourceOf } from '../../framework/resource.ts';
import { quantityOf } from './devices/consumed-capacity.ts';
import { classOfExtendedResource, DEVICE_CLASS_PREFIX } from './devices/device-class-resolver.ts';

/** The name of the claim until it is written. */
export const UNWRITTEN = '<extended-resources>';

/** Which container is served by which request of the claim. */
export interface RequestMapping {
  readonly containerName: string;
  readonly resourceName: string;
  readonly requestName: string;
}

interface NodeClaim {
  readonly claim: ResourceClaim;
  readonly mappings: readonly RequestMapping[];
}

/** The claim for extended resources of a pod, written before or to be written; undefined when no class provides any of them. */
export function extendedResourceClaim(objects: ClusterLister, pod: PodInfo): ResourceClaim | undefined {
  if (pod.resource.resource.scalars === undefined) return undefined;
  if (extendedResourcesOf(pod).every(([name]) => !classOfExtendedResource(objects, name))) return undefined;
  const written = objects
    .list<ResourceClaim>(RESOURCE_CLAIMS, pod.namespace)
    .find(
      ({ metadata }) =>
        metadata.annotations?.[EXTENDED_RESOURCE_CLAIM] === 'true' &&
        metadata.ownerReferences?.some(
          ({ name, uid, controller }) => name === pod.name && uid === pod.uid && controller === true,
        ),
    );
  if (written) return written;
  const owner = { apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: pod.uid, controller: true };
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: {
      namespace: pod.namespace,
      name: UNWRITTEN,
      uid: `${UNWRITTEN}/${pod.uid}`,
      generateName: `${pod.name}-extended-resources-`,
      ownerReferences: [owner],
      annotations: { [EXTENDED_RESOURCE_CLAIM]: 'true' },
    },
    spec: { devices: {} },
    status: {},
  };
}

/** The claim that this node would need; undefined when it has all itself, a reason when it cannot serve the pod. */
export function claimForNode(
  objects: ClusterLister,
  pod: PodInfo,
  claim: ResourceClaim,
  { allocatable }: NodeInfo,
  hasOtherClaims: boolean,
): NodeClaim | { readonly reason: string } | undefined {
  if (claim.spec.devices.requests) return { reason: 'cannot schedule extended resource claim' };
  const lacking: string[] = [];
  for (const [name] of extendedResourcesOf(pod)) {
    const own = allocatable.scalars?.get(name);
    if (classOfExtendedResource(objects, name) && (own ?? 0) === 0) lacking.push(name);
    else if (own === undefined) return { reason: 'cannot fit resource' };
  }
  if ((!hasOtherClaims && lacking.length === 0) || claim.status?.allocation) return undefined;
  const { requests, mappings } = requestsFor(objects, pod, lacking.sort());
  return { claim: { ...claim, spec: { devices: { requests } } }, mappings };
}

function extendedResourcesOf(pod: PodInfo): readonly (readonly [string, Int64])[] {
  return [...(resourceOf(podRequests(pod.pod)).scalars ?? [])].filter(
    ([name, amount]) => amount !== 0 && (isExtendedResourceName(name) || name.startsWith(DEVICE_CLASS_PREFIX)),
  );
}

interface Served {
  readonly request: DeviceRequest | undefined;
  readonly mappings: readonly RequestMapping[];
}

function requestsFor(
  objects: ClusterLister,
  { spec }: PodInfo,
  resources: readonly string[],
): { readonly requests: readonly DeviceRequest[]; readonly mappings: readonly RequestMapping[] } {
  const { initContainers = [], containers: main = [] } = spec;
  const containers = [...initContainers, ...main];
  const isShortLived = (i: number): boolean => i < initContainers.length && containers[i]?.restartPolicy !== 'Always';
  const requests: DeviceRequest[] = [];
  const mappings: RequestMapping[] = [];
  for (const resource of resources) {
    const className = classOfExtendedResource(objects, resource)?.metadata.name ?? '';
    const lasting = containers.map(
      (container, i): Served =>
        isShortLived(i) ? { request: undefined, mappings: [] } : serve(i, container, resource, className, []),
    );
    // Init containers run before the others and use what these will have.
    const passing = containers.map(
      (container, i): Served =>
        isShortLived(i)
          ? serve(
              i,
              container,
              resource,
              className,
              lasting.slice(i).flatMap(({ request }) => request ?? []),
            )
          : { request: undefined, mappings: [] },
    );
    let largest: DeviceRequest | undefined;
    for (const { request } of passing)
      if (request && (!largest || countOf(largest) < countOf(request))) largest = request;
    if (largest) requests.push(largest);
    requests.push(...lasting.flatMap(({ request }) => request ?? []));
    const replaced = new Set(passing.flatMap(({ request }) => (request ? [request.name] : [])));
    mappings.push(...lasting.flatMap((served) => served.mappings));
    for (const served of passing)
      for (const mapping of served.mappings)
        mappings.push(
          largest && replaced.has(mapping.requestName) ? { ...mapping, requestName: largest.name } : mapping,
        );
  }
  requests.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { requests, mappings };
}

function serve(
  index: number,
  { name, resources }: Container,
  resource: string,
  deviceClassName: string,
  reusable: readonly DeviceRequest[],
): Served {
  const asked = resources?.requests ?? {};
  const amount = asked[resource] === undefined ? 0 : quantityOf(asked[resource]!).value();
  if (amount === 0) return { request: undefined, mappings: [] };
  const mappings: RequestMapping[] = [];
  let sum = 0;
  for (const request of reusable) {
    sum += countOf(request);
    mappings.push({ containerName: name, resourceName: resource, requestName: request.name });
    if (sum >= amount) return { request: undefined, mappings };
  }
  const requestName = `container-${index}-request-${Object.keys(asked).sort().indexOf(resource)}`;
  mappings.push({ containerName: name, resourceName: resource, requestName });
  return {
    request: {
      name: requestName,
      exactly: { deviceClassName, allocationMode: 'ExactCount', count: amount - sum },
    },
    mappings,
  };
}

function countOf({ exactly }: DeviceRequest): number {
  return exactly?.count ?? 0;
}
