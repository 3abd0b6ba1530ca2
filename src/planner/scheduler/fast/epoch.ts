// What is known of the nodes as they are, and of the kinds of pods that were looked at among them; gone when a node changes.
import type { ClusterCache } from '../cache/cluster-cache.ts';
import { CounterRegistry } from './counts/match-counter.ts';
import { TermGroups } from './counts/term-groups.ts';
import type { FailurePart } from './failures/failure-part.ts';
import { NodeTable } from './nodes/node-table.ts';
import type { ClassParts } from './parts/class-parts.ts';
import type { LocalPart } from './parts/local-part.ts';
import type { StaticPart } from './parts/static-part.ts';

/** Kinds of pods to remember at once; each costs some bytes a node. */
const MOST_CLASSES = 1000;

export interface Epoch {
  readonly table: NodeTable;
  readonly counters: CounterRegistry;
  readonly groups: TermGroups;
  readonly statics: Map<string, StaticPart | undefined>;
  readonly locals: Map<string, LocalPart>;
  readonly images: Map<string, Float64Array | undefined>;
  readonly classes: Map<string, ClassParts | undefined>;
  readonly failures: Set<FailurePart>;
  /** Whether sums of amounts may wrap around. */
  readonly hasHugeAmounts: boolean;
  /** Numbers of nodes, for one search. */
  readonly nodes: Int32Array;
  readonly totals: Float64Array;
  /** How many nodes a node stands for, for one search. */
  readonly sizes: Int32Array;
}

export function newEpoch(cache: ClusterCache, hardPodAffinityWeight: number): Epoch {
  const table = new NodeTable(cache.list());
  return {
    table,
    counters: new CounterRegistry(table),
    groups: new TermGroups(table, hardPodAffinityWeight),
    statics: new Map(),
    locals: new Map(),
    images: new Map(),
    classes: new Map(),
    failures: new Set(),
    hasHugeAmounts: cache.hasHugeAmounts,
    nodes: new Int32Array(table.size),
    totals: new Float64Array(table.size),
    sizes: new Int32Array(table.size),
  };
}

/** Forgets the kinds of pods when there are too many; they are looked at again when they come. */
export function makeRoom({ classes, locals, statics, images, counters, failures }: Epoch): void {
  if (classes.size < MOST_CLASSES) return;
  for (const known of [classes, locals, statics, images, counters, failures]) known.clear();
}

/** What a map of an epoch holds under a text; made when it is first asked for. */
export function remembered<T>(known: Map<string, T>, text: string, make: () => T): T {
  const value = known.get(text);
  if (value !== undefined || known.has(text)) return value as T; // it was put there by this function
  const made = make();
  known.set(text, made);
  return made;
}
