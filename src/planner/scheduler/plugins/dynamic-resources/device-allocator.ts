// Finds devices on one node for all claims of a pod: the first ones that satisfy every request, with backtracking.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/allocator_incubating.go, Kubernetes v1.36.3.
// Differs: ids of shares are made up from the claim and the device.
import type { Quantity } from '../../../../apimachinery/quantity.ts';
import { cel } from '../../../../apiserver/cel/loaded.ts';
import type { Node } from '../../../../schema/generated/types/core-v1.ts';
import type {
  AllocationResult,
  Device,
  DeviceClass,
  DeviceSelector,
  DeviceTaint,
  ResourceClaim,
  ResourceSlice,
} from '../../../../schema/generated/types/resource-v1.ts';
import { type AllocatedDevices, deviceId, isAllocated } from './allocated-devices.ts';
import { type Chosen, resultOf } from './allocation-result.ts';
import { addCapacities, type Capacities, consumedCapacity, fitsCapacity, quantityOf } from './consumed-capacity.ts';
import { type Constraint, constraintOf } from './device-constraints.ts';
import { isForNode, type PlacedDevice, type Pool, type SliceIndex } from './device-pools.ts';
import { alternativesOf, type ClassOf, claimText, hasAlternatives, type WantedDevices } from './device-requests.ts';

/** Something is wrong with a claim, a class or an expression: no node can help. */
export class AllocationError extends Error {}

/** The node alone is to blame; others may do. */
export class NodeAllocationError extends Error {}

/** Devices that one claim can have. */
const MOST_DEVICES = 32;

type Outcome = 'done' | 'impossible' | 'too-many';

/** Where to go on looking. */
interface Place {
  readonly pool: number;
  readonly slice: number;
  readonly device: number;
}

const START: Place = { pool: 0, slice: 0, device: 0 };

interface RequestState {
  readonly wanted: WantedDevices;
  readonly class: DeviceClass;
  readonly all: readonly PlacedDevice[];
  readonly count: number;
}

interface ClaimState {
  readonly claim: ResourceClaim;
  /** The alternatives of each request. */
  readonly requests: readonly (readonly RequestState[])[];
  readonly constraints: readonly Constraint[];
  /** Which alternative of each request was taken. */
  readonly selected: number[];
  readonly chosen: Chosen[];
}

/** What the allocator knows of the cluster, for all nodes. */
export interface DeviceSupply {
  readonly slices: SliceIndex;
  readonly allocated: AllocatedDevices;
  readonly classOf: ClassOf;
  /** Counters that are left of each pool's, found once. */
  readonly counters: Map<string, Counters>;
}

type Counters = ReadonlyMap<string, ReadonlyMap<string, Quantity>>;

/** One allocation a claim; undefined when the devices do not suffice. */
export function allocateDevices(
  supply: DeviceSupply,
  node: Node,
  claims: readonly ResourceClaim[],
): readonly AllocationResult[] | undefined {
  return new DeviceSearch(supply, node).run(claims);
}

class DeviceSearch {
  readonly #supply: DeviceSupply;
  readonly #node: Node;
  readonly #pools: readonly Pool[];
  #claims: readonly ClaimState[] = [];
  readonly #matches = new Map<string, boolean>();
  /** Claims that take a device whole. */
  readonly #taking = new Map<string, Set<number>>();
  readonly #takingCapacity = new Map<string, Capacities>();
  /** By pool, counter set and counter. */
  readonly #consumed = new Map<string, Map<string, Map<string, Quantity>>>();

  constructor(supply: DeviceSupply, node: Node) {
    this.#supply = supply;
    this.#node = node;
    this.#pools = supply.slices.poolsFor(node);
  }

  run(claims: readonly ResourceClaim[]): readonly AllocationResult[] | undefined {
    this.#claims = claims.map((claim, i) => this.#stateOf(claim, i));
    if (this.#allocate(0, 0, 0, 0, false, START) !== 'done') {
      if (this.#pools.some(({ isInvalid }) => isInvalid))
        throw new NodeAllocationError('invalid resource pools were encountered');
      return undefined;
    }
    return this.#claims.map(({ claim, requests, selected, chosen }) =>
      resultOf(
        claim,
        requests.map((alternatives, i) => ({ ...alternatives[selected[i] ?? 0]!, index: selected[i] ?? 0 })),
        chosen,
        this.#node.metadata.name ?? '',
      ),
    );
  }

