// The requests of one claim, made ready for a search on one node.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/allocator_incubating.go
// (Allocate, validateDeviceRequest), Kubernetes v1.36.3.
import type { DeviceClass, ResourceClaim } from '../../../../../schema/generated/types/resource-v1.ts';
import { type Constraint, constraintOf } from '../devices/device-constraints.ts';
import type { DeviceMatches, RequestTarget } from '../devices/device-matches.ts';
import type { PlacedDevice, Pool } from '../devices/device-pools.ts';
import { type DeviceUses, ownName } from '../devices/device-uses.ts';
import { deviceId } from './allocated-devices.ts';
import { AllocationError } from './allocation-errors.ts';
import type { Chosen } from './allocation-result.ts';
import { alternativesOf, type ClassOf, claimText, type WantedDevices } from './device-requests.ts';

/** Devices that one claim can have. */
export const MOST_DEVICES = 32;

/** One request, or one alternative of it. */
interface PreparedRequest extends RequestTarget {
  /** For a request that takes all there are. */
  readonly all: readonly PlacedDevice[];
  readonly count: number;
}

export interface ClaimRequests {
  readonly claim: ResourceClaim;
  /** The alternatives of each request. */
  readonly requests: readonly (readonly PreparedRequest[])[];
  readonly constraints: readonly Constraint[];
  /** Which alternative of each request was taken. */
  readonly selected: number[];
  readonly chosen: Chosen[];
}

interface Place {
  readonly classOf: ClassOf;
  readonly pools: readonly Pool[];
  readonly matches: DeviceMatches;
  readonly uses: DeviceUses;
}

export function prepareRequests(claim: ResourceClaim, index: number, place: Place): ClaimRequests {
  let least = 0;
  const requests = (claim.spec.devices.requests ?? []).map((request, r) => {
    const prepared = alternativesOf(request).map((wanted, a) => prepare(claim, wanted, `${index} ${r} ${a}`, place));
    least += Math.min(...prepared.map(({ count }) => count));
    return prepared;
  });
  if (least > MOST_DEVICES)
    throw new AllocationError(
      `claim ${claimText(claim)}: number of requested devices ${least} exceeds the claim limit of ${MOST_DEVICES}`,
    );
  const constraints = (claim.spec.devices.constraints ?? []).map((given, i) => {
    const constraint = constraintOf(given);
    if (constraint) return constraint;
    throw new AllocationError(
      `claim ${claimText(claim)}, constraint #${i}: empty constraint (unsupported constraint type?)`,
    );
  });
  return { claim, requests, constraints, selected: requests.map(() => 0), chosen: [] };
}

function prepare(claim: ResourceClaim, wanted: WantedDevices, key: string, place: Place): PreparedRequest {
  const where = `claim ${claimText(claim)}, request ${ownName(wanted)}`;
  wanted.selectors.forEach(({ cel }, i) => {
    if (!cel) throw new AllocationError(`${where}, selector #${i}: CEL expression empty (unsupported selector type?)`);
  });
  const target: RequestTarget = { claim, wanted, class: classFor(wanted, where, place), key };
  if (wanted.takesAll) {
    const all = allDevices(target, where, place);
    return { ...target, all, count: all.length };
  }
  if (wanted.allocationMode !== 'ExactCount')
    throw new AllocationError(`${where}: unsupported count mode ${wanted.allocationMode}`);
  return { ...target, all: [], count: wanted.count };
}

function classFor({ deviceClassName }: WantedDevices, where: string, { classOf }: Place): DeviceClass {
  const found = classOf(deviceClassName);
  if (found) return found;
  throw new AllocationError(
    `${where}: could not retrieve device class ${deviceClassName}: deviceclass.resource.k8s.io "${deviceClassName}" not found`,
  );
}

function allDevices(target: RequestTarget, where: string, { pools, matches, uses }: Place): readonly PlacedDevice[] {
  const all: PlacedDevice[] = [];
  for (const pool of pools) {
    const id = `${pool.driver}/${pool.name}`;
    if (pool.isIncomplete)
      throw new AllocationError(`${where}: asks for all devices, but resource pool ${id} is currently being updated`);
    if (pool.isInvalid)
      throw new AllocationError(`${where}: asks for all devices, but resource pool ${id} is currently invalid`);
    for (const slice of pool.slices)
      for (const device of slice.spec.devices ?? []) {
        if (!matches.isSelectable(target, slice, device)) continue;
        const placed = { id: deviceId(slice.spec.driver, slice.spec.pool.name, device.name), device, slice, pool };
        if (uses.hasRoom(placed, target.wanted)) all.push(placed);
      }
  }
  return all;
}
