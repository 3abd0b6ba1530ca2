// What has to happen to the slices of a Service: which are created, changed and deleted.
// Behaviour: [endpointslice]/reconciler.go and [endpointslice]/utils.go, Kubernetes v1.36.3.
// Differs: where upstream takes endpoints, slices and port sets out of Go maps, they come by name here.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { newControllerRef } from '../../../apimachinery/owner-references.ts';
import {
  LABEL_SERVICE_NAME,
  LABEL_SLICE_MANAGED_BY,
  LABEL_TOPOLOGY_ZONE,
} from '../../../apimachinery/well-known/labels.ts';
import type { Node, Pod, Service } from '../../../schema/generated/types/core-v1.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import {
  findPort,
  HEADLESS,
  HEADLESS_LABEL,
  isPodReady,
  isServiceIPSet,
  podAddresses,
  shouldPodBeInEndpoints,
  shouldSetHostname,
} from '../service-endpoints/pod-endpoints.ts';
import { type AddressFamily, endpointKey, hasSameState, portsKey, slicePrefix } from '../service-endpoints/slices.ts';

export const MANAGED_BY = 'endpointslice-controller.k8s.io';

export interface SliceChanges {
  readonly create: readonly EndpointSlice[];
  readonly update: readonly EndpointSlice[];
  readonly delete: readonly EndpointSlice[];
  /** Slices that stay as they are. */
  readonly unchanged: readonly EndpointSlice[];
}

interface Desired {
  readonly service: Service;
  readonly pods: readonly Pod[];
  nodeOf(pod: Pod): Node | undefined;
  readonly maxEndpointsPerSlice: number;
}

/** The families for which a Service has slices. */
export function familiesOf(service: Service): readonly AddressFamily[] {
  const families = (service.spec.ipFamilies ?? []).filter((family) => family === 'IPv4' || family === 'IPv6');
  if (families.length > 0) return families;
  const { clusterIP = '' } = service.spec;
  if (clusterIP !== '' && clusterIP !== HEADLESS) return [clusterIP.includes(':') ? 'IPv6' : 'IPv4'];
  return ['IPv4', 'IPv6'];
}

/** The changes for one family, and why some pods were left out. */
export function reconcileFamily(
  desired: Desired,
  existing: readonly EndpointSlice[],
  family: AddressFamily,
): { readonly changes: SliceChanges; readonly errors: readonly string[] } {
  const { service } = desired;
  const toDelete: EndpointSlice[] = [];
  const existingByPorts = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    if (isOwnedBy(slice, service)) append(existingByPorts, portsKey(slice.ports ?? []), slice);
    else toDelete.push(slice);
  }

  const { byPorts, errors } = desiredEndpoints(desired, family);
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  for (const key of [...byPorts.keys()].sort()) {
    const { ports, endpoints } = byPorts.get(key)!;
    const changes = reconcilePorts(desired, existingByPorts.get(key) ?? [], endpoints, ports, family);
    create.push(...changes.create);
    update.push(...changes.update);
    toDelete.push(...changes.delete);
  }
  for (const [key, slices] of existingByPorts) if (!byPorts.has(key)) toDelete.push(...slices);

  if (existing.length === toDelete.length && create.length === 0) {
    const placeholder = newSlice(service, family, []);
    const last = toDelete[0];
    if (toDelete.length === 1 && last && isSamePlaceholder(last, placeholder)) toDelete.length = 0;
    else create.push(placeholder);
  }
  const touched = new Set([...update, ...toDelete].map(({ metadata }) => metadata.name));
  const unchanged = existing.filter(({ metadata }) => !touched.has(metadata.name));
  return { changes: { create, update, delete: toDelete, unchanged }, errors };
}

