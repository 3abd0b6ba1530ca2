// The pools of devices that a node can reach, from the slices that drivers publish.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/pools_incubating.go, Kubernetes v1.36.3.
import type { Node, NodeSelector } from '../../../../../schema/generated/types/core-v1.ts';
import type { CounterSet, Device, ResourceSlice } from '../../../../../schema/generated/types/resource-v1.ts';
import { compileNodeSelector } from '../../../../../selectors/node-selector.ts';

export interface Pool {
  readonly driver: string;
  readonly name: string;
  /** Not all of its slices are there yet. */
  readonly isIncomplete: boolean;
  readonly isInvalid: boolean;
  /** Slices with devices for the node, by name. */
  readonly slices: readonly ResourceSlice[];
  /** Slices for other nodes, whose devices may draw on the same counters. */
  readonly elsewhere: readonly ResourceSlice[];
  readonly counterSets: ReadonlyMap<string, CounterSet>;
}

/** Slices sorted once for all nodes. */
export class SliceIndex {
  readonly #all: readonly ResourceSlice[];
  readonly #ofNode = new Map<string, ResourceSlice[]>();
  readonly #shared: ResourceSlice[] = [];

  constructor(slices: readonly ResourceSlice[]) {
    this.#all = slices;
    for (const slice of slices) {
      const { nodeName, sharedCounters = [] } = slice.spec;
      if (!nodeName || sharedCounters.length > 0) this.#shared.push(slice);
      else {
        const known = this.#ofNode.get(nodeName);
        if (known) known.push(slice);
        else this.#ofNode.set(nodeName, [slice]);
      }
    }
  }

  /** What tells these slices from those of another time. */
  versions(): readonly string[] {
    return this.#all.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion ?? ''}`);
  }

  /** Without binding conditions first, then by driver and name. */
  poolsFor(node: Node): readonly Pool[] {
    const groups = new Map<string, ResourceSlice[]>();
    for (const slice of [...(this.#ofNode.get(node.metadata.name ?? '') ?? []), ...this.#shared])
      if (isRelevant(slice, node)) addNewest(groups, slice);
    const pools: Pool[] = [];
    const conditional: Pool[] = [];
    for (const slices of groups.values()) {
      const pool = this.#pool(slices);
      if (!pool) continue;
      const hasConditions = pool.slices.some(({ spec }) => spec.devices?.some((device) => device.bindingConditions));
      (hasConditions ? conditional : pools).push(pool);
    }
    return [...pools.sort(byId), ...conditional.sort(byId)];
  }

  /** undefined when newer slices say that these are out of date. */
  #pool(slices: readonly ResourceSlice[]): Pool | undefined {
    const { driver, pool } = slices[0]!.spec;
    if (slices.length === pool.resourceSliceCount) return poolOf(slices, []);
    const others = this.#all.filter(({ spec }) => spec.driver === driver && spec.pool.name === pool.name);
    if (others.some(({ spec }) => spec.pool.generation > pool.generation)) return undefined;
    const all = others.filter(({ spec }) => spec.pool.generation === pool.generation);
    if (all.length !== pool.resourceSliceCount) return { ...emptyPool(slices[0]!), isIncomplete: true };
    const near = new Set(slices.map(({ metadata }) => metadata.name));
    return poolOf(
      slices,
      all.filter(({ metadata }) => !near.has(metadata.name)),
    );
  }
}

function addNewest(groups: Map<string, ResourceSlice[]>, slice: ResourceSlice): void {
  const { driver, pool } = slice.spec;
  const key = `${driver}/${pool.name}`;
  const known = groups.get(key);
  const generation = known?.[0]?.spec.pool.generation;
  if (!known || generation === undefined || pool.generation > generation) groups.set(key, [slice]);
  else if (pool.generation === generation) known.push(slice);
}

function emptyPool({ spec }: ResourceSlice): Pool {
  const none: readonly ResourceSlice[] = [];
  return {
    driver: spec.driver,
    name: spec.pool.name,
    isIncomplete: false,
    isInvalid: false,
    slices: none,
    elsewhere: none,
    counterSets: new Map(),
  };
}

function poolOf(slices: readonly ResourceSlice[], elsewhere: readonly ResourceSlice[]): Pool {
  const sorted = [...slices].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  const empty = emptyPool(sorted[0]!);
  const withDevices = sorted.filter(({ spec }) => (spec.sharedCounters?.length ?? 0) === 0);
  const counterSets = counterSetsOf(sorted);
  if (hasDuplicates(withDevices) || !counterSets) return { ...empty, isInvalid: true };
  if (![...sorted, ...elsewhere].every((slice) => consumesKnownCounters(slice, counterSets)))
    return { ...empty, isInvalid: true };
  return { ...empty, slices: withDevices, elsewhere, counterSets };
}

function counterSetsOf(slices: readonly ResourceSlice[]): ReadonlyMap<string, CounterSet> | undefined {
  const sets = new Map<string, CounterSet>();
  for (const { spec } of slices)
    for (const set of spec.sharedCounters ?? []) {
      if (sets.has(set.name)) return undefined;
      sets.set(set.name, set);
    }
  return sets;
}

function hasDuplicates(slices: readonly ResourceSlice[]): boolean {
  const names = slices.flatMap(({ spec }) => (spec.devices ?? []).map(({ name }) => name));
  return new Set(names).size < names.length;
}

function consumesKnownCounters({ spec }: ResourceSlice, sets: ReadonlyMap<string, CounterSet>): boolean {
  return (spec.devices ?? []).every(({ consumesCounters = [] }) =>
    consumesCounters.every(({ counterSet, counters = {} }) => {
      const known = sets.get(counterSet)?.counters ?? {};
      return sets.has(counterSet) && Object.keys(counters).every((name) => Object.hasOwn(known, name));
    }),
  );
}

function isRelevant({ spec }: ResourceSlice, node: Node): boolean {
  if ((spec.sharedCounters?.length ?? 0) > 0) return true;
  if (spec.nodeName || spec.allNodes || spec.nodeSelector) return isForNode(spec, node);
  return spec.perDeviceNodeSelection === true && (spec.devices ?? []).some((device) => isForNode(device, node));
}

/** Whether a slice, or a device that says so itself, can be had on a node. */
export function isForNode(
  { nodeName, allNodes, nodeSelector }: { nodeName?: string; allNodes?: boolean; nodeSelector?: NodeSelector },
  node: Node,
): boolean {
  if (nodeName) return nodeName === node.metadata.name;
  if (allNodes) return true;
  return nodeSelector !== undefined && compileNodeSelector(nodeSelector).matches(node);
}

function byId(a: Pool, b: Pool): number {
  if (a.driver !== b.driver) return a.driver < b.driver ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

export interface PlacedDevice {
  readonly id: string;
  readonly device: Device;
  readonly slice: ResourceSlice;
  readonly pool: Pool;
}
