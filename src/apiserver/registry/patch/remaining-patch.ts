// A strategic merge patch as it is left after it was applied, which is how errors quote it: carried-out directives are gone.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go changes its argument, Kubernetes v1.36.3.
import type { Json } from '../../../apimachinery/json-patch.ts';
import {
  DIRECTIVE,
  isList,
  isObject,
  type JsonObject,
  MERGE,
  REPLACE,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
} from '../../../apimachinery/strategic-merge-patch/directives.ts';
import type { PatchSchema } from '../../../apimachinery/strategic-merge-patch/patch-schema.ts';

export function remainingPatch(original: Json, patch: Json, schema: PatchSchema | undefined): Json {
  return isObject(patch) ? remainingObject(isObject(original) ? original : {}, patch, schema) : patch;
}

function remainingObject(original: JsonObject, patch: JsonObject, schema: PatchSchema | undefined): JsonObject {
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
  if (isObject(value) && isObject(original)) {
    const field = schema?.lookupStruct(key);
    return remainingObject(original, value, field?.ok ? field.schema : undefined);
  }
  if (isList(value) && isList(original)) {
    const field = schema?.lookupSlice(key);
    if (!field?.ok || !field.meta.strategies.includes(MERGE)) return value;
    const { schema: below, meta } = field;
    return value.map((item) => {
      const same =
        isObject(item) && original.find((each) => isObject(each) && each[meta.mergeKey] === item[meta.mergeKey]);
      return isObject(item) && isObject(same || null) ? remainingObject(same as JsonObject, item, below) : item;
    });
  }
  return isObject(value) ? withoutNulls(value) : value;
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null && !(isObject(each) && Object.hasOwn(each, DIRECTIVE)))
      .map(([key, each]) => [key, isObject(each) ? withoutNulls(each) : each]),
  );
}
