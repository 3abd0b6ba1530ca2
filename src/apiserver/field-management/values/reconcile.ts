// A field set brought in line with a type whose lists and maps have become atomic since it was written.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 typed/reconcile_schema.go, as in Kubernetes v1.36.3.
import { type FieldSet, FieldSetBuilder } from '../field-sets/field-set.ts';
import type { FieldPathElements } from '../field-sets/path-element.ts';
import { type Atom, DEDUCED, UNTYPED_ATOMIC } from '../types/type-schema.ts';

/** The very same set when nothing is to change. */
export function reconcileWithType(set: FieldSet, type: Atom): FieldSet {
  const atomics = new FieldSetBuilder();
  let isChanged = false;
  const visit = (below: FieldSet | undefined, atom: Atom, path: FieldPathElements, isWhole: boolean): void => {
    const { map, list } = atom;
    if (map) {
      if (map.fields.size === 0 && isUntyped(map.elementType?.())) return;
      if (!isWhole && map.isAtomic) {
        if (below && !below.isEmpty) found(path);
        return;
      }
    } else if (atom.scalar) return;
    else if (list && !isWhole && list.isAtomic) {
      found(path);
      return;
    }
    for (const { element, isMember, children } of below?.nodes ?? []) {
      const type =
        map && element.kind === 'field'
          ? (map.fields.get(element.name)?.type ?? map.elementType)
          : (map?.elementType ?? list?.elementType);
      if (type) visit(children, type(), [...path, element], isMember && !children);
    }
  };
  const found = (path: FieldPathElements): void => {
    isChanged = true;
    atomics.insert(path);
  };
  visit(set, type, [], false);
  if (!isChanged) return set;
  const changed = atomics.build();
  return set.recursiveDifference(changed).union(changed);
}

function isUntyped(atom: Atom | undefined): boolean {
  return atom === DEDUCED || (atom !== UNTYPED_ATOMIC && atom?.scalar === 'untyped' && !atom.list && !atom.map);
}
