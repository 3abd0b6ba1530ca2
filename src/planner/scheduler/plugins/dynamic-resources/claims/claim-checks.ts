// What PreFilter finds out about the claims of a pod before any node is looked at.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (PreFilter), Kubernetes v1.36.3.
import type {
  AllocationResult,
  DeviceClass,
  ResourceClaim,
  ResourceSlice,
} from '../../../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../../../schema/resource-names.ts';
import type { CycleState } from '../../../framework/cycle-state.ts';
import type { ClusterLister, Handle } from '../../../framework/plugin.ts';
import type { PodInfo } from '../../../framework/pod-info.ts';
import { errorStatus, SKIP, type Status, unschedulableAndUnresolvable } from '../../../framework/status.ts';
import { allocatedDevices } from '../allocation/allocated-devices.ts';
import { alternativesOf, claimText, hasAlternatives } from '../allocation/device-requests.ts';
import { SliceIndex } from '../devices/device-pools.ts';
import type { DeviceSupply } from '../devices/device-supply.ts';
import { extendedResourceClaim } from '../extended-resources.ts';
import { type ClaimsState, groupState, noClaims, uidOf } from './claims-state.ts';
import { podClaims, podConsumers } from './pod-claims.ts';

type Cluster = Pick<Handle, 'objects' | 'pendingAllocations'>;

/** The state of the pod for the other extension points, or why it has to wait or need not be looked at. */
export function checkClaims(
  pod: PodInfo,
  podGroup: CycleState | undefined,
  { objects, pendingAllocations: pending }: Cluster,
  acceptsGroups: boolean,
): ClaimsState | Status {
  const found = podClaims(objects, pod, acceptsGroups);
  if ('problem' in found) return unschedulableAndUnresolvable(found.problem);
  const extended = extendedResourceClaim(objects, pod);
  const bound = podConsumers(objects, pod, acceptsGroups);
  if ('problem' in bound) return unschedulableAndUnresolvable(bound.problem);
  const claims = [...found.claims, ...(extended ? [extended] : [])];
  if (claims.length === 0) return SKIP;
  const sharable = podGroup?.read(groupState);
  const shared = new Map<number, AllocationResult>();
  for (const [i, claim] of claims.entries()) {
    if (claim.status?.allocation) continue;
    const uid = uidOf(claim);
    const inFlight = pending.get(uid);
    if (inFlight && sharable?.has(uid)) {
      shared.set(i, inFlight);
      continue;
    }
    if (inFlight)
      return unschedulableAndUnresolvable(`resource claim ${claimText(claim)} is in the process of being allocated`);
    const problem = claim === extended ? undefined : whyNotAllocatable(claim, objects);
    if (problem) return problem;
  }
  const isAnyToAllocate = claims.some(({ status }) => !status?.allocation);
  const supply = isAnyToAllocate ? supplyOf(objects, pending.results()) : undefined;
  return { ...noClaims(), claims, extended, consumers: bound.consumers, supply, shared };
}

function whyNotAllocatable(claim: ResourceClaim, objects: ClusterLister): Status | undefined {
  for (const request of claim.spec.devices.requests ?? []) {
    if (!request.exactly && !hasAlternatives(request))
      return unschedulableAndUnresolvable(
        `resource claim ${claimText(claim)}, request ${request.name}: unknown request type`,
      );
    for (const { deviceClassName, name } of alternativesOf(request)) {
      if (deviceClassName === '') return errorStatus(`request ${name}: unsupported request type`);
      if (!classOf(objects, deviceClassName))
        return unschedulableAndUnresolvable(`request ${name}: device class ${deviceClassName} does not exist`);
    }
  }
  return undefined;
}

function supplyOf(objects: ClusterLister, pending: readonly AllocationResult[]): DeviceSupply {
  return {
    slices: new SliceIndex(objects.list<ResourceSlice>('resourceslices.resource.k8s.io')),
    allocated: allocatedDevices(objects.list<ResourceClaim>(RESOURCE_CLAIMS), pending),
    classOf: (name) => classOf(objects, name),
    counters: new Map(),
  };
}

function classOf(objects: ClusterLister, name: string): DeviceClass | undefined {
  return objects.get<DeviceClass>('deviceclasses.resource.k8s.io', undefined, name);
}