/** Creations take the place of slices that would be deleted: fewer requests, and the names stay. */
export function reuseDeleted(
  { create, update, delete: toDelete, unchanged }: SliceChanges,
  service: Service,
): SliceChanges {
  const creations = [...create];
  const updates = [...update];
  const deletions: EndpointSlice[] = [];
  for (const old of toDelete) {
    const slice = creations.at(-1);
    if (slice && slice.addressType === old.addressType && isOwnedBy(old, service)) {
      creations.pop();
      updates.push({ ...slice, metadata: { ...slice.metadata, name: old.metadata.name ?? '' } });
    } else deletions.push(old);
  }
  return { create: creations, update: updates, delete: deletions, unchanged };
}

interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Map<string, Endpoint>;
}

function desiredEndpoints(desired: Desired, family: AddressFamily) {
  const { service, pods } = desired;
  const byPorts = new Map<string, PortGroup>();
  const errors: string[] = [];
  for (const pod of pods) {
    if (!shouldPodBeInEndpoints(pod, true)) continue;
    const ports = endpointPorts(service, pod);
    const key = portsKey(ports);
    const group = byPorts.get(key) ?? { ports, endpoints: new Map<string, Endpoint>() };
    byPorts.set(key, group);
    const node = desired.nodeOf(pod);
    if (!node && !service.spec.publishNotReadyAddresses) {
      const { namespace, name } = service.metadata;
      errors.push(
        `skipping Pod ${pod.metadata.name} for Service ${namespace}/${name}: Node ${pod.spec.nodeName ?? ''} Not Found`,
      );
      continue;
    }
    const endpoint = podToEndpoint(pod, node, service, family);
    if (endpoint.addresses!.length > 0) group.endpoints.set(endpointKey(endpoint), endpoint);
  }
  return { byPorts, errors };
}

function podToEndpoint(pod: Pod, node: Node | undefined, service: Service, family: AddressFamily): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const zone = node?.metadata.labels?.[LABEL_TOPOLOGY_ZONE];
  return {
    addresses: podAddresses(pod, family),
    conditions: {
      ready: Boolean(service.spec.publishNotReadyAddresses) || (serving && !terminating),
      serving,
      terminating,
    },
    ...(shouldSetHostname(pod, service) ? { hostname: pod.spec.hostname! } : {}),
    targetRef: {
      kind: 'Pod',
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name ?? '',
      uid: pod.metadata.uid ?? '',
    },
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    ...(zone ? { zone } : {}),
  };
}

function endpointPorts(service: Service, pod: Pod): readonly EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const servicePort of service.spec.ports ?? []) {
    const port = findPort(pod, servicePort);
    if (port === undefined) continue;
    ports.push({
      name: servicePort.name ?? '',
      ...(servicePort.protocol ? { protocol: servicePort.protocol } : {}),
      port,
      ...(servicePort.appProtocol === undefined ? {} : { appProtocol: servicePort.appProtocol }),
    });
  }
  return ports;
}

/** Removes and changes endpoints where they are, fills slices that change anyway, then one that fits, then new ones. */
function reconcilePorts(
  { service, maxEndpointsPerSlice }: Desired,
  existing: readonly EndpointSlice[],
  wanted: Map<string, Endpoint>,
  ports: readonly EndpointPort[],
  family: AddressFamily,
): Omit<SliceChanges, 'unchanged'> {
  const left = new Map(wanted);
  const changed: EndpointSlice[] = [];
  const unchanged: EndpointSlice[] = [];
  const toDelete: EndpointSlice[] = [];
  for (const slice of existing) {
    const kept: Endpoint[] = [];
    let isUpdated = false;
    const before = slice.endpoints ?? [];
    for (const endpoint of before) {
      const key = endpointKey(endpoint);
      const now = left.get(key);
      if (!now) continue;
      // Hints go with every change; they are worked out anew for slices that change.
      kept.push(now);
      if (!hasSameState(now, endpoint)) isUpdated = true;
      left.delete(key);
    }
    const { labels, changed: labelsChanged } = sliceLabels(slice, service);
    if (isUpdated || kept.length !== before.length) {
      if (kept.length === 0) toDelete.push(slice);
      else changed.push({ ...slice, metadata: { ...slice.metadata, labels }, endpoints: kept });
    } else if (labelsChanged) changed.push({ ...slice, metadata: { ...slice.metadata, labels } });
    else unchanged.push(slice);
  }

  const update: EndpointSlice[] = [];
  changed.sort((a, b) => (b.endpoints?.length ?? 0) - (a.endpoints?.length ?? 0));
  for (const slice of changed) update.push(fill(slice, left, maxEndpointsPerSlice));
  const create: EndpointSlice[] = [];
  while (left.size > 0) {
    const fitting =
      left.size < maxEndpointsPerSlice ? sliceToFill(unchanged, left.size, maxEndpointsPerSlice) : undefined;
    if (fitting) {
      unchanged.splice(unchanged.indexOf(fitting), 1);
      update.push(fill(fitting, left, maxEndpointsPerSlice));
    } else create.push(fill(newSlice(service, family, ports), left, maxEndpointsPerSlice));
  }
  return { create, update, delete: toDelete };
}

