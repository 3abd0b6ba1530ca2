// The objects of one resource in key order, with the indexes kept over them.
// Built on copy-on-write B+ trees, so that a fork costs O(1) and a write copies only its path (docs/decisions/0003).
import BTreeModule from 'sorted-btree';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { IndexDefinition } from './store.ts';

// The package is CommonJS: under Node's ESM loader its default export arrives inside the module object.
type BTreeClass = typeof BTreeModule.default;
const BTree: BTreeClass =
  (BTreeModule as unknown as { default?: BTreeClass }).default ?? (BTreeModule as unknown as BTreeClass);
type Tree = InstanceType<BTreeClass>;

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const newTree = (): Tree => new BTree<string, KubeObject>(undefined, byCodeUnit) as Tree;

/** Ends the value part of an index entry; sorts below every character that a value may hold. */
const END = '\u0000';
const AFTER_END = '\u0001';

export class ResourceTable {
  #objects: Tree = newTree();
  #indexes = new Map<string, { readonly definition: Pick<IndexDefinition, 'values'>; readonly tree: Tree }>();

  get size(): number {
    return this.#objects.size;
  }

  fork(): ResourceTable {
    const copy = new ResourceTable();
    copy.#objects = this.#objects.clone();
    for (const [name, { definition, tree }] of this.#indexes)
      copy.#indexes.set(name, { definition, tree: tree.clone() });
    return copy;
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key) as KubeObject | undefined;
  }

  list(namespace?: string): KubeObject[] {
    return namespace === undefined
      ? (this.#objects.valuesArray() as KubeObject[])
      : range(this.#objects, `${namespace}/`, `${namespace}0`);
  }

  set(key: string, object: KubeObject, previous: KubeObject | undefined): void {
    this.#objects.set(key, object);
    for (const { definition, tree } of this.#indexes.values()) {
      const values = definition.values(object);
      if (previous)
        for (const value of definition.values(previous)) if (!values.includes(value)) tree.delete(entry(value, key));
      for (const value of values) tree.set(entry(value, key), object);
    }
  }

  delete(key: string, previous: KubeObject): void {
    this.#objects.delete(key);
    for (const { definition, tree } of this.#indexes.values())
      for (const value of definition.values(previous)) tree.delete(entry(value, key));
  }

  addIndex({ name, values }: Pick<IndexDefinition, 'name' | 'values'>): void {
    if (this.#indexes.has(name)) return;
    const tree = newTree();
    this.#objects.forEachPair((key, object) => {
      for (const value of values(object as KubeObject)) tree.set(entry(value, key as string), object);
    });
    this.#indexes.set(name, { definition: { values }, tree });
  }

  listByIndex(name: string, value: string): KubeObject[] {
    const index = this.#indexes.get(name);
    if (!index) throw new Error(`no index ${name}`);
    return range(index.tree, value + END, value + AFTER_END);
  }

  listByLabel(label: string, value: string, namespace?: string): KubeObject[] {
    const name = `label:${label}`;
    if (!this.#indexes.has(name)) this.addIndex({ name, values: (object) => labelValues(object, label) });
    const { tree } = this.#indexes.get(name)!;
    if (namespace === undefined) return range(tree, value + END, value + AFTER_END);
    return range(tree, `${value}${END}${namespace}/`, `${value}${END}${namespace}0`);
  }
}

const NO_VALUES: readonly string[] = [];

function labelValues(object: KubeObject, label: string): readonly string[] {
  const value = object.metadata.labels?.[label];
  return value === undefined ? NO_VALUES : [value];
}

function entry(value: string, key: string): string {
  return value + END + key;
}

/** Values from `low` up to but not including `high`; '0' follows '/', so `ns/` to `ns0` is one namespace. */
function range(tree: Tree, low: string, high: string): KubeObject[] {
  const found: KubeObject[] = [];
  tree.forRange(low, high, false, (_key, object) => {
    found.push(object as KubeObject);
  });
  return found;
}
