// The name among many that differs least from one that is not there. Thousands of names are asked about thousands of times, so only a
// few are compared in full: where there are many, those that differ by one character.

/** Up to this many names are compared one by one. */
const FEW = 100;
const GAP = '\u0000';
const SAME = '=';
const LESS = '-';

export class NearNames {
  readonly #names: readonly string[];
  #byEdit: Map<string, string> | undefined;
  readonly #known = new Map<string, string | undefined>();

  /** Of names that are as near the first in this order is meant. */
  constructor(names: Iterable<string>) {
    this.#names = [...new Set(names)].sort();
  }

  /** The name that differs least, when it differs little. */
  nearest(name: string): string | undefined {
    if (!this.#known.has(name))
      this.#known.set(name, this.#names.length <= FEW ? this.#compared(name) : this.#oneEdit(name));
    return this.#known.get(name);
  }

  #compared(name: string): string | undefined {
    const limit = Math.max(1, Math.floor(name.length / 4));
    let best: string | undefined;
    let least = limit + 1;
    for (const other of this.#names) {
      if (Math.abs(other.length - name.length) >= least) continue;
      const found = distance(name, other);
      if (found < least) [best, least] = [other, found];
    }
    return best;
  }

  #oneEdit(name: string): string | undefined {
    this.#byEdit ??= filed(this.#names);
    const shorter = edited(name, '').map((key) => SAME + key);
    const keys = [LESS + name, ...shorter, ...edited(name, GAP)];
    return keys.flatMap((key) => this.#byEdit?.get(key) ?? []).sort()[0];
  }
}

/** Names under themselves, under what is left without one character, and under what is left around one. */
function filed(names: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const name of names) {
    const shorter = edited(name, '').map((key) => LESS + key);
    for (const key of [SAME + name, ...shorter, ...edited(name, GAP)]) if (!map.has(key)) map.set(key, name);
  }
  return map;
}

/** The name with each of its characters replaced. */
function edited(name: string, by: string): string[] {
  return Array.from(name, (_, i) => name.slice(0, i) + by + name.slice(i + 1));
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