  #stateOf(claim: ResourceClaim, index: number): ClaimState {
    let least = 0;
    const requests = (claim.spec.devices.requests ?? []).map((request, r) => {
      const states = alternativesOf(request).map((wanted, a) =>
        this.#requestState(claim, wanted, `${index} ${r} ${a}`),
      );
      least += Math.min(...states.map(({ count }) => count));
      return states;
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

  #requestState(claim: ResourceClaim, wanted: WantedDevices, key: string): RequestState {
    const own = wanted.name.slice(wanted.name.indexOf('/') + 1);
    const where = `claim ${claimText(claim)}, request ${own}`;
    wanted.selectors.forEach(({ cel }, i) => {
      if (!cel)
        throw new AllocationError(`${where}, selector #${i}: CEL expression empty (unsupported selector type?)`);
    });
    const found = this.#supply.classOf(wanted.deviceClassName);
    if (!found)
      throw new AllocationError(
        `${where}: could not retrieve device class ${wanted.deviceClassName}: deviceclass.resource.k8s.io "${wanted.deviceClassName}" not found`,
      );
    if (!wanted.takesAll) {
      if (wanted.allocationMode !== 'ExactCount')
        throw new AllocationError(`${where}: unsupported count mode ${wanted.allocationMode}`);
      return { wanted, class: found, all: [], count: wanted.count };
    }
    const all: PlacedDevice[] = [];
    for (const pool of this.#pools) {
      const id = `${pool.driver}/${pool.name}`;
      if (pool.isIncomplete)
        throw new AllocationError(`${where}: asks for all devices, but resource pool ${id} is currently being updated`);
      if (pool.isInvalid)
        throw new AllocationError(`${where}: asks for all devices, but resource pool ${id} is currently invalid`);
      for (const slice of pool.slices)
        for (const device of slice.spec.devices ?? []) {
          if (!this.#isSelectable(key, claim, wanted, found, slice, device)) continue;
          const placed = { id: deviceId(slice.spec.driver, slice.spec.pool.name, device.name), device, slice, pool };
          if (this.#hasRoom(placed, wanted)) all.push(placed);
        }
    }
    return { wanted, class: found, all, count: all.length };
  }

  /** Allocates device number `d` of alternative `a` of request `r` of claim `c`, and everything after it. */
  #allocate(c: number, r: number, a: number, d: number, isAlternative: boolean, start: Place): Outcome {
    const state = this.#claims[c];
    if (!state) return 'done';
    const alternatives = state.requests[r];
    if (!alternatives) {
      const outcome = this.#allocate(c + 1, 0, 0, 0, false, START);
      return outcome === 'too-many' ? 'impossible' : outcome;
    }
    if (!isAlternative && hasAlternatives(state.claim.spec.devices.requests![r]!))
      return this.#allocateAny(c, r, alternatives.length);
    const request = alternatives[a]!;
    const { wanted, all, count } = request;
    if (wanted.takesAll && all.length === 0) return 'impossible';
    if (d >= count) return this.#allocate(c, r + 1, 0, 0, false, START);
    if (state.chosen.length + count - d > MOST_DEVICES) return 'too-many';
    if (wanted.takesAll) {
      const undo = this.#take(c, request, all[d]!, true);
      if (!undo) return 'impossible';
      const outcome = this.#allocate(c, r, a, d + 1, isAlternative, START);
      if (outcome !== 'done') undo();
      return outcome;
    }
    return this.#search(c, r, a, d, isAlternative, start);
  }

  #allocateAny(c: number, r: number, alternatives: number): Outcome {
    let areAllTooMany = true;
    for (let a = 0; a < alternatives; a++) {
      const outcome = this.#allocate(c, r, a, 0, true, START);
      if (outcome === 'too-many') continue;
      areAllTooMany = false;
      if (outcome !== 'done') continue;
      this.#claims[c]!.selected[r] = a;
      return 'done';
    }
    return areAllTooMany ? 'too-many' : 'impossible';
  }

  #search(c: number, r: number, a: number, d: number, isAlternative: boolean, start: Place): Outcome {
    const { claim, requests } = this.#claims[c]!;
    const request = requests[r]![a]!;
    const { wanted } = request;
    const key = `${c} ${r} ${a}`;
    for (let p = start.pool; p < this.#pools.length; p++) {
      const pool = this.#pools[p]!;
      if (pool.isIncomplete || pool.isInvalid) continue;
      for (let s = p === start.pool ? start.slice : 0; s < pool.slices.length; s++) {
        const slice = pool.slices[s]!;
        const devices = slice.spec.devices ?? [];
        for (let i = p === start.pool && s === start.slice ? start.device : 0; i < devices.length; i++) {
          const device = devices[i]!;
          const id = deviceId(pool.driver, pool.name, device.name);
          if (wanted.adminAccess ? this.#taking.get(id)?.has(c) : this.#isInUse(id)) continue;
          if (!this.#isSelectable(key, claim, wanted, request.class, slice, device)) continue;
          const placed = { id, device, slice, pool };
          if (!this.#hasRoom(placed, wanted)) continue;
          const undo = this.#take(c, request, placed, false);
          if (!undo) continue;
          const outcome = this.#allocate(c, r, a, d + 1, isAlternative, { pool: p, slice: s, device: i + 1 });
          if (outcome === 'done') return outcome;
          undo();
          if (outcome === 'too-many') return outcome;
        }
      }
    }
    return 'impossible';
  }

  #isSelectable(
    key: string,
    claim: ResourceClaim,
    { selectors }: WantedDevices,
    found: DeviceClass,
    slice: ResourceSlice,
    device: Device,
  ): boolean {
    const matchKey = `${key} ${deviceId(slice.spec.driver, slice.spec.pool.name, device.name)}`;
    const known = this.#matches.get(matchKey);
    if (known !== undefined) return known;
    const { driver } = slice.spec;
    const matches =
      selectorsMatch(`class ${found.metadata.name}`, found.spec.selectors ?? [], driver, device) &&
      selectorsMatch(`claim ${claimText(claim)}`, selectors, driver, device) &&
      (!slice.spec.perDeviceNodeSelection || isForNode(device, this.#node));
    this.#matches.set(matchKey, matches);
    return matches;
  }

  #isInUse(id: string): boolean {
    return this.#supply.allocated.whole.has(id) || (this.#taking.get(id)?.size ?? 0) > 0;
  }

  #hasRoom({ id, device }: PlacedDevice, { capacity }: WantedDevices): boolean {
    return fitsCapacity(device, capacity, [this.#supply.allocated.taken.get(id), this.#takingCapacity.get(id)]);
  }

  /** Gives the device to the claim; undefined when it cannot have it, else what gives it back. */
  #take(c: number, { wanted }: RequestState, placed: PlacedDevice, must: boolean): (() => void) | undefined {
    const { id, device, slice } = placed;
    const { claim, constraints, chosen } = this.#claims[c]!;
    const isShared = device.allowMultipleAllocations === true;
    if (!isShared && wanted.adminAccess && this.#taking.get(id)?.has(c)) return undefined;
    if (!wanted.adminAccess && this.#isInUse(id)) return undefined;
    const undo: (() => void)[] = [];
    const giveBack = (): void => {
      for (const step of undo.reverse()) step();
    };
    const isDrawn = this.#supply.allocated.taken.has(id) || this.#takingCapacity.has(id);
    if ((device.consumesCounters?.length ?? 0) > 0 && !(isShared && isDrawn)) {
      if (!this.#draw(placed)) return undefined;
      undo.push(() => this.#consume(placed, -1));
    }
    if (isKeptAway(device.taints ?? [], wanted)) {
      giveBack();
      return undefined;
    }
    for (const constraint of constraints) {
      if (!constraint.add(wanted.baseName, wanted.name, device, slice.spec.driver)) {
        giveBack();
        if (!must) return undefined;
        const own = wanted.name.slice(wanted.name.indexOf('/') + 1);
        throw new AllocationError(
          `claim ${claimText(claim)}, request ${own}: cannot add device ${id} because a claim constraint would not be satisfied`,
        );
      }
      undo.push(() => constraint.remove(wanted.baseName, wanted.name));
    }
    if (!isShared) {
      const takers = this.#taking.get(id) ?? new Set<number>();
      this.#taking.set(id, takers.add(c));
      undo.push(() => void takers.delete(c));
    }
    if (!this.#hasRoom(placed, wanted)) {
      giveBack();
      return undefined;
    }
    const consumed = isShared ? consumedCapacity(device, wanted.capacity) : undefined;
    if (consumed) {
      const before = this.#takingCapacity.get(id);
      this.#takingCapacity.set(id, addCapacities(before, consumed));
      undo.push(() => {
        if (before) this.#takingCapacity.set(id, before);
        else this.#takingCapacity.delete(id);
      });
    }
    chosen.push({ wanted, placed, ...(consumed ? { consumed } : {}) });
    undo.push(() => void chosen.pop());
    return giveBack;
  }

  /** Draws the device's share of the counters of its pool, if all of them have enough left. */
  #draw(placed: PlacedDevice): boolean {
    const left = this.#countersLeft(placed.pool);
    this.#consume(placed, 1);
    const consumed = this.#consumed.get(placed.pool.name);
    for (const [set, counters] of left)
      for (const [name, amount] of counters) {
        const drawn = consumed?.get(set)?.get(name);
        if (amount.cmp(drawn ?? ZERO) >= 0) continue;
        this.#consume(placed, -1);
        return false;
      }
    return true;
  }

  #consume({ device, pool }: PlacedDevice, sign: 1 | -1): void {
    const ofPool = this.#consumed.get(pool.name) ?? new Map<string, Map<string, Quantity>>();
    this.#consumed.set(pool.name, ofPool);
    for (const { counterSet, counters = {} } of device.consumesCounters ?? []) {
      const ofSet = ofPool.get(counterSet) ?? new Map<string, Quantity>();
      ofPool.set(counterSet, ofSet);
      for (const [name, { value }] of Object.entries(counters)) {
        const before = ofSet.get(name) ?? ZERO;
        ofSet.set(name, sign > 0 ? before.add(quantityOf(value)) : before.sub(quantityOf(value)));
      }
    }
  }

  #countersLeft(pool: Pool): Counters {
    const known = this.#supply.counters.get(pool.name);
    if (known) return known;
    const left = new Map<string, Map<string, Quantity>>();
    for (const [set, { counters = {} }] of pool.counterSets)
      left.set(set, new Map(Object.entries(counters).map(([name, { value }]) => [name, quantityOf(value)])));
    for (const { spec } of [...pool.slices, ...pool.elsewhere])
      for (const device of spec.devices ?? []) {
        if (!isAllocated(this.#supply.allocated, deviceId(spec.driver, spec.pool.name, device.name))) continue;
        for (const { counterSet, counters = {} } of device.consumesCounters ?? [])
          for (const [name, { value }] of Object.entries(counters)) {
            const before = left.get(counterSet)?.get(name);
            if (before) left.get(counterSet)?.set(name, before.sub(quantityOf(value)));
          }
      }
    this.#supply.counters.set(pool.name, left);
    return left;
  }
}

const ZERO = quantityOf(0);

function selectorsMatch(
  whose: string,
  selectors: readonly DeviceSelector[],
  driver: string,
  { attributes, capacity, allowMultipleAllocations }: Device,
): boolean {
  return selectors.every((selector, i) => {
    const { compileSelector, deviceMatches } = cel().devices;
    const compiled = compileSelector(selector.cel?.expression ?? '');
    if (!compiled.ok) throw new AllocationError(`${whose}: selector #${i}: CEL compile error: ${compiled.error}`);
    const match = deviceMatches(compiled.program, {
      driver,
      ...(attributes ? { attributes } : {}),
      ...(capacity ? { capacity } : {}),
      ...(allowMultipleAllocations === undefined ? {} : { allowMultipleAllocations }),
    });
    if (!match.ok) throw new AllocationError(`${whose}: selector #${i}: CEL runtime error: ${match.error}`);
    return match.matches;
  });
}

function isKeptAway(taints: readonly DeviceTaint[], { tolerations = [] }: WantedDevices): boolean {
  return taints.some(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
      !tolerations.some(
        ({ key, operator, value, effect }) =>
          (!effect || effect === taint.effect) &&
          (!key || key === taint.key) &&
          (operator === 'Exists' || ((!operator || operator === 'Equal') && (value ?? '') === (taint.value ?? ''))),
      ),
  );
}
