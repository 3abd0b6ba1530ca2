// Who has which device while a search goes on, and what is left of devices that several share.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/allocator_incubating.go
// (allocateDevice), Kubernetes v1.36.3.
import { AllocationError } from '../allocation/allocation-errors.ts';
import type { Chosen } from '../allocation/allocation-result.ts';
import type { ClaimRequests } from '../allocation/claim-requests.ts';
import { claimText, type WantedDevices } from '../allocation/device-requests.ts';
import { addCapacities, type Capacities, consumedCapacity, fitsCapacity } from './consumed-capacity.ts';
import type { PlacedDevice } from './device-pools.ts';
import type { DeviceSupply } from './device-supply.ts';
import { isKeptAway } from './device-taints.ts';
import { PoolCounters } from './pool-counters.ts';

export class DeviceUses {
  readonly #supply: DeviceSupply;
  readonly #counters: PoolCounters;
  /** Claims that take a device whole. */
  readonly #taking = new Map<string, Set<ClaimRequests>>();
  readonly #takingCapacity = new Map<string, Capacities>();

  constructor(supply: DeviceSupply) {
    this.#supply = supply;
    this.#counters = new PoolCounters(supply);
  }

  /** Whether a request cannot have the device, whatever it is like. */
  isTaken(id: string, claim: ClaimRequests, { adminAccess }: WantedDevices): boolean {
    const takers = this.#taking.get(id);
    return adminAccess ? (takers?.has(claim) ?? false) : this.#isInUse(id);
  }

  hasRoom({ id, device }: PlacedDevice, { capacity }: WantedDevices): boolean {
    return fitsCapacity(device, capacity, [this.#supply.allocated.taken.get(id), this.#takingCapacity.get(id)]);
  }

  /** Gives the device to the claim; undefined when it cannot have it, else what gives it back. */
  take(of: ClaimRequests, wanted: WantedDevices, placed: PlacedDevice, must: boolean): (() => void) | undefined {
    const { id, device, slice } = placed;
    const isShared = device.allowMultipleAllocations === true;
    if (!isShared && wanted.adminAccess && this.#taking.get(id)?.has(of)) return undefined;
    if (!wanted.adminAccess && this.#isInUse(id)) return undefined;
    const undo: (() => void)[] = [];
    const giveBack = (): void => {
      for (const step of undo.reverse()) step();
    };
    const refuse = (): undefined => {
      giveBack();
      return undefined;
    };
    const isDrawn = this.#supply.allocated.taken.has(id) || this.#takingCapacity.has(id);
    if ((device.consumesCounters?.length ?? 0) > 0 && !(isShared && isDrawn)) {
      if (!this.#counters.draw(placed)) return undefined;
      undo.push(() => this.#counters.giveBack(placed));
    }
    if (isKeptAway(device.taints ?? [], wanted.tolerations ?? [])) return refuse();
    for (const constraint of of.constraints) {
      if (!constraint.add(wanted.baseName, wanted.name, device, slice.spec.driver)) {
        giveBack();
        if (!must) return undefined;
        throw new AllocationError(
          `claim ${claimText(of.claim)}, request ${ownName(wanted)}: cannot add device ${id} because a claim constraint would not be satisfied`,
        );
      }
      undo.push(() => constraint.remove(wanted.baseName, wanted.name));
    }
    if (!isShared) undo.push(this.#takeWhole(id, of));
    if (!this.hasRoom(placed, wanted)) return refuse();
    const consumed = isShared ? consumedCapacity(device, wanted.capacity) : undefined;
    if (consumed) undo.push(this.#takeShare(id, consumed));
    const chosen: Chosen = { wanted, placed, ...(consumed ? { consumed } : {}) };
    of.chosen.push(chosen);
    undo.push(() => void of.chosen.pop());
    return giveBack;
  }

  #isInUse(id: string): boolean {
    return this.#supply.allocated.whole.has(id) || (this.#taking.get(id)?.size ?? 0) > 0;
  }

  #takeWhole(id: string, of: ClaimRequests): () => void {
    const takers = this.#taking.get(id) ?? new Set<ClaimRequests>();
    this.#taking.set(id, takers.add(of));
    return () => void takers.delete(of);
  }

  #takeShare(id: string, consumed: Capacities): () => void {
    const before = this.#takingCapacity.get(id);
    this.#takingCapacity.set(id, addCapacities(before, consumed));
    return () => {
      if (before) this.#takingCapacity.set(id, before);
      else this.#takingCapacity.delete(id);
    };
  }
}

/** What the request is called in messages: an alternative goes by its own name. */
export function ownName({ name }: WantedDevices): string {
  return name.slice(name.indexOf('/') + 1);
}
