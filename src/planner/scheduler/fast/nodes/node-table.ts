// Nodes by number, in the order of their names, with their topology domains and a log of which of them have changed.
// Made anew whenever a node comes, goes or changes its object; pods coming and going only touch it.
import type { NodeInfo } from '../../framework/node-info.ts';

/** The domains of one topology key. Number 0 is that of nodes without the label, which an empty value shares. */
export interface Domains {
  readonly key: string;
  readonly of: Int32Array;
  /** 1 where the node has the label. */
  readonly has: Uint8Array;
  readonly count: number;
}

/** Changes that a follower has not seen: numbers of nodes, or all of them. */
type Changes = readonly number[] | 'all';

const NONE: readonly number[] = [];

export class NodeTable {
  readonly nodes: readonly NodeInfo[];
  readonly #numbers = new Map<string, number>();
  readonly #domains = new Map<string, Domains>();
  #holders: ReadonlyMap<string, readonly number[]> | undefined;
  /** Room for one search to note scores in. */
  readonly scratch: Float64Array;
  #log: number[] = [];
  /** How many entries the log has lost at its start. */
  #dropped = 0;

  constructor(nodes: readonly NodeInfo[]) {
    this.nodes = [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.scratch = new Float64Array(nodes.length);
    for (const [i, { name }] of this.nodes.entries()) this.#numbers.set(name, i);
  }

  get size(): number {
    return this.nodes.length;
  }

  numberOf(nodeName: string): number | undefined {
    return this.#numbers.get(nodeName);
  }

  domains(key: string): Domains {
    let domains = this.#domains.get(key);
    if (!domains) this.#domains.set(key, (domains = this.#findDomains(key)));
    return domains;
  }

  /** The nodes that have any of an extended resource at all. */
  holdersOf(resource: string): readonly number[] {
    return (this.#holders ??= this.#findHolders()).get(resource) ?? NONE;
  }

  touch(node: number): void {
    this.#log.push(node);
    if (this.#log.length > 4 * this.size + 1024) {
      const half = this.#log.length >>> 1;
      this.#log = this.#log.slice(half);
      this.#dropped += half;
    }
  }

  /** Where a follower stands that has seen everything. */
  get cursor(): number {
    return this.#dropped + this.#log.length;
  }

  changesSince(cursor: number): Changes {
    if (cursor === this.cursor) return NONE;
    if (cursor < this.#dropped || this.cursor - cursor > this.size) return 'all';
    const start = cursor - this.#dropped;
    if (this.#log.length === start + 1) return [this.#log[start]!];
    // A node whose pods are evicted, or that is promised to somebody, is touched several times in a row.
    return [...new Set(this.#log.slice(start))];
  }

  #findHolders(): ReadonlyMap<string, readonly number[]> {
    const holders = new Map<string, number[]>();
    this.nodes.forEach(({ allocatable }, i) => {
      for (const [resource, amount] of allocatable.scalars ?? []) {
        if (amount <= 0) continue;
        const nodes = holders.get(resource);
        if (nodes) nodes.push(i);
        else holders.set(resource, [i]);
      }
    });
    return holders;
  }

  #findDomains(key: string): Domains {
    const numbers = new Map<string, number>([['', 0]]);
    const of = new Int32Array(this.size);
    const has = new Uint8Array(this.size);
    this.nodes.forEach(({ labels }, i) => {
      const value = labels[key];
      if (value === undefined) return;
      let number = numbers.get(value);
      if (number === undefined) numbers.set(value, (number = numbers.size));
      of[i] = number;
      has[i] = 1;
    });
    return { key, of, has, count: numbers.size };
  }
}
