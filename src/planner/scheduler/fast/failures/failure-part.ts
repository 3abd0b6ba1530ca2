// Why the nodes refuse pods of a class, kept up to date node by node, with what eviction would achieve on each.
// Only for classes that nothing but each node and its pods can refuse: no required spreading or affinity.
import type { NodeVerdicts } from '../../framework/fit-error.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import { type Status, type StatusCode, unschedulableAndUnresolvable } from '../../framework/status.ts';
import type { NodeTable } from '../nodes/node-table.ts';
import type { LocalPart } from '../parts/local-part.ts';
import type { StaticPart } from '../parts/static-part.ts';
import { CandidateIndex } from './candidate-index.ts';

export class FailurePart implements NodeVerdicts {
  readonly candidates: CandidateIndex;
  readonly absentNodesStatus = unschedulableAndUnresolvable();
  readonly #table: NodeTable;
  readonly #staticPart: StaticPart;
  readonly #local: LocalPart;
  /** Where each filter plugin comes in the order in which they are asked. */
  readonly #rank: ReadonlyMap<string, number>;
  readonly #statuses: (Status | undefined)[];
  readonly #reasons = new Map<string, number>();
  readonly #plugins = new Map<string, number>();
  #refused = 0;
  #cursor = -1;
  /** The node that was last looked at without the pod that is promised to it. */
  #exception: number | undefined;

  constructor(table: NodeTable, staticPart: StaticPart, local: LocalPart, rank: ReadonlyMap<string, number>) {
    this.#table = table;
    this.#staticPart = staticPart;
    this.#local = local;
    this.#rank = rank;
    this.candidates = new CandidateIndex(table);
    this.#statuses = new Array<Status | undefined>(table.size).fill(undefined);
  }

  /** `exception`: a node whose verdict is this pod's own, being promised to it. */
  refresh(exception: number | undefined): void {
    const changes = this.#cursor < 0 ? 'all' : this.#table.changesSince(this.#cursor);
    this.#cursor = this.#table.cursor;
    if (changes === 'all') for (let node = 0; node < this.#table.size; node++) this.#update(node);
    else for (const node of changes) this.#update(node);
    if (this.#exception !== undefined) this.#update(this.#exception);
    this.#exception = exception;
    if (exception !== undefined) this.#update(exception);
  }

  get rejectors(): ReadonlySet<string> {
    return new Set(this.#plugins.keys());
  }

  get(nodeName: string): Status {
    const node = this.#table.numberOf(nodeName);
    return (node === undefined ? undefined : this.#statuses[node]) ?? this.absentNodesStatus;
  }

  reasonCounts(): ReadonlyMap<string, number> {
    return this.#reasons;
  }

  nodesForStatusCode(_nodes: readonly NodeInfo[], code: StatusCode): readonly NodeInfo[] {
    const found: NodeInfo[] = [];
    for (let node = 0; node < this.#statuses.length; node++)
      if (this.#statuses[node]?.code === code) found.push(this.#table.nodes[node]!);
    return found;
  }

  /** Whether no node is left that only something else could refuse. */
  get refusesAll(): boolean {
    return this.#refused === this.#table.size;
  }

  #update(node: number): void {
    const before = this.#statuses[node];
    const status = this.#firstRefusal(node);
    this.candidates.update(node, status?.code === 'Unschedulable');
    if (before === status) return;
    this.#statuses[node] = status;
    this.#refused += Number(status !== undefined) - Number(before !== undefined);
    if (before) this.#count(before, -1);
    if (status) this.#count(status, 1);
  }

  #firstRefusal(node: number): Status | undefined {
    const own = this.#staticPart.refusals[node];
    const local = this.#local.refusalOf(node);
    if (!own || !local) return own ?? local;
    return this.#rankOf(own) < this.#rankOf(local) ? own : local;
  }

  #rankOf({ plugin = '' }: Status): number {
    return this.#rank.get(plugin) ?? 0;
  }

  #count({ reasons, plugin }: Status, delta: 1 | -1): void {
    for (const reason of reasons) count(this.#reasons, reason, delta);
    if (plugin) count(this.#plugins, plugin, delta);
  }
}

function count(counts: Map<string, number>, key: string, delta: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + delta;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}
