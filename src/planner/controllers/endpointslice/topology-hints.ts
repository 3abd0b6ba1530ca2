// Spreads the endpoints of a Service over the zones in proportion to their CPUs: service.kubernetes.io/topology-mode: Auto.
// Behaviour: [endpointslice]/topologycache/{topologycache,sliceinfo,utils}.go, Kubernetes v1.36.3.
// Differs: zones come by name where upstream takes them out of Go maps.
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { DEPRECATED_TOPOLOGY_HINTS, TOPOLOGY_MODE } from '../../../apimachinery/well-known/annotations.ts';
import { LABEL_TOPOLOGY_ZONE } from '../../../apimachinery/well-known/labels.ts';
import type { Node, Service } from '../../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import type { AddressFamily } from '../service-endpoints/slices.ts';
import type { SliceChanges } from './reconcile.ts';
import { withHints, withoutHints } from './traffic-distribution.ts';

const EXCLUDED_LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
/** How much more than its share a zone's endpoints may get. */
const OVERLOAD_THRESHOLD = 0.2;

const NO_ZONE = 'One or more endpoints do not have a zone specified';
const NO_HINTS = 'No hints allocated for zones';
const ENABLED = 'Topology Aware Hints has been enabled';
const DISABLED = 'Topology Aware Hints has been disabled';
const INSUFFICIENT_NODES = 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes';
const TOO_FEW_ENDPOINTS = 'Insufficient number of endpoints';
const OVERLOADED = 'Unable to allocate minimum required endpoints to each zone without exceeding overload threshold';

interface Allocation {
  readonly minimum: number;
  readonly maximum: number;
  readonly desired: number;
}

export interface HintEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'TopologyAwareHintsEnabled' | 'TopologyAwareHintsDisabled';
  readonly message: string;
}

export function wantsTopologyHints({ metadata: { annotations } }: Service): boolean {
  const mode = annotations?.[DEPRECATED_TOPOLOGY_HINTS] ?? annotations?.[TOPOLOGY_MODE];
  return mode === 'Auto' || mode === 'auto';
}

/** Whether a node's change may shift the zones' shares. */
export function shiftsZones(node: Node, previous: Node | undefined): boolean {
  return !previous || isReady(node) !== isReady(previous) || zoneOf(node) !== zoneOf(previous);
}

export class TopologyCache {
  #ratios: ReadonlyMap<string, number> | undefined;
  #isStale = true;
  /** Hints per zone, by Service and family. */
  readonly #hints = new Map<string, Map<AddressFamily, ReadonlyMap<string, number>>>();
  readonly #populated = new Set<string>();

  markStale(): void {
    this.#isStale = true;
  }

  get isUsed(): boolean {
    return this.#hints.size > 0;
  }

