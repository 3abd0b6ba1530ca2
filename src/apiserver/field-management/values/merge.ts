// An applied object laid over the live one.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 typed/merge.go, as in Kubernetes v1.36.3.
import { isJsonList, isMap, type Json } from '../../../apimachinery/json.ts';
import { type PathElement, pathElementText } from '../field-sets/path-element.ts';
import type { Atom, ListAtom, MapAtom } from '../types/type-schema.ts';
import {
  deduceAtom,
  itemElement,
  type SchemaError,
  sameShape,
  type TypedValue,
  validateScalar,
} from './typed-value.ts';

type MergeResult =
  | { readonly ok: true; readonly value: TypedValue }
  | { readonly ok: false; readonly errors: readonly SchemaError[] };

/** What the applied object says wins; nothing is removed; lists follow the applied order where it says something. */
export function mergeTyped(live: TypedValue, applied: TypedValue): MergeResult {
  const errors: SchemaError[] = [];
  const merged = merge(live.value, applied.value, live.type(), errors, '');
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, value: { value: merged ?? null, type: live.type } };
}

/** Undefined is a value that is not there; null is there. */
type Side = Json | undefined;

function merge(live: Side, applied: Side, type: Atom, errors: SchemaError[], path: string): Side {
  const liveAtom = deduceAtom(type, live);
  const appliedAtom = deduceAtom(type, applied);
  if (applied === undefined) return mergeShape(liveAtom, live, applied, errors, path);
  if (live !== undefined && !sameShape(liveAtom, appliedAtom)) mergeShape(liveAtom, live, applied, errors, path);
  return mergeShape(appliedAtom, live, applied, errors, path);
}

function mergeShape(atom: Atom, live: Side, applied: Side, errors: SchemaError[], path: string): Side {
  if (atom.map) return mergeMaps(atom.map, live, applied, errors, path);
  if (atom.scalar) {
    const messages = [validateScalar(live, atom.scalar, 'lhs: '), validateScalar(applied, atom.scalar, 'rhs: ')];
    if (messages.every((each) => each.length > 0)) {
      for (const message of messages.flat()) errors.push({ path, message });
      return undefined;
    }
    return leaf(live, applied);
  }
  return atom.list ? mergeLists(atom.list, live, applied, errors, path) : undefined;
}

function leaf(live: Side, applied: Side): Side {
  return applied === undefined ? live : applied;
}

function mergeMaps(map: MapAtom, live: Side, applied: Side, errors: SchemaError[], path: string): Side {
  const [before, wanted] = [isMap(live) ? live : {}, isMap(applied) ? applied : {}];
  const keys = new Set([...Object.keys(before), ...Object.keys(wanted)]);
  if (map.isAtomic || keys.size === 0) return leaf(live, applied);
  const result: Record<string, Json> = {};
  for (const key of keys) {
    const type = (map.fields.get(key)?.type ?? map.elementType)?.();
    const merged = type && merge(before[key], wanted[key], type, errors, `${path}.${key}`);
    if (merged !== undefined) result[key] = merged;
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

function mergeLists(list: ListAtom, live: Side, applied: Side, errors: SchemaError[], path: string): Side {
  const [before, wanted] = [isJsonList(live) ? live : [], isJsonList(applied) ? applied : []];
  if (list.isAtomic || (before.length === 0 && wanted.length === 0)) return leaf(live, applied);
  const right = indexed(list, wanted, false, path);
  const left = indexed(list, before, true, path);
  errors.push(...right.errors, ...left.errors);
  if (right.errors.length > 0 || left.errors.length > 0) return undefined;
  const result = mergeItems(list, left, right, before);
  return result.length > 0 ? result : undefined;
}

interface IndexedList {
  readonly elements: readonly PathElement[];
  /** By element id; of items that repeat only that they are there is known. */
  readonly items: ReadonlyMap<string, Json>;
  readonly errors: readonly SchemaError[];
}

function indexed(list: ListAtom, values: readonly Json[], allowDuplicates: boolean, path: string): IndexedList {
  const elements: PathElement[] = [];
  const items = new Map<string, Json>();
  const errors: SchemaError[] = [];
  for (const [index, item] of values.entries()) {
    const element = itemElement(list, item);
    if (typeof element === 'string') errors.push({ path, message: `element ${index}: ${element}` });
    else if (items.has(element.id) && !allowDuplicates)
      errors.push({ path, message: `duplicate entries for key ${pathElementText(element)}` });
    else {
      items.set(element.id, items.has(element.id) ? null : item);
      elements.push(element);
    }
  }
  return { elements, items, errors };
}

/**
 * Weaves both lists: live items that nobody applied stay at their place before the next applied item that the live list
 * holds as well; applied items keep their own order.
 */
function mergeItems(list: ListAtom, left: IndexedList, right: IndexedList, live: readonly Json[]): Json[] {
  const result: Json[] = [];
  const type = list.elementType();
  const add = (liveItem: Side, appliedItem: Side): void => {
    // What is wrong inside an item is not told here.
    const merged = merge(liveItem, appliedItem, type, [], '');
    if (merged !== undefined) result.push(merged);
  };
  const shared = right.elements.filter(({ id }) => left.items.has(id));
  let next = 0;
  const merged = new Set<string>();
  let li = 0;
  let ri = 0;
  while (li < left.elements.length || ri < right.elements.length) {
    const element = left.elements[li];
    const wanted = right.elements[ri];
    const nextShared = shared[next];
    if (element && wanted) {
      if (element.id === wanted.id) {
        merged.add(element.id);
        add(left.items.get(element.id), right.items.get(element.id));
        li += 1;
        ri += 1;
        next += 1;
        continue;
      }
      if (right.items.has(element.id) && nextShared && nextShared.id !== element.id) {
        // It is applied too, but not next: it comes where the applied list has it.
        li += 1;
        continue;
      }
    }
    if (element) {
      if (!right.items.has(element.id)) {
        add(live[li], undefined);
        li += 1;
        continue;
      }
      if (merged.has(element.id)) li += 1;
    }
    if (wanted) {
      merged.add(wanted.id);
      add(left.items.get(wanted.id), right.items.get(wanted.id));
      ri += 1;
      if (nextShared && nextShared.id === wanted.id) next += 1;
    }
  }
  return result;
}
