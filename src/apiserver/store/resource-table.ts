// The objects of one resource by namespace and name, with the indexes kept over them.
// A fork shares everything until one side writes; the writer then copies the table of that resource (docs/decisions/0011).
import type { KubeObject } from '../../apimachinery/object.ts';
import { compareNamespaces, Entry, KeyOrder } from './key-order.ts';
import type { IndexDefinition } from './store.ts';

type Definition = Pick<IndexDefinition, 'values' | 'basis'>;

const NO_OBJECTS: readonly KubeObject[] = [];

export class ResourceTable {
  #data = new TableData();
  /** Whether a fork may hold the same data. */
  #isShared = false;
  #revision = 0;

  get size(): number {
    return this.#data.size;
  }

  /** Of the newest write. */
  get revision(): number {
    return this.#revision;
  }

  fork(): ResourceTable {
    const copy = new ResourceTable();
    copy.#data = this.#data;
    copy.#revision = this.#revision;
    copy.#isShared = this.#isShared = true;
    return copy;
  }

  /** Those of its objects; an empty name stands for objects that have none. */
  namespaces(): readonly string[] {
    return this.#data.namespaces();
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#data.entry(namespace, name)?.object;
  }

  list(namespace?: string): readonly KubeObject[] {
    return this.#data.list(namespace);
  }

  /** Of a name that is free. */
  create(namespace: string, name: string, object: KubeObject, revision: number): void {
    this.#own(revision).create(namespace, name, object);
  }

  /** Of a name that is taken, as for a delete. */
  replace(namespace: string, name: string, object: KubeObject, revision: number): void {
    this.#own(revision).replace(namespace, name, object);
  }

  delete(namespace: string, name: string, revision: number): void {
    this.#own(revision).delete(namespace, name);
  }

  /** A fork finds one more index, which does no harm. */
  addIndex(name: string, definition: Definition): void {
    this.#data.addIndex(name, definition);
  }

  listByIndex(name: string, value: string): readonly KubeObject[] {
    const index = this.#data.indexes.get(name);
    if (!index) throw new Error(`no index ${name}`);
    return index.list(value);
  }

  listByLabel(label: string, value: string, namespace?: string): readonly KubeObject[] {
    const name = `label:${label}`;
    if (!this.#data.indexes.has(name))
      this.addIndex(name, {
        values: (object) => labelValues(object, label),
        basis: ({ metadata }) => metadata.labels,
      });
    const found = this.#data.indexes.get(name)!.list(value);
    return namespace === undefined ? found : found.filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** The data, for the write of this revision. */
  #own(revision: number): TableData {
    this.#revision = revision;
    if (this.#isShared) {
      this.#data = this.#data.copy();
      this.#isShared = false;
    }
    return this.#data;
  }
}

interface Namespace {
  readonly byName: Map<string, Entry>;
  readonly order: KeyOrder;
}

class TableData {
  readonly indexes = new Map<string, Index>();
  readonly #namespaces = new Map<string, Namespace>();
  /** Names of namespaces in the order of keys, made when it is needed. */
  #sorted: readonly string[] | undefined;
  size = 0;

  entry(namespace: string, name: string): Entry | undefined {
    return this.#namespaces.get(namespace)?.byName.get(name);
  }

  namespaces(): readonly string[] {
    return [...this.#namespaces.keys()];
  }

  list(namespace: string | undefined): readonly KubeObject[] {
    if (this.size === 0) return NO_OBJECTS;
    if (namespace !== undefined) {
      const found = this.#namespaces.get(namespace);
      return found ? objectsOf(found.order) : NO_OBJECTS;
    }
    this.#sorted ??= [...this.#namespaces.keys()].sort(compareNamespaces);
    if (this.#sorted.length === 1) return objectsOf(this.#namespaces.get(this.#sorted[0]!)!.order);
    return this.#sorted.flatMap((each) => objectsOf(this.#namespaces.get(each)!.order));
  }

  create(namespace: string, name: string, object: KubeObject): void {
    let found = this.#namespaces.get(namespace);
    if (!found) {
      this.#namespaces.set(namespace, (found = { byName: new Map(), order: new KeyOrder() }));
      this.#sorted = undefined;
    }
    const entry = new Entry(namespace, name, object);
    found.byName.set(name, entry);
    found.order.add(entry);
    this.size += 1;
    for (const index of this.indexes.values()) index.add(entry);
  }

  replace(namespace: string, name: string, object: KubeObject): void {
    const entry = this.entry(namespace, name)!;
    for (const index of this.indexes.values()) index.move(entry, object);
    entry.object = object;
  }

  delete(namespace: string, name: string): void {
    const { byName, order } = this.#namespaces.get(namespace)!;
    const entry = byName.get(name)!;
    byName.delete(name);
    order.remove(entry);
    this.size -= 1;
    for (const index of this.indexes.values()) index.remove(entry);
    if (byName.size > 0) return;
    this.#namespaces.delete(namespace);
    this.#sorted = undefined;
  }

  addIndex(name: string, definition: Definition): void {
    if (this.indexes.has(name)) return;
    const index = new Index(definition);
    for (const { byName } of this.#namespaces.values()) for (const entry of byName.values()) index.add(entry);
    this.indexes.set(name, index);
  }

  copy(): TableData {
    const copy = new TableData();
    for (const [name, { definition }] of this.indexes) copy.indexes.set(name, new Index(definition));
    for (const [namespace, { byName }] of this.#namespaces)
      for (const { name, object } of byName.values()) copy.create(namespace, name, object);
    return copy;
  }
}

class Index {
  readonly definition: Definition;
  readonly #byValue = new Map<string, KeyOrder>();

  constructor(definition: Definition) {
    this.definition = definition;
  }

  list(value: string): readonly KubeObject[] {
    const found = this.#byValue.get(value);
    return found ? objectsOf(found) : NO_OBJECTS;
  }

  add(entry: Entry): void {
    for (const value of distinct(this.definition.values(entry.object))) this.#add(value, entry);
  }

  remove(entry: Entry): void {
    for (const value of distinct(this.definition.values(entry.object))) this.#remove(value, entry);
  }

  /** The entry still holds its old object. */
  move(entry: Entry, object: KubeObject): void {
    const { values, basis } = this.definition;
    if (basis && basis(object) === basis(entry.object)) return;
    const before = distinct(values(entry.object));
    const after = distinct(values(object));
    for (const value of before) if (!after.includes(value)) this.#remove(value, entry);
    for (const value of after) if (!before.includes(value)) this.#add(value, entry);
  }

  #add(value: string, entry: Entry): void {
    let found = this.#byValue.get(value);
    if (!found) this.#byValue.set(value, (found = new KeyOrder()));
    found.add(entry);
  }

  #remove(value: string, entry: Entry): void {
    const found = this.#byValue.get(value)!;
    found.remove(entry);
    if (found.size === 0) this.#byValue.delete(value);
  }
}

/** An object stands once under a value, however often it names it. */
function distinct(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)];
}

function objectsOf(order: KeyOrder): readonly KubeObject[] {
  const entries = order.entries();
  const objects = new Array<KubeObject>(entries.length);
  for (let i = 0; i < entries.length; i++) objects[i] = entries[i]!.object;
  return objects;
}

const NO_VALUES: readonly string[] = [];

function labelValues(object: KubeObject, label: string): readonly string[] {
  const value = object.metadata.labels?.[label];
  return value === undefined ? NO_VALUES : [value];
}