  /** Services whose zones have too few endpoints for the nodes that there are. */
  overloadedServices(nodes: () => readonly Node[]): readonly string[] {
    const ratios = this.#ratiosOf(nodes);
    return [...this.#hints]
      .filter(([, families]) => [...families.values()].some((hints) => isOverloaded(hints, ratios)))
      .map(([key]) => key)
      .sort();
  }

  /** Forgets the Service's hints of a family; tells when that is news. */
  remove(key: string, family: AddressFamily): readonly HintEvent[] {
    const was = this.#populated.has(key);
    this.#forget(key, family);
    return was ? [disabled(DISABLED, family)] : [];
  }

  forgetService(key: string): void {
    this.#hints.delete(key);
    this.#populated.delete(key);
  }

  addHints(
    key: string,
    family: AddressFamily,
    changes: SliceChanges,
    nodes: () => readonly Node[],
  ): { readonly changes: SliceChanges; readonly events: readonly HintEvent[] } {
    const giveUp = (message: string) => {
      this.#forget(key, family);
      return { changes: withoutHints(changes), events: [disabled(message, family)] };
    };
    const total = [...changes.create, ...changes.update, ...changes.unchanged].reduce((n, s) => n + countReady(s), 0);
    const allocations = allocate(total, this.#ratiosOf(nodes));
    if (typeof allocations === 'string') return giveUp(allocations);

    const hints = new Map<string, number>();
    const unchanged: EndpointSlice[] = [];
    const update = [...changes.update];
    for (const slice of changes.unchanged) {
      const ofSlice = hintsOf(slice, hints, allocations);
      if (!ofSlice) {
        update.push(slice);
        continue;
      }
      unchanged.push(slice);
      for (const [zone, count] of ofSlice) hints.set(zone, (hints.get(zone) ?? 0) + count);
    }
    const open = [...changes.create, ...update];
    for (const { endpoints = [] } of open)
      for (const { conditions, zone } of endpoints) {
        if (!conditions.ready) continue;
        if (!zone) return giveUp(NO_ZONE);
        hints.set(zone, (hints.get(zone) ?? 0) + 1);
      }

    const moves = movesBetween(allocations, hints);
    const hinted = (slice: EndpointSlice): EndpointSlice => ({
      ...slice,
      endpoints: (slice.endpoints ?? []).map((endpoint) => {
        const { conditions, zone } = endpoint;
        if (!conditions.ready || !zone) return endpoint;
        const to = moves.next(zone);
        if (to !== zone) {
          hints.set(to, (hints.get(to) ?? 0) + 1);
          hints.set(zone, (hints.get(zone) ?? 0) - 1);
        }
        return withHints(endpoint, { forZones: [{ name: to }] });
      }),
    });
    const create = changes.create.map(hinted);
    const updated = update.map(hinted);
    if (hints.size === 0) return giveUp(NO_HINTS);
    const wasEnabled = this.#populated.has(key);
    this.#hints.set(key, (this.#hints.get(key) ?? new Map()).set(family, hints));
    this.#populated.add(key);
    const events: readonly HintEvent[] = wasEnabled
      ? []
      : [{ type: 'Normal', reason: 'TopologyAwareHintsEnabled', message: `${ENABLED}, addressType: ${family}` }];
    return { changes: { create, update: updated, delete: changes.delete, unchanged }, events };
  }

  #forget(key: string, family: AddressFamily): void {
    const families = this.#hints.get(key);
    families?.delete(family);
    if (families?.size === 0) this.#hints.delete(key);
    this.#populated.delete(key);
  }

  #ratiosOf(nodes: () => readonly Node[]): ReadonlyMap<string, number> | undefined {
    if (this.#isStale) {
      this.#isStale = false;
      this.#ratios = cpuRatios(nodes());
    }
    return this.#ratios;
  }
}

function disabled(message: string, family: AddressFamily): HintEvent {
  return { type: 'Warning', reason: 'TopologyAwareHintsDisabled', message: `${message}, addressType: ${family}` };
}

/** Each zone's share of the CPUs of ready nodes; undefined when there are fewer than two zones or a node tells too little. */
function cpuRatios(nodes: readonly Node[]): ReadonlyMap<string, number> | undefined {
  const cpus = new Map<string, number>();
  let total = 0;
  for (const node of nodes) {
    if (EXCLUDED_LABELS.some((label) => node.metadata.labels?.[label] !== undefined) || !isReady(node)) continue;
    const cpu = mustParseQuantity(String(node.status.allocatable?.['cpu'] ?? '0')).milliValue();
    const zone = zoneOf(node);
    if (!zone || cpu === 0) return undefined;
    cpus.set(zone, (cpus.get(zone) ?? 0) + cpu);
    total += cpu;
  }
  if (cpus.size < 2) return undefined;
  return new Map([...cpus].sort(byName).map(([zone, cpu]) => [zone, cpu / total]));
}

