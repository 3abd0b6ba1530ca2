// Nodes that nothing but their own pods can tell apart for pods of one class, kept together: of each such group only the best
// node, by what its own pods make of it, can be the best of all. So a search looks at some groups instead of thousands of nodes.
import type { LocalPart } from '../parts/local-part.ts';
import { NodeHeap } from './node-heap.ts';
import type { Domains, NodeTable } from './node-table.ts';

/** Something that tells nodes apart. */
export type Column =
  /** A value of each node that does not change. */
  | { readonly kind: 'fixed'; readonly values: ArrayLike<number> }
  /** The domain that the node is in. */
  | { readonly kind: 'domain'; readonly domains: Domains }
  /** How many pods a node's domain, or the node, has; changes only with the pods of these nodes. */
  | { readonly kind: 'count'; readonly domains: Domains; readonly counts: Int32Array; readonly perNode: boolean };

/** Keys with more domains than that tell nodes apart by the domain's count, others by the domain. */
const MOST_DOMAINS = 32;

/** The column of a sum of pods by domain. */
export function countColumn(domains: Domains, counts: Int32Array): Column {
  return domains.count <= MOST_DOMAINS
    ? { kind: 'domain', domains }
    : { kind: 'count', domains, counts, perNode: false };
}

/** With more groups than that, and than a part of the nodes, looking at all nodes is no slower. */
const MOST_GROUPS = 64;
const NODES_A_GROUP = 8;

/** Entries out of date that a heap may have beside as many as it has nodes. */
const SLACK = 64;

interface Group {
  readonly heap: NodeHeap;
  /** Whether a node is in the group with this total. */
  readonly holds: (node: number, total: number) => boolean;
  /** How many nodes are in it. */
  size: number;
  /** Its place among the groups that have nodes; -1 without. */
  place: number;
}

/** Room for the count of a pod's domain in a key. */
const COUNT_LIMIT = 2 ** 21;

export class LikeNodes {
  readonly #table: NodeTable;
  readonly #local: LocalPart;
  /** 1 where the node's object admits the pod; absent: everywhere. */
  readonly #mask: Uint8Array | undefined;
  /** What never changes about a node, as a number. */
  readonly #fixed: Int32Array;
  readonly #counts: readonly Extract<Column, { kind: 'count' }>[];
  /** Nodes of each domain, for counts whose domains have several. */
  readonly #members: readonly (readonly (readonly number[])[] | undefined)[];
  readonly #next: readonly Map<number, number>[];
  #ids = 0;
  readonly #groups: (Group | undefined)[] = [];
  readonly #groupOf: (Group | undefined)[];
  readonly #live: Group[] = [];
  #cursor = -1;
  /** Whether the groups are few, and were so far. */
  #isUsable = true;

  constructor(table: NodeTable, local: LocalPart, mask: Uint8Array | undefined, columns: readonly Column[]) {
    this.#table = table;
    this.#local = local;
    this.#mask = mask;
    this.#counts = columns.filter((column) => column.kind === 'count');
    this.#members = this.#counts.map(({ domains, perNode }) => (perNode ? undefined : membersOf(domains)));
    this.#next = this.#counts.map(() => new Map());
    this.#fixed = new Int32Array(table.size);
    this.#groupOf = new Array<Group | undefined>(table.size).fill(undefined);
    this.#ids = this.#numberFixed(columns);
  }

  /**
   * Fills in the best node of each group and, by node, how many its group has; answers how many groups there are, undefined when
   * there are too many.
   */
  refresh(nodes: Int32Array, sizes: Int32Array): number | undefined {
    if (!this.#isUsable) return undefined;
    this.#follow();
    if (this.#live.length > Math.max(MOST_GROUPS, this.#table.size / NODES_A_GROUP)) this.#isUsable = false;
    if (!this.#isUsable) return undefined;
    let size = 0;
    for (const { heap, holds, size: members } of this.#live) {
      const node = heap.best(holds);
      nodes[size++] = node;
      sizes[node] = members;
    }
    return size;
  }

  #follow(): void {
    const changes = this.#cursor < 0 ? 'all' : this.#table.changesSince(this.#cursor);
    this.#cursor = this.#table.cursor;
    if (changes === 'all') {
      for (let node = 0; node < this.#table.size; node++) this.#update(node);
      return;
    }
    for (const node of changes) {
      this.#update(node);
      for (const [c, members] of this.#members.entries())
        if (members)
          for (const other of members[this.#counts[c]!.domains.of[node]!]!) if (other !== node) this.#update(other);
    }
  }

  #update(node: number): void {
    const total = this.#local.totals[node]!;
    const isIn = total >= 0 && (this.#mask === undefined || this.#mask[node] === 1);
    const group = isIn ? this.#groupFor(node) : undefined;
    const before = this.#groupOf[node];
    if (group !== before) {
      this.#groupOf[node] = group;
      if (before) this.#resize(before, -1);
      if (group) this.#resize(group, 1);
    }
    if (!group) return;
    if (NodeHeap.holds(total)) group.heap.add(node, total);
    else this.#isUsable = false;
    if (group.heap.size > 2 * group.size + SLACK) group.heap.keep(group.holds);
  }

  #resize(group: Group, delta: 1 | -1): void {
    const before = group.size;
    group.size += delta;
    if (before === 0) group.place = this.#live.push(group) - 1;
    if (group.size > 0) return;
    const last = this.#live.pop()!;
    if (last !== group) this.#live[(last.place = group.place)] = last;
    group.place = -1;
    group.heap.clear();
  }

  #groupFor(node: number): Group {
    let id = this.#fixed[node]!;
    for (let c = 0; c < this.#counts.length; c++) {
      const { domains, counts, perNode } = this.#counts[c]!;
      const count = domains.has[node] === 0 ? 0 : 1 + counts[perNode ? node : domains.of[node]!]!;
      const key = id * COUNT_LIMIT + count;
      const next = this.#next[c]!;
      let known = next.get(key);
      if (known === undefined) next.set(key, (known = this.#ids++));
      id = known;
    }
    return (this.#groups[id] ??= this.#newGroup());
  }

  #newGroup(): Group {
    const group: Group = {
      heap: new NodeHeap(),
      holds: (node, total) => this.#groupOf[node] === group && this.#local.totals[node] === total,
      size: 0,
      place: -1,
    };
    return group;
  }

  /** Numbers what never changes about the nodes; answers how many numbers there are. */
  #numberFixed(columns: readonly Column[]): number {
    const numbers = new Map<string, number>();
    for (let node = 0; node < this.#fixed.length; node++) {
      let text = '';
      for (const column of columns) {
        if (column.kind === 'fixed') text += `${column.values[node]} `;
        else if (column.kind === 'domain') text += `${column.domains.has[node]}${column.domains.of[node]} `;
      }
      let number = numbers.get(text);
      if (number === undefined) numbers.set(text, (number = numbers.size));
      this.#fixed[node] = number;
    }
    return numbers.size;
  }
}

/** Nothing when every domain has one node at most. */
function membersOf({ of, has, count }: Domains): readonly (readonly number[])[] | undefined {
  const members = Array.from({ length: count }, (): number[] => []);
  for (let node = 0; node < of.length; node++) if (has[node] === 1) members[of[node]!]!.push(node);
  return members.some(({ length }) => length > 1) ? members : undefined;
}
