// Sorts as Go's sort.Sort and sort.Slice do, which do not keep the order of equals and, with a comparison that contradicts itself,
// give an order of their own: the choice of victims and the rows that kubectl prints depend on it.
// Behaviour: sort.Slice (pattern-defeating quicksort), Go 1.26.
import { MAX_UINT64 } from './integer-limits.ts';

type Less<T> = (a: T, b: T) => boolean;

/** Up to here an insertion sort does it all. */
const MAX_INSERTION = 12;
const SHORTEST_NINTHER = 50;
const SHORTEST_SHIFTING = 50;
const MAX_SWAPS = 4 * 3;
const MAX_STEPS = 5;

/** A sorted copy. */
export function goSorted<T>(items: readonly T[], less: Less<T>): T[] {
  const sorted = [...items];
  goSort(sorted, less);
  return sorted;
}

/** Sorts in place. */
export function goSort<T>(items: T[], less: Less<T>): void {
  const limit = items.length === 0 ? 0 : 32 - Math.clz32(items.length);
  new Sorter(items, less).quick(0, items.length, limit);
}

type Hint = 'unknown' | 'increasing' | 'decreasing';

class Sorter<T> {
  readonly #items: T[];
  readonly #compare: Less<T>;

  constructor(items: T[], compare: Less<T>) {
    this.#items = items;
    this.#compare = compare;
  }

  quick(from: number, to: number, limit: number): void {
    let a = from;
    let b = to;
    let badPivots = limit;
    let wasBalanced = true;
    let wasPartitioned = true;
    for (;;) {
      const length = b - a;
      if (length <= MAX_INSERTION) {
        this.#insertion(a, b);
        return;
      }
      if (badPivots === 0) {
        this.#heap(a, b);
        return;
      }
      if (!wasBalanced) {
        this.#breakPatterns(a, b);
        badPivots -= 1;
      }
      let [pivot, hint] = this.#choosePivot(a, b);
      if (hint === 'decreasing') {
        this.#reverse(a, b);
        pivot = b - 1 - (pivot - a);
        hint = 'increasing';
      }
      if (wasBalanced && wasPartitioned && hint === 'increasing' && this.#partialInsertion(a, b)) return;
      if (a > 0 && !this.#less(a - 1, pivot)) {
        a = this.#partitionEqual(a, b, pivot);
        continue;
      }
      const [mid, isPartitioned] = this.#partition(a, b, pivot);
      wasPartitioned = isPartitioned;
      const [left, right] = [mid - a, b - mid];
      const threshold = Math.floor(length / 8);
      if (left < right) {
        wasBalanced = left >= threshold;
        this.quick(a, mid, badPivots);
        a = mid + 1;
      } else {
        wasBalanced = right >= threshold;
        this.quick(mid + 1, b, badPivots);
        b = mid;
      }
    }
  }

  #less(i: number, j: number): boolean {
    return this.#compare(this.#items[i]!, this.#items[j]!);
  }

  #swap(i: number, j: number): void {
    const kept = this.#items[i]!;
    this.#items[i] = this.#items[j]!;
    this.#items[j] = kept;
  }

  #insertion(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) for (let j = i; j > a && this.#less(j, j - 1); j--) this.#swap(j, j - 1);
  }

  #heap(a: number, b: number): void {
    const size = b - a;
    for (let i = Math.floor((size - 1) / 2); i >= 0; i--) this.#siftDown(i, size, a);
    for (let i = size - 1; i >= 0; i--) {
      this.#swap(a, a + i);
      this.#siftDown(0, i, a);
    }
  }

  #siftDown(start: number, size: number, first: number): void {
    for (let root = start; ; ) {
      let child = 2 * root + 1;
      if (child >= size) return;
      if (child + 1 < size && this.#less(first + child, first + child + 1)) child += 1;
      if (!this.#less(first + root, first + child)) return;
      this.#swap(first + root, first + child);
      root = child;
    }
  }

  #partition(a: number, b: number, pivot: number): readonly [number, boolean] {
    this.#swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    const narrow = (): boolean => {
      while (i <= j && this.#less(i, a)) i++;
      while (i <= j && !this.#less(j, a)) j--;
      return i > j;
    };
    let isPartitioned = true;
    while (!narrow()) {
      isPartitioned = false;
      this.#swap(i++, j--);
    }
    this.#swap(j, a);
    return [j, isPartitioned];
  }

  #partitionEqual(a: number, b: number, pivot: number): number {
    this.#swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    for (;;) {
      while (i <= j && !this.#less(a, i)) i++;
      while (i <= j && this.#less(a, j)) j--;
      if (i > j) return i;
      this.#swap(i++, j--);
    }
  }

  #partialInsertion(a: number, b: number): boolean {
    let i = a + 1;
    for (let step = 0; step < MAX_STEPS; step++) {
      while (i < b && !this.#less(i, i - 1)) i++;
      if (i === b) return true;
      if (b - a < SHORTEST_SHIFTING) return false;
      this.#swap(i, i - 1);
      if (i - a >= 2) for (let j = i - 1; j >= 1 && this.#less(j, j - 1); j--) this.#swap(j, j - 1);
      if (b - i >= 2) for (let j = i + 1; j < b && this.#less(j, j - 1); j++) this.#swap(j, j - 1);
    }
    return false;
  }

  #breakPatterns(a: number, b: number): void {
    const length = b - a;
    if (length < 8) return;
    let random = BigInt(length);
    const modulus = 1 << (32 - Math.clz32(length));
    const middle = a + Math.floor(length / 4) * 2;
    for (let at = middle - 1; at <= middle + 1; at++) {
      random = xorshift(random);
      let other = Number(random & BigInt(modulus - 1));
      if (other >= length) other -= length;
      this.#swap(at, a + other);
    }
  }

  #choosePivot(a: number, b: number): readonly [number, Hint] {
    const length = b - a;
    const quarter = Math.floor(length / 4);
    let swaps = 0;
    const median = (x: number, y: number, z: number): number => {
      const order = (p: number, q: number): readonly [number, number] => {
        if (!this.#less(q, p)) return [p, q];
        swaps += 1;
        return [q, p];
      };
      const [low, upper] = order(x, y);
      const [mid] = order(upper, z);
      return order(low, mid)[1];
    };
    let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3];
    if (length >= 8) {
      if (length >= SHORTEST_NINTHER) {
        i = median(i - 1, i, i + 1);
        j = median(j - 1, j, j + 1);
        k = median(k - 1, k, k + 1);
      }
      j = median(i, j, k);
    }
    return [j, swaps === 0 ? 'increasing' : swaps === MAX_SWAPS ? 'decreasing' : 'unknown'];
  }

  #reverse(a: number, b: number): void {
    for (let i = a, j = b - 1; i < j; i++, j--) this.#swap(i, j);
  }
}

function xorshift(state: bigint): bigint {
  let next = state ^ ((state << 13n) & MAX_UINT64);
  next ^= next >> 7n;
  return next ^ ((next << 17n) & MAX_UINT64);
}
