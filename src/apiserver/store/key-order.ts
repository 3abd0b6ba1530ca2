// Objects that are put in order only when somebody asks for the order: most writes are never followed by a list of their surroundings.
import type { KubeObject } from '../../apimachinery/object.ts';

/** The place of one object; a write of the same key puts another object into it. */
export class Entry {
  readonly namespace: string;
  readonly name: string;
  object: KubeObject;

  constructor(namespace: string, name: string, object: KubeObject) {
    this.namespace = namespace;
    this.name = name;
    this.object = object;
  }
}

/** How many entries may be gone before the others close up. */
const HOLES = 32;

/** A set of entries in key order. Whoever adds an entry knows that it is not in, and whoever removes one that it is. */
export class KeyOrder {
  #sorted: Entry[] = [];
  /** Not sorted in yet. */
  #added: Entry[] = [];
  /** Gone, and still in one of the lists. */
  #removed: Set<Entry> | undefined;

  get size(): number {
    return this.#sorted.length + this.#added.length - (this.#removed?.size ?? 0);
  }

  add(entry: Entry): void {
    if (this.#removed?.delete(entry)) return;
    this.#added.push(entry);
  }

  remove(entry: Entry): void {
    const removed = (this.#removed ??= new Set());
    removed.add(entry);
    if (removed.size > HOLES && removed.size > this.size) this.#closeUp();
  }

  /** The entries in key order; the list is good until the next write. */
  entries(): readonly Entry[] {
    if (this.#removed && this.#removed.size > 0) this.#closeUp();
    if (this.#added.length > 0) {
      const added = this.#added.sort(byKey);
      this.#sorted = this.#sorted.length === 0 ? added : merged(this.#sorted, added);
      this.#added = [];
    }
    return this.#sorted;
  }

  #closeUp(): void {
    const removed = this.#removed!;
    const stays = (entry: Entry) => !removed.has(entry);
    this.#sorted = this.#sorted.filter(stays);
    this.#added = this.#added.filter(stays);
    this.#removed = undefined;
  }
}

/** By namespace, then by name, as etcd sorts its keys: `a-b/x` comes before `a/x`, for '-' comes before '/'. */
function byKey(a: Entry, b: Entry): number {
  if (a.namespace !== b.namespace) return compareNamespaces(a.namespace, b.namespace);
  return a.name < b.name ? -1 : 1;
}

/** A namespace stands before a slash in a key. */
export function compareNamespaces(a: string, b: string): number {
  return `${a}/` < `${b}/` ? -1 : 1;
}

function merged(a: readonly Entry[], b: readonly Entry[]): Entry[] {
  // New names mostly come after the old ones.
  if (byKey(a[a.length - 1]!, b[0]!) < 0) return [...a, ...b];
  const all: Entry[] = [];
  let i = 0;
  for (const next of b) {
    while (i < a.length && byKey(a[i]!, next) < 0) all.push(a[i++]!);
    all.push(next);
  }
  while (i < a.length) all.push(a[i++]!);
  return all;
}