function allocate(
  endpoints: number,
  ratios: ReadonlyMap<string, number> | undefined,
): ReadonlyMap<string, Allocation> | string {
  if (!ratios) return INSUFFICIENT_NODES;
  const numbers = `(${endpoints} endpoints, ${ratios.size} zones)`;
  if (ratios.size > endpoints) return `${TOO_FEW_ENDPOINTS} ${numbers}`;
  const shares = [...ratios].map(([zone, ratio]) => {
    const desired = ratio * endpoints;
    return { zone, desired, minimum: Math.ceil(desired * (1 / (1 + OVERLOAD_THRESHOLD))) };
  });
  const spare = endpoints - shares.reduce((sum, { minimum }) => sum + minimum, 0);
  if (spare < 0) return `${OVERLOADED} ${numbers}`;
  return new Map(
    shares.map(({ zone, desired, minimum }) => [
      zone,
      { minimum, maximum: minimum + spare, desired: Math.max(desired, minimum) },
    ]),
  );
}

/** The hints of a slice per zone; undefined when they are to be worked out anew. */
function hintsOf(
  { endpoints = [] }: EndpointSlice,
  allocated: ReadonlyMap<string, number>,
  allocations: ReadonlyMap<string, Allocation>,
): ReadonlyMap<string, number> | undefined {
  const hints = new Map<string, number>();
  for (const endpoint of endpoints) {
    if (!endpoint.conditions.ready) continue;
    const zones = endpoint.hints?.forZones ?? [];
    if (zones.length === 0) return undefined;
    for (const { name } of zones) {
      if (!allocations.has(name)) return undefined;
      hints.set(name, (hints.get(name) ?? 0) + 1);
    }
  }
  for (const [zone, count] of hints)
    if (count + (allocated.get(zone) ?? 0) > allocations.get(zone)!.maximum) return undefined;
  return hints;
}

/** How many endpoints which zones give away and receive, and where the next of a zone goes. */
function movesBetween(allocations: ReadonlyMap<string, Allocation>, hints: ReadonlyMap<string, number>) {
  const surplus = new Map<string, number>();
  const lack = new Map<string, number>();
  for (const [zone, { desired }] of allocations) {
    const difference = (hints.get(zone) ?? 0) - desired;
    if (difference > 0) surplus.set(zone, difference);
    else if (difference < 0) lack.set(zone, -difference);
  }
  const giving = new Map<string, number>();
  const receiving = new Map<string, number>();
  for (;;) {
    const from = most(surplus);
    const to = most(lack);
    if (!from || !to || (from.count < 1 && to.count < 1) || from.count < 0.5 || to.count < 0.5) break;
    add(giving, from.zone, 1);
    add(surplus, from.zone, -1);
    add(receiving, to.zone, 1);
    add(lack, to.zone, -1);
  }
  return {
    next(zone: string): string {
      if ((giving.get(zone) ?? 0) <= 0) return zone;
      const to = [...receiving].sort(byName).find(([, count]) => count > 0)?.[0];
      if (to === undefined) return zone;
      add(giving, zone, -1);
      add(receiving, to, -1);
      return to;
    },
  };
}

function most(zones: ReadonlyMap<string, number>): { readonly zone: string; readonly count: number } | undefined {
  let best: { readonly zone: string; readonly count: number } | undefined;
  for (const [zone, count] of [...zones].sort(byName)) if (count > (best?.count ?? 0)) best = { zone, count };
  return best;
}

function add(counts: Map<string, number>, zone: string, change: number): void {
  counts.set(zone, (counts.get(zone) ?? 0) + change);
}

function isOverloaded(hints: ReadonlyMap<string, number>, ratios: ReadonlyMap<string, number> | undefined): boolean {
  if (hints.size === 0) return false;
  if (!ratios) return true;
  const total = [...hints.values()].reduce((sum, count) => sum + count, 0);
  return [...ratios].some(([zone, ratio]) => {
    const count = hints.get(zone);
    return count === undefined || count < Math.ceil(total * ratio * (1 / (1 + OVERLOAD_THRESHOLD)));
  });
}

function countReady({ endpoints = [] }: EndpointSlice): number {
  return endpoints.filter(({ conditions }) => conditions.ready).length;
}

function isReady({ status }: Node): boolean {
  return status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

function zoneOf({ metadata }: Node): string {
  return metadata.labels?.[LABEL_TOPOLOGY_ZONE] ?? '';
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
