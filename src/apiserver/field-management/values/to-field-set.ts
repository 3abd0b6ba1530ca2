// The fields that an object mentions: every leaf, every item of a list, every key of a map.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 typed/tofieldset.go, as in Kubernetes v1.36.3.
import { isJsonList, isMap, type Json } from '../../../apimachinery/json.ts';
import { type FieldSet, FieldSetBuilder } from '../field-sets/field-set.ts';
import { type FieldPathElements, fieldElement, type PathElement } from '../field-sets/path-element.ts';
import type { Atom, ListAtom, MapAtom } from '../types/type-schema.ts';
import { deduceAtom, itemElement, type TypedValue } from './typed-value.ts';

export function fieldSetOf({ value, type }: TypedValue): FieldSet {
  const builder = new FieldSetBuilder();
  collect(value, type(), [], builder);
  return builder.build();
}

function collect(value: Json, type: Atom, path: FieldPathElements, into: FieldSetBuilder): void {
  const atom = deduceAtom(type, value);
  if (atom.map) collectMap(value, atom.map, path, into);
  else if (atom.scalar) into.insert(path);
  else if (atom.list) collectList(value, atom.list, path, into);
}

function collectMap(value: Json, map: MapAtom, path: FieldPathElements, into: FieldSetBuilder): void {
  if (map.isAtomic) into.insert(path);
  else if (isMap(value)) {
    for (const [key, each] of Object.entries(value)) {
      const field = map.fields.get(key);
      const below = [...path, fieldElement(key)];
      const type = (field?.type ?? map.elementType)?.();
      if (type) collect(each, type, below, into);
      if (!field || each === null || (isMap(each) && Object.keys(each).length === 0)) into.insert(below);
    }
  }
}

function collectList(value: Json, list: ListAtom, path: FieldPathElements, into: FieldSetBuilder): void {
  if (list.isAtomic) {
    into.insert(path);
    return;
  }
  if (!isJsonList(value)) return;
  const elements = value.map((item) => itemElement(list, item));
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const element of elements) {
    if (typeof element === 'string') continue;
    if (seen.has(element.id)) repeated.add(element.id);
    seen.add(element.id);
  }
  value.forEach((item, i) => {
    const element = elements[i];
    if (element === undefined || typeof element === 'string') return;
    const below = [...path, element satisfies PathElement];
    // Items that stand there twice are owned as one.
    if (!repeated.has(element.id)) collect(item, list.elementType(), below, into);
    into.insert(below);
  });
}