/** The slice with as many of the endpoints as it may still hold; they leave the map. */
function fill(slice: EndpointSlice, left: Map<string, Endpoint>, max: number): EndpointSlice {
  const room = max - (slice.endpoints?.length ?? 0);
  if (room <= 0 || left.size === 0) return slice;
  const added: Endpoint[] = [];
  for (const [key, endpoint] of left) {
    if (added.length === room) break;
    added.push(endpoint);
    left.delete(key);
  }
  return { ...slice, endpoints: [...(slice.endpoints ?? []), ...added] };
}

/** The slice that is fullest once the endpoints are in it. */
function sliceToFill(slices: readonly EndpointSlice[], count: number, max: number): EndpointSlice | undefined {
  let closest: EndpointSlice | undefined;
  let closestRoom = max;
  for (const slice of slices) {
    const room = max - (count + (slice.endpoints?.length ?? 0));
    if (room < 0 || room >= closestRoom) continue;
    closest = slice;
    closestRoom = room;
  }
  return closest;
}

function newSlice(service: Service, family: AddressFamily, ports: readonly EndpointPort[]): EndpointSlice {
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: slicePrefix(service.metadata.name ?? ''),
      namespace: service.metadata.namespace ?? '',
      ownerReferences: [newControllerRef(service, { group: '', version: 'v1', kind: 'Service' })],
    },
    addressType: family,
    endpoints: [],
    ports,
  };
  return { ...slice, metadata: { ...slice.metadata, labels: sliceLabels(slice, service).labels } };
}

/** The Service's labels and the reserved ones; changed when the former are not the slice's. */
function sliceLabels(
  slice: EndpointSlice,
  service: Service,
): { readonly labels: Record<string, string>; readonly changed: boolean } {
  const own = withoutReserved(slice.metadata.labels);
  const wanted = withoutReserved(service.metadata.labels);
  const labels = {
    ...wanted,
    ...(isServiceIPSet(service) ? {} : { [HEADLESS_LABEL]: '' }),
    [LABEL_SERVICE_NAME]: service.metadata.name ?? '',
    [LABEL_SLICE_MANAGED_BY]: MANAGED_BY,
  };
  return { labels, changed: !semanticDeepEqual(own, wanted) };
}

function withoutReserved(labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  const {
    [HEADLESS_LABEL]: _headless,
    [LABEL_SERVICE_NAME]: _service,
    [LABEL_SLICE_MANAGED_BY]: _managedBy,
    ...rest
  } = labels;
  return rest;
}

function isOwnedBy(slice: EndpointSlice, service: Service): boolean {
  return (slice.metadata.ownerReferences ?? []).some(
    ({ uid, kind, apiVersion }) => uid === service.metadata.uid && kind === 'Service' && apiVersion === 'v1',
  );
}

function isSamePlaceholder(slice: EndpointSlice, placeholder: EndpointSlice): boolean {
  return (
    slice.addressType === placeholder.addressType &&
    (slice.endpoints ?? []).length === 0 &&
    (slice.ports ?? []).length === 0 &&
    semanticDeepEqual(slice.metadata.labels, placeholder.metadata.labels)
  );
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
