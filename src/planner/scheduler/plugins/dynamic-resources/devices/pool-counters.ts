// The counters that the devices of a pool share: what is left of them, and what one search draws.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/allocator_incubating.go
// (checkAvailableCounters), Kubernetes v1.36.3.
import type { Quantity } from '../../../../../apimachinery/quantity/quantity.ts';
import { deviceId, isAllocated } from '../allocation/allocated-devices.ts';
import { quantityOf } from './consumed-capacity.ts';
import type { PlacedDevice, Pool } from './device-pools.ts';
import type { Counters, DeviceSupply } from './device-supply.ts';

const ZERO = quantityOf(0);

export class PoolCounters {
  readonly #supply: DeviceSupply;
  /** By pool, counter set and counter. */
  readonly #drawn = new Map<string, Map<string, Map<string, Quantity>>>();

  constructor(supply: DeviceSupply) {
    this.#supply = supply;
  }

  /** Draws the device's share of the counters of its pool, if all of them have enough left. */
  draw(placed: PlacedDevice): boolean {
    const left = this.#left(placed.pool);
    this.#add(placed, 1);
    const drawn = this.#drawn.get(placed.pool.name);
    for (const [set, counters] of left)
      for (const [name, amount] of counters) {
        if (amount.cmp(drawn?.get(set)?.get(name) ?? ZERO) >= 0) continue;
        this.#add(placed, -1);
        return false;
      }
    return true;
  }

  giveBack(placed: PlacedDevice): void {
    this.#add(placed, -1);
  }

  #add({ device, pool }: PlacedDevice, sign: 1 | -1): void {
    const ofPool = this.#drawn.get(pool.name) ?? new Map<string, Map<string, Quantity>>();
    this.#drawn.set(pool.name, ofPool);
    for (const { counterSet, counters = {} } of device.consumesCounters ?? []) {
      const ofSet = ofPool.get(counterSet) ?? new Map<string, Quantity>();
      ofPool.set(counterSet, ofSet);
      for (const [name, { value }] of Object.entries(counters)) {
        const before = ofSet.get(name) ?? ZERO;
        ofSet.set(name, sign > 0 ? before.add(quantityOf(value)) : before.sub(quantityOf(value)));
      }
    }
  }

  #left(pool: Pool): Counters {
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
