// Sorts as Go's sort.Sort does, which is not stable: rows with equal keys end where pattern-defeating quicksort leaves them.
// Behaviour: sort/zsortinterface.go of the Go release that kubectl v1.36.3 is built with.

const MAX_INSERTION = 12;
const MAX_STEPS = 5;
const SHORTEST_SHIFTING = 50;
const SHORTEST_NINTHER = 50;
const MAX_SWAPS = 12;

type Hint = 'unknown' | 'increasing' | 'decreasing';

export function goSorted<T>(items: readonly T[], isLess: (a: T, b: T) => boolean): T[] {
  const sorted = [...items];
  new Sorter(sorted, isLess).sort(0, sorted.length, 32 - Math.clz32(sorted.length));
  return sorted;
}

class Sorter<T> {
  readonly #items: T[];
  readonly #isLess: (a: T, b: T) => boolean;

  constructor(items: T[], isLess: (a: T, b: T) => boolean) {
    this.#items = items;
    this.#isLess = isLess;
  }

  sort(from: number, to: number, limitAtStart: number): void {
    let a = from;
    let b = to;
    let limit = limitAtStart;
    let wasBalanced = true;
    let wasPartitioned = true;
    for (;;) {
      const length = b - a;
      if (length <= MAX_INSERTION) {
        this.#insertionSort(a, b);
        return;
      }
      if (limit === 0) {
        this.#heapSort(a, b);
        return;
      }
      if (!wasBalanced) {
        this.#breakPatterns(a, b);
        limit--;
      }
      let { pivot, hint } = this.#choosePivot(a, b);
      if (hint === 'decreasing') {
        this.#reverse(a, b);
        pivot = b - 1 - (pivot - a);
        hint = 'increasing';
      }
      if (wasBalanced && wasPartitioned && hint === 'increasing' && this.#partialInsertionSort(a, b)) return;
      if (a > 0 && !this.#less(a - 1, pivot)) {
        a = this.#partitionEqual(a, b, pivot);
        continue;
      }
      const { middle, wasAlready } = this.#partition(a, b, pivot);
      wasPartitioned = wasAlready;
      const left = middle - a;
      const right = b - middle;
      const threshold = Math.floor(length / 8);
      if (left < right) {
        wasBalanced = left >= threshold;
        this.sort(a, middle, limit);
        a = middle + 1;
      } else {
        wasBalanced = right >= threshold;
        this.sort(middle + 1, b, limit);
        b = middle;
      }
    }
  }

  #less(i: number, j: number): boolean {
    return this.#isLess(this.#items[i]!, this.#items[j]!);
  }

  #swap(i: number, j: number): void {
    const kept = this.#items[i]!;
    this.#items[i] = this.#items[j]!;
    this.#items[j] = kept;
  }

  #insertionSort(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) for (let j = i; j > a && this.#less(j, j - 1); j--) this.#swap(j, j - 1);
  }

  #siftDown(low: number, high: number, first: number): void {
    let root = low;
    for (;;) {
      let child = 2 * root + 1;
      if (child >= high) return;
      if (child + 1 < high && this.#less(first + child, first + child + 1)) child++;
      if (!this.#less(first + root, first + child)) return;
      this.#swap(first + root, first + child);
      root = child;
    }
  }

  #heapSort(a: number, b: number): void {
    const high = b - a;
    for (let i = Math.trunc((high - 1) / 2); i >= 0; i--) this.#siftDown(i, high, a);
    for (let i = high - 1; i >= 0; i--) {
      this.#swap(a, a + i);
      this.#siftDown(0, i, a);
    }
  }

  #partition(a: number, b: number, pivot: number): { middle: number; wasAlready: boolean } {
    this.#swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    const narrow = (): void => {
      while (i <= j && this.#less(i, a)) i++;
      while (i <= j && !this.#less(j, a)) j--;
    };
    narrow();
    if (i > j) {
      this.#swap(j, a);
      return { middle: j, wasAlready: true };
    }
    while (i <= j) {
      this.#swap(i, j);
      i++;
      j--;
      narrow();
    }
    this.#swap(j, a);
    return { middle: j, wasAlready: false };
  }

  #partitionEqual(a: number, b: number, pivot: number): number {
    this.#swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    for (;;) {
      while (i <= j && !this.#less(a, i)) i++;
      while (i <= j && this.#less(a, j)) j--;
      if (i > j) return i;
      this.#swap(i, j);
      i++;
      j--;
    }
  }

  #partialInsertionSort(a: number, b: number): boolean {
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
    const next = (): bigint => {
      random = BigInt.asUintN(64, random ^ (random << 13n));
      random ^= random >> 7n;
      random = BigInt.asUintN(64, random ^ (random << 17n));
      return random;
    };
    const modulus = 1n << BigInt(32 - Math.clz32(length));
    const middle = a + Math.floor(length / 4) * 2;
    for (let i = middle - 1; i <= middle + 1; i++) {
      let other = Number(next() & (modulus - 1n));
      if (other >= length) other -= length;
      this.#swap(i, a + other);
    }
  }

  #choosePivot(a: number, b: number): { pivot: number; hint: Hint } {
    const length = b - a;
    const quarter = Math.floor(length / 4);
    let swaps = 0;
    const median = (x: number, y: number, z: number): number => {
      let [low, mid, high] = [x, y, z];
      if (this.#less(mid, low)) [low, mid, swaps] = [mid, low, swaps + 1];
      if (this.#less(high, mid)) [mid, high, swaps] = [high, mid, swaps + 1];
      if (this.#less(mid, low)) [low, mid, swaps] = [mid, low, swaps + 1];
      return mid;
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
    return { pivot: j, hint: swaps === 0 ? 'increasing' : swaps === MAX_SWAPS ? 'decreasing' : 'unknown' };
  }

  #reverse(a: number, b: number): void {
    for (let i = a, j = b - 1; i < j; i++, j--) this.#swap(i, j);
  }
}
