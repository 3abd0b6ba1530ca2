// Which EndpointSlices tell the same as an Endpoints object: one for each subset and address family.
// Behaviour: pkg/controller/endpointslicemirroring/{reconciler,utils}.go, Kubernetes v1.36.3.
// Differs: where upstream takes endpoints and port sets out of Go maps, they come in order here.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { ipText, isIpv4, parseIp } from '../../../apimachinery/ip-address.ts';
import { newControllerRef } from '../../../apimachinery/owner-references.ts';
import { LAST_APPLIED } from '../../../apimachinery/well-known/annotations.ts';
import { LABEL_SERVICE_NAME, LABEL_SLICE_MANAGED_BY } from '../../../apimachinery/well-known/labels.ts';
import type { EndpointAddress, Endpoints } from '../../../schema/generated/types/core-v1.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import { TRIGGER_TIME } from '../service-endpoints/pod-endpoints.ts';
import { type AddressFamily, endpointKey, hasSameState, portsKey, slicePrefix } from '../service-endpoints/slices.ts';
import { repackSubsets } from '../service-endpoints/subsets.ts';

export const MIRRORED_BY = 'endpointslicemirroring-controller.k8s.io';
const FAMILIES: readonly AddressFamily[] = ['IPv4', 'IPv6'];

export interface MirrorChanges {
  readonly create: readonly EndpointSlice[];
  readonly update: readonly EndpointSlice[];
  readonly delete: readonly EndpointSlice[];
}

interface Group {
  readonly family: AddressFamily;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Map<string, Endpoint>;
}

/** What to write, how many addresses are no addresses, and how many are left out altogether. */
export function mirror(
  endpoints: Endpoints,
  existing: readonly EndpointSlice[],
  maxPerSubset: number,
): { readonly changes: MirrorChanges; readonly invalid: number; readonly skipped: number } {
  const { groups, invalid, skipped } = wantedGroups(endpoints, maxPerSubset);
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  const toDelete: EndpointSlice[] = [];
  const existingByGroup = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const key = groupKey(slice.addressType as AddressFamily, slice.ports ?? []);
    existingByGroup.set(key, [...(existingByGroup.get(key) ?? []), slice]);
  }

  for (const [key, group] of groups) {
    const slices = existingByGroup.get(key) ?? [];
    existingByGroup.delete(key);
    if (group.endpoints.size === 0) {
      toDelete.push(...slices);
      continue;
    }
    const [first, ...others] = slices;
    toDelete.push(...others);
    if (first && isUpToDate(first, endpoints, group)) continue;
    const slice = sliceOf(endpoints, group, maxPerSubset, first?.metadata.name);
    (first ? update : create).push(slice);
  }
  for (const slices of existingByGroup.values()) toDelete.push(...slices);
  return { changes: recycle({ create, update, delete: toDelete }), invalid, skipped };
}

function wantedGroups(endpoints: Endpoints, maxPerSubset: number) {
  const groups = new Map<string, Group>();
  let invalid = 0;
  let skipped = 0;
  for (const { ports = [], addresses = [], notReadyAddresses = [] } of repackSubsets(endpoints.subsets ?? [])) {
    const slicePorts: readonly EndpointPort[] = ports.map(({ name = '', port, protocol, appProtocol }) => ({
      name,
      port,
      protocol: protocol ?? '',
      ...(appProtocol === undefined ? {} : { appProtocol }),
    }));
    for (const family of FAMILIES) {
      const key = groupKey(family, slicePorts);
      groups.set(key, { family, ports: slicePorts, endpoints: groups.get(key)?.endpoints ?? new Map() });
    }
    let added = 0;
    for (const [list, ready] of [[addresses, true] as const, [notReadyAddresses, false] as const])
      for (const address of list) {
        if (added >= maxPerSubset) break;
        const mirrored = addressToEndpoint(address, ready);
        if (mirrored) {
          const { endpoint, family } = mirrored;
          groups.get(groupKey(family, slicePorts))!.endpoints.set(endpointKey(endpoint), endpoint);
          added++;
        } else invalid++;
      }
    skipped += addresses.length + notReadyAddresses.length - added;
  }
  return { groups, invalid, skipped };
}

function groupKey(family: AddressFamily, ports: readonly EndpointPort[]): string {
  return `${family}-${portsKey(ports)}`;
}

function addressToEndpoint(
  { ip: text, targetRef, nodeName, hostname }: EndpointAddress,
  ready: boolean,
): { readonly endpoint: Endpoint; readonly family: AddressFamily } | undefined {
  const ip = parseIp(text);
  if (!ip) return undefined;
  return {
    endpoint: {
      addresses: [ipText(ip)],
      conditions: { ready },
      ...(hostname ? { hostname } : {}),
      ...(targetRef ? { targetRef } : {}),
      ...(nodeName === undefined ? {} : { nodeName }),
    },
    family: isIpv4(ip) ? 'IPv4' : 'IPv6',
  };
}

function isUpToDate(slice: EndpointSlice, endpoints: Endpoints, { endpoints: wanted }: Group): boolean {
  const before = slice.endpoints ?? [];
  if (before.length !== wanted.size) return false;
  for (const endpoint of before) {
    const now = wanted.get(endpointKey(endpoint));
    if (!now || !hasSameState(now, endpoint)) return false;
  }
  const { [LABEL_SLICE_MANAGED_BY]: _manager, [LABEL_SERVICE_NAME]: _service, ...labels } = slice.metadata.labels ?? {};
  if (!semanticDeepEqual(endpoints.metadata.labels ?? {}, labels)) return false;
  if (!semanticDeepEqual(mirroredAnnotations(endpoints), slice.metadata.annotations ?? {})) return false;
  const { name, uid } = endpoints.metadata;
  return !(slice.metadata.ownerReferences ?? []).some(
    (owner) => owner.kind === 'Endpoints' && owner.name === name && owner.uid !== uid,
  );
}

function mirroredAnnotations({ metadata }: Endpoints): Readonly<Record<string, string>> {
  const { [TRIGGER_TIME]: _time, [LAST_APPLIED]: _applied, ...annotations } = metadata.annotations ?? {};
  return annotations;
}

function sliceOf(
  endpoints: Endpoints,
  { family, ports, endpoints: wanted }: Group,
  max: number,
  name: string | undefined,
): EndpointSlice {
  const { name: serviceName = '', namespace = '', labels } = endpoints.metadata;
  const annotations = mirroredAnnotations(endpoints);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...(name === undefined ? { generateName: slicePrefix(serviceName) } : { name }),
      namespace,
      labels: { ...labels, [LABEL_SERVICE_NAME]: serviceName, [LABEL_SLICE_MANAGED_BY]: MIRRORED_BY },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ownerReferences: [newControllerRef(endpoints, { group: '', version: 'v1', kind: 'Endpoints' })],
    },
    addressType: family,
    endpoints: [...wanted.values()].slice(0, max),
    ports,
  };
}

/** Creations take the place of slices of the same family that would be deleted. */
function recycle({ create, update, delete: toDelete }: MirrorChanges): MirrorChanges {
  const deletions = [...toDelete];
  const creations: EndpointSlice[] = [];
  const updates = [...update];
  for (const slice of create) {
    const at = deletions.findIndex(({ addressType }) => addressType === slice.addressType);
    const [old] = at < 0 ? [] : deletions.splice(at, 1);
    if (old) updates.push({ ...slice, metadata: { ...slice.metadata, name: old.metadata.name ?? '' } });
    else creations.push(slice);
  }
  return { create: creations, update: updates, delete: deletions };
}
