// What changed between two objects of one type, as field sets.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 typed/compare.go, as in Kubernetes v1.36.3.
import { isJsonList, isMap, type Json, jsonEqual } from '../../../apimachinery/json.ts';
import { type FieldSet, FieldSetBuilder } from '../field-sets/field-set.ts';
import { type FieldPathElements, fieldElement, type PathElement, pathElementText } from '../field-sets/path-element.ts';
import type { Atom, ListAtom, MapAtom } from '../types/type-schema.ts';
import {
  deduceAtom,
  itemElement,
  type SchemaError,
  sameShape,
  type TypedValue,
  validateScalar,
} from './typed-value.ts';

export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

type ComparisonResult =
  | { readonly ok: true; readonly comparison: Comparison }
  | { readonly ok: false; readonly errors: readonly SchemaError[] };

export function compareTyped(before: TypedValue, after: TypedValue): ComparisonResult {
  const walk = new ComparingWalk();
  walk.compare(before.value, after.value, before.type(), []);
  if (walk.errors.length > 0) return { ok: false, errors: walk.errors };
  const { removed, modified, added } = walk;
  return { ok: true, comparison: { removed: removed.build(), modified: modified.build(), added: added.build() } };
}

export function filterComparison(
  comparison: Comparison,
  filter: ((set: FieldSet) => FieldSet) | undefined,
): Comparison {
  if (!filter) return comparison;
  const { removed, modified, added } = comparison;
  return { removed: filter(removed), modified: filter(modified), added: filter(added) };
}

/** Undefined is a value that is not there; null is there. */
type Side = Json | undefined;

class ComparingWalk {
  readonly removed = new FieldSetBuilder();
  readonly modified = new FieldSetBuilder();
  readonly added = new FieldSetBuilder();
  readonly errors: SchemaError[] = [];

  compare(left: Side, right: Side, type: Atom, path: FieldPathElements): void {
    if (left !== undefined && left === right && typeof left === 'object' && left !== null) return;
    const leftAtom = deduceAtom(type, left);
    const rightAtom = deduceAtom(type, right);
    let isLeaf: boolean;
    if (right === undefined) isLeaf = this.#shape(leftAtom, left, right, path);
    else if (left === undefined || sameShape(leftAtom, rightAtom)) isLeaf = this.#shape(rightAtom, left, right, path);
    else {
      this.#shape(leftAtom, left, right, path);
      isLeaf = this.#shape(rightAtom, left, right, path);
    }
    if (isLeaf) return;
    if (left === undefined) this.added.insert(path);
    else if (right === undefined) this.removed.insert(path);
  }

  /** Whether the value was taken as one. */
  #shape(atom: Atom, left: Side, right: Side, path: FieldPathElements): boolean {
    if (atom.map) return this.#map(atom.map, left, right, path);
    if (atom.scalar) {
      const errors = [validateScalar(left, atom.scalar, 'lhs: '), validateScalar(right, atom.scalar, 'rhs: ')];
      if (errors.every((each) => each.length > 0)) {
        for (const message of errors.flat()) this.#fail(path, message);
        return false;
      }
      return this.#leaf(left, right, path);
    }
    return atom.list ? this.#list(atom.list, left, right, path) : false;
  }

  #fail(path: FieldPathElements, message: string): void {
    this.errors.push({ path: path.map(pathElementText).join(''), message });
  }

  #leaf(left: Side, right: Side, path: FieldPathElements): true {
    if (left === undefined) this.added.insert(path);
    else if (right === undefined) this.removed.insert(path);
    else if (!jsonEqual(left, right)) this.modified.insert(path);
    return true;
  }

  #map(map: MapAtom, left: Side, right: Side, path: FieldPathElements): boolean {
    const [before, after] = [isMap(left) ? left : {}, isMap(right) ? right : {}];
    const [keys, others] = [Object.keys(before), Object.keys(after)];
    // An empty map stands for itself, so that it differs from null.
    if (map.isAtomic || (keys.length === 0 && others.length === 0)) return this.#leaf(left, right, path);
    const visit = (key: string): void => {
      const type = (map.fields.get(key)?.type ?? map.elementType)?.();
      const below = [...path, fieldElement(key)];
      if (type) this.compare(before[key], after[key], type, below);
    };
    for (const key of keys) if (before[key] !== after[key] || !Object.hasOwn(after, key)) visit(key);
    for (const key of others) if (!Object.hasOwn(before, key)) visit(key);
    return false;
  }

  #list(list: ListAtom, left: Side, right: Side, path: FieldPathElements): boolean {
    const [before, after] = [isJsonList(left) ? left : [], isJsonList(right) ? right : []];
    if (list.isAtomic || (before.length === 0 && after.length === 0)) return this.#leaf(left, right, path);
    const olds = this.#byElement(list, before, path);
    const news = this.#byElement(list, after, path);
    for (const [id, { element, items }] of olds) this.#items(list, items, news.get(id)?.items ?? [], element, path);
    for (const [id, { element, items }] of news) if (!olds.has(id)) this.#items(list, [], items, element, path);
    return false;
  }

  #byElement(
    list: ListAtom,
    items: readonly Json[],
    path: FieldPathElements,
  ): Map<string, { readonly element: PathElement; readonly items: Json[] }> {
    const found = new Map<string, { readonly element: PathElement; readonly items: Json[] }>();
    for (const [index, item] of items.entries()) {
      const element = itemElement(list, item);
      if (typeof element === 'string') {
        this.#fail(path, `element ${index}: ${element}`);
        continue;
      }
      const known = found.get(element.id);
      if (known) known.items.push(item);
      else found.set(element.id, { element, items: [item] });
    }
    return found;
  }

  /** Items of one key: usually one on each side; where a key repeats, its items count as one. */
  #items(
    list: ListAtom,
    before: readonly Json[],
    after: readonly Json[],
    element: PathElement,
    path: FieldPathElements,
  ): void {
    const below = [...path, element];
    const compare = (left: Side, right: Side): void => this.compare(left, right, list.elementType(), below);
    if (before.length <= 1 && after.length <= 1) compare(before[0], after[0]);
    else if (before.length >= 2 && after.length >= 2) {
      if (!jsonEqual(before, after)) this.modified.insert(below);
    } else if (before.length >= 2) {
      if (after.length > 0) compare(undefined, after[0]);
      this.removed.insert(below);
    } else {
      if (before.length > 0) compare(before[0], undefined);
      this.added.insert(below);
    }
  }
}
