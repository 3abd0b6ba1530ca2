// An object without given fields and items.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 typed/remove.go, as in Kubernetes v1.36.3.
import { isJsonList, isMap, type Json } from '../../../apimachinery/json.ts';
import type { FieldSet } from '../field-sets/field-set.ts';
import { fieldElement } from '../field-sets/path-element.ts';
import type { Atom, ListAtom, MapAtom } from '../types/type-schema.ts';
import { deduceAtom, itemElement, type TypedValue } from './typed-value.ts';

export function removeItems(typed: TypedValue, items: FieldSet): TypedValue {
  return { ...typed, value: without(typed.value, items, typed.type()) };
}

/** Null when nothing is left. */
function without(value: Json, items: FieldSet, type: Atom): Json {
  const atom = deduceAtom(type, value);
  if (atom.map) return withoutFields(value, items, atom.map);
  if (atom.scalar) return value;
  return atom.list ? withoutElements(value, items, atom.list) : null;
}

function withoutFields(value: Json, items: FieldSet, map: MapAtom): Json {
  if (!isMap(value) || map.isAtomic) return null;
  const kept: Record<string, Json> = {};
  for (const [key, each] of Object.entries(value)) {
    const element = fieldElement(key);
    if (items.hasMember(element)) continue;
    const below = items.below(element);
    const type = (map.fields.get(key)?.type ?? map.elementType)?.();
    kept[key] = below.isEmpty || !type ? each : without(each, below, type);
  }
  return Object.keys(kept).length > 0 ? kept : null;
}

function withoutElements(value: Json, items: FieldSet, list: ListAtom): Json {
  if (!isJsonList(value) || list.isAtomic) return null;
  const kept: Json[] = [];
  for (const item of value) {
    const element = itemElement(list, item);
    if (typeof element === 'string') {
      kept.push(item);
      continue;
    }
    if (items.hasMember(element)) continue;
    const below = items.below(element);
    kept.push(below.isEmpty ? item : without(item, below, list.elementType()));
  }
  return kept.length > 0 ? kept : null;
}
