// The best of some nodes: the greatest total, then the first number. Entries that no longer hold stay until they would be the best.

/** Numbers of nodes and totals fit one double each with room for the other. */
const NODE_LIMIT = 2 ** 21;
const TOTAL_LIMIT = 2 ** 31 - 1;

export class NodeHeap {
  /** The smaller, the better. */
  #entries: number[] = [];

  /** Whether totals can be told apart here. */
  static holds(total: number): boolean {
    return Number.isInteger(total) && total >= 0 && total < TOTAL_LIMIT;
  }

  /** Entries, whether they hold or not. */
  get size(): number {
    return this.#entries.length;
  }

  add(node: number, total: number): void {
    const entry = (TOTAL_LIMIT - total) * NODE_LIMIT + node;
    let child = this.#entries.push(entry) - 1;
    while (child > 0) {
      const parent = (child - 1) >>> 1;
      if (this.#entries[parent]! <= entry) break;
      this.#entries[child] = this.#entries[parent]!;
      child = parent;
    }
    this.#entries[child] = entry;
  }

  /** The best node of which the entry holds; there must be one. */
  best(holds: (node: number, total: number) => boolean): number {
    for (;;) {
      const top = this.#entries[0]!;
      const node = top % NODE_LIMIT;
      if (holds(node, TOTAL_LIMIT - (top - node) / NODE_LIMIT)) return node;
      this.#pop();
    }
  }

  /** Forgets the entries that do not hold, and what is there twice. */
  keep(holds: (node: number, total: number) => boolean): void {
    const kept = this.#entries.filter((entry) => {
      const node = entry % NODE_LIMIT;
      return holds(node, TOTAL_LIMIT - (entry - node) / NODE_LIMIT);
    });
    // In order, so a heap.
    this.#entries = [...new Set(kept)].sort((a, b) => a - b);
  }

  clear(): void {
    this.#entries = [];
  }

  #pop(): void {
    const entries = this.#entries;
    const last = entries.pop()!;
    const { length } = entries;
    if (length === 0) return;
    let parent = 0;
    for (;;) {
      let child = parent * 2 + 1;
      if (child >= length) break;
      if (child + 1 < length && entries[child + 1]! < entries[child]!) child += 1;
      if (entries[child]! >= last) break;
      entries[parent] = entries[child]!;
      parent = child;
    }
    entries[parent] = last;
  }
}
