// A strategic merge patch as it is left after it was applied, which is how errors quote it: carried-out directives are gone.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go changes its argument, Kubernetes v1.36.3.
import { isMap, type Json, type JsonMap } from '../../../apimachinery/json.ts';
import {
  DIRECTIVE,
  isList,
  MERGE,
  REPLACE,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
} from '../../../apimachinery/patches/strategic-merge-patch/directives.ts';
import type { PatchSchema } from '../../../apimachinery/patches/strategic-merge-patch/patch-schema.ts';

export function remainingPatch(original: Json, patch: Json, schema: PatchSchema | undefined): Json {
  return isMap(patch) ? remainingObject(isMap(original) ? original : {}, patch, schema) : patch;
}

function remainingObject(original: JsonMap, patch: JsonMap, schema: PatchSchema | undefined): JsonMap {
  if (Object.hasOwn(patch, DIRECTIVE)) {
    const { [DIRECTIVE]: directive, ...rest } = patch;
    return directive === REPLACE ? rest : patch;
  }
  const ordered = Object.keys(patch).filter((key) => key.startsWith(SET_ELEMENT_ORDER));
  const gone = new Set([RETAIN_KEYS, ...ordered, ...ordered.map((key) => key.slice(key.indexOf('/') + 1))]);
  const rest: Record<string, Json> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (!gone.has(key)) rest[key] = remainingValue(original[key], value, key, schema);
  }
  return rest;
}

function remainingValue(original: Json | undefined, value: Json, key: string, schema: PatchSchema | undefined): Json {
  if (isMap(value) && isMap(original)) {
    const field = schema?.lookupStruct(key);
    return remainingObject(original, value, field?.ok ? field.schema : undefined);
  }
  if (isList(value) && isList(original)) {
    const field = schema?.lookupSlice(key);
    if (!field?.ok || !field.meta.strategies.includes(MERGE)) return value;
    const { schema: below, meta } = field;
    return value.map((item) => {
      const same = isMap(item) && original.find((each) => isMap(each) && each[meta.mergeKey] === item[meta.mergeKey]);
      return isMap(item) && isMap(same || null) ? remainingObject(same as JsonMap, item, below) : item;
    });
  }
  return isMap(value) ? withoutNulls(value) : value;
}

function withoutNulls(value: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null && !(isMap(each) && Object.hasOwn(each, DIRECTIVE)))
      .map(([key, each]) => [key, isMap(each) ? withoutNulls(each) : each]),
  );
}
