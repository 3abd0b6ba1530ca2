// A priority queue whose members can be found and taken out again.
// Role: pkg/scheduler/backend/heap, Kubernetes v1.36.3. What comes in order, as nearly everything does, waits in a line of its own and
// costs no more than in a list; the rest lies in a binary heap.

export class Heap<T> {
  /** In order; taken out ones leave holes, but never at either end. */
  readonly #line: (T | undefined)[] = [];
  #head = 0;
  /** Numbers in the line count on when its start is dropped. */
  #dropped = 0;
  readonly #numbers = new Map<T, number>();
  readonly #items: T[] = [];
  readonly #positions = new Map<T, number>();
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#numbers.size + this.#items.length;
  }

  has(item: T): boolean {
    return this.#numbers.has(item) || this.#positions.has(item);
  }

  peek(): T | undefined {
    const first = this.#line[this.#head];
    const top = this.#items[0];
    if (first === undefined || top === undefined) return first ?? top;
    return this.#isBefore(top, first) ? top : first;
  }

  add(item: T): void {
    const last = this.#line.at(-1);
    if (last === undefined || !this.#isBefore(item, last)) {
      this.#numbers.set(item, this.#dropped + this.#line.length);
      this.#line.push(item);
      return;
    }
    this.#items.push(item);
    this.#up(this.#items.length - 1, item);
  }

  pop(): T | undefined {
    const top = this.peek();
    if (top !== undefined) this.delete(top);
    return top;
  }

  delete(item: T): boolean {
    const number = this.#numbers.get(item);
    if (number !== undefined) {
      this.#leaveLine(item, number - this.#dropped);
      return true;
    }
    const at = this.#positions.get(item);
    if (at === undefined) return false;
    this.#positions.delete(item);
    const last = this.#items.pop()!;
    if (last === item) return true;
    this.#down(at, last);
    this.#up(this.#positions.get(last)!, last);
    return true;
  }

  #leaveLine(item: T, at: number): void {
    this.#numbers.delete(item);
    this.#line[at] = undefined;
    if (this.#numbers.size === 0) {
      this.#dropped += this.#line.length;
      this.#line.length = 0;
      this.#head = 0;
      return;
    }
    while (this.#line[this.#head] === undefined) this.#head += 1;
    while (this.#line.at(-1) === undefined) this.#line.pop();
    if (this.#head < 1024 || this.#head * 2 < this.#line.length) return;
    this.#line.splice(0, this.#head);
    this.#dropped += this.#head;
    this.#head = 0;
  }

  #up(start: number, item: T): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = this.#items[parent]!;
      if (!this.#isBefore(item, above)) break;
      this.#place(above, at);
      at = parent;
    }
    this.#place(item, at);
  }

  #down(start: number, item: T): void {
    let at = start;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= this.#items.length) break;
      if (child + 1 < this.#items.length && this.#isBefore(this.#items[child + 1]!, this.#items[child]!)) child += 1;
      const below = this.#items[child]!;
      if (!this.#isBefore(below, item)) break;
      this.#place(below, at);
      at = child;
    }
    this.#place(item, at);
  }

  #place(item: T, at: number): void {
    this.#items[at] = item;
    this.#positions.set(item, at);
  }
}
