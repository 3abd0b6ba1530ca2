// Whether two patches say different things about the same field.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (MergingMapsHaveConflicts), Kubernetes v1.36.3.
import { isMap, type Json, type JsonMap } from '../../json.ts';
import { asMap, DIRECTIVE, goText, isList, MERGE, PatchFailure, REPLACE, RETAIN_KEYS } from './directives.ts';
import { itemKindOf, sortedScalars, uniqueScalars } from './lists.ts';
import { fieldPatchOf, type PatchSchema } from './patch-schema.ts';

export function hasConflicts(left: JsonMap, right: JsonMap, schema: PatchSchema): boolean {
  return valuesConflict(left, right, { schema, strategy: '', mergeKey: '' });
}

interface At {
  readonly schema: PatchSchema;
  readonly strategy: string;
  readonly mergeKey: string;
}

function valuesConflict(left: Json, right: Json, at: At): boolean {
  if (isMap(left)) {
    if (!isMap(right)) return true;
    // A directive is about the whole object, so it agrees with nothing but itself.
    if (left[DIRECTIVE] !== right[DIRECTIVE]) return true;
    return at.strategy !== REPLACE && objectsConflict(left, right, at.schema);
  }
  if (isList(left)) return !isList(right) || listsConflict(left, right, at);
  return left !== right;
}

function objectsConflict(left: JsonMap, right: JsonMap, schema: PatchSchema): boolean {
  return Object.entries(left).some(([key, value]) => {
    if (key === DIRECTIVE || key === RETAIN_KEYS || !Object.hasOwn(right, key)) return false;
    const other = right[key] ?? null;
    if (isList(value)) return valuesConflict(value, other, fieldPatchOf(schema.lookupSlice(key)));
    if (isMap(value)) return valuesConflict(value, other, fieldPatchOf(schema.lookupStruct(key)));
    return value !== other;
  });
}

function listsConflict(left: readonly Json[], right: readonly Json[], { schema, strategy, mergeKey }: At): boolean {
  const kind = itemKindOf(left, right);
  const plain = { schema, strategy: '', mergeKey: '' };
  if (strategy === MERGE) {
    // Lists of scalars that merge have nothing to conflict about.
    if (kind === 'scalar') return false;
    const others = byKey(right, mergeKey);
    return [...byKey(left, mergeKey)].some(([key, item]) => {
      const other = others.get(key);
      return other !== undefined && valuesConflict(item, other, plain);
    });
  }
  if (left.length !== right.length) return true;
  const [a, b] = kind === 'map' ? [left, right] : [uniqueSorted(left), uniqueSorted(right)];
  return a.some((item, i) => valuesConflict(item, b[i] ?? null, plain));
}

function uniqueSorted(items: readonly Json[]): Json[] {
  return sortedScalars(uniqueScalars(items));
}

function byKey(items: readonly Json[], mergeKey: string): Map<string, JsonMap> {
  return new Map(
    items.map((item) => {
      if (!isMap(item)) throw new PatchFailure(`invalid element type in merging list:${goText(items)}`);
      if (!Object.hasOwn(item, mergeKey))
        throw new PatchFailure(`cannot find merge key \`${mergeKey}\` in merging list element:${goText(item)}`);
      return [goText(item[mergeKey] ?? null), asMap(item)];
    }),
  );
}
