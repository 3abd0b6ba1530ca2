// Finds devices on one node for all claims of a pod: the first ones that satisfy every request, with backtracking.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/allocator_incubating.go, Kubernetes v1.36.3.
// Differs: a search ends after so many devices that it looked at, where upstream looks at the clock; ids of shares are made up from the claim and the device.
import type { Node } from '../../../../../schema/generated/types/core-v1.ts';
import type { AllocationResult, ResourceClaim } from '../../../../../schema/generated/types/resource-v1.ts';
import { DeviceMatches } from '../devices/device-matches.ts';
import type { Pool } from '../devices/device-pools.ts';
import type { DeviceSupply } from '../devices/device-supply.ts';
import { DeviceUses } from '../devices/device-uses.ts';
import { deviceId } from './allocated-devices.ts';
import { AllocationTimeout, NodeAllocationError } from './allocation-errors.ts';
import { resultOf } from './allocation-result.ts';
import { type ClaimRequests, MOST_DEVICES, prepareRequests } from './claim-requests.ts';
import { hasAlternatives } from './device-requests.ts';

type Outcome = 'done' | 'impossible' | 'too-many';

/** Where to go on looking. */
interface Place {
  readonly pool: number;
  readonly slice: number;
  readonly device: number;
}

/** Looks at devices within which upstream's ten seconds are over, as far as such searches go. */
const MOST_LOOKS = 500_000;

const START: Place = { pool: 0, slice: 0, device: 0 };

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
  readonly #matches: DeviceMatches;
  readonly #uses: DeviceUses;
  #claims: readonly ClaimRequests[] = [];
  #looks = 0;

  constructor(supply: DeviceSupply, node: Node) {
    this.#supply = supply;
    this.#node = node;
    this.#pools = supply.slices.poolsFor(node);
    this.#matches = new DeviceMatches(node);
    this.#uses = new DeviceUses(supply);
  }

  run(claims: readonly ResourceClaim[]): readonly AllocationResult[] | undefined {
    const place = { classOf: this.#supply.classOf, pools: this.#pools, matches: this.#matches, uses: this.#uses };
    this.#claims = claims.map((claim, i) => prepareRequests(claim, i, place));
    if (this.#allocate(0, 0, 0, 0, false, START) !== 'done') {
      if (this.#pools.some(({ isInvalid }) => isInvalid))
        throw new NodeAllocationError('invalid resource pools were encountered');
      return undefined;
    }
    return this.#claims.map(({ claim, requests, selected, chosen }) =>
      resultOf(
        claim,
        requests.map((alternatives, i) => alternatives[selected[i] ?? 0]!),
        chosen,
        this.#node.metadata.name ?? '',
      ),
    );
  }

  /** Allocates device number `d` of alternative `a` of request `r` of claim `c`, and everything after it. */
  #allocate(c: number, r: number, a: number, d: number, isAlternative: boolean, start: Place): Outcome {
    const of = this.#claims[c];
    if (!of) return 'done';
    const alternatives = of.requests[r];
    if (!alternatives) {
      const outcome = this.#allocate(c + 1, 0, 0, 0, false, START);
      return outcome === 'too-many' ? 'impossible' : outcome;
    }
    if (!isAlternative && hasAlternatives(of.claim.spec.devices.requests![r]!))
      return this.#allocateAny(c, r, alternatives.length);
    const { wanted, all, count } = alternatives[a]!;
    if (wanted.takesAll && all.length === 0) return 'impossible';
    if (d >= count) return this.#allocate(c, r + 1, 0, 0, false, START);
    if (of.chosen.length + count - d > MOST_DEVICES) return 'too-many';
    if (!wanted.takesAll) return this.#search(c, r, a, d, isAlternative, start);
    const undo = this.#uses.take(of, wanted, all[d]!, true);
    if (!undo) return 'impossible';
    const outcome = this.#allocate(c, r, a, d + 1, isAlternative, START);
    if (outcome !== 'done') undo();
    return outcome;
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
    const of = this.#claims[c]!;
    const request = of.requests[r]![a]!;
    const { wanted } = request;
    for (let p = start.pool; p < this.#pools.length; p++) {
      const pool = this.#pools[p]!;
      if (pool.isIncomplete || pool.isInvalid) continue;
      for (let s = p === start.pool ? start.slice : 0; s < pool.slices.length; s++) {
        const slice = pool.slices[s]!;
        const devices = slice.spec.devices ?? [];
        for (let i = p === start.pool && s === start.slice ? start.device : 0; i < devices.length; i++) {
          this.#looks += 1;
          if (this.#looks > MOST_LOOKS) throw new AllocationTimeout();
          const device = devices[i]!;
          const id = deviceId(pool.driver, pool.name, device.name);
          if (this.#uses.isTaken(id, of, wanted)) continue;
          if (!this.#matches.isSelectable(request, slice, device)) continue;
          const placed = { id, device, slice, pool };
          if (!this.#uses.hasRoom(placed, wanted)) continue;
          const undo = this.#uses.take(of, wanted, placed, false);
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
}
