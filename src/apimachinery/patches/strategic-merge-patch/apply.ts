// Applies a strategic merge patch to a document, and merges one patch into another.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (mergeMap, mergeSlice), Kubernetes v1.36.3.
// Differs: Go goes through a patch in no order; here it is the order of its keys, which decides which of several errors is told.
import { isMap, type Json, type JsonMap, jsonEqual } from '../../json.ts';
import {
  asList,
  asMap,
  BAD_JSON_DOCUMENT,
  badDirective,
  badPrimitiveList,
  badRetainKeys,
  badSetElementOrder,
  badType,
  DELETE,
  DELETE_FROM_PRIMITIVE_LIST,
  DIRECTIVE,
  goText,
  goTypeOf,
  isList,
  LIST_TYPE,
  MERGE,
  noMergeKey,
  outcomeOf,
  PatchFailure,
  type PatchOutcome,
  REPLACE,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
} from './directives.ts';
import {
  findByKey,
  itemKindOf,
  mergeKeyOf,
  partition,
  sameItem,
  splitDeletions,
  uniqueScalars,
  woven,
} from './lists.ts';
import { type FieldPatch, fieldPatchOf, type PatchSchema } from './patch-schema.ts';

interface MergeOptions {
  /** The server carries directives out; a client that merges two patches keeps them. */
  readonly isFinal: boolean;
}

type MutableObject = { [key: string]: Json };

const UNMERGEABLE_LISTS = 'merging lists cannot yet be specified in the patch';

/** The document with the patch carried out; neither argument changes. */
export function applyStrategicMergePatch(document: Json, patch: Json, schema: PatchSchema): PatchOutcome {
  return outcomeOf(() => {
    if (!isMap(document) || !isMap(patch)) throw new PatchFailure(BAD_JSON_DOCUMENT, 'badRequest');
    return mergeObjects(document, patch, schema, { isFinal: true });
  });
}

/** One level of the merge; with `isFinal` off the first argument is a patch too. */
export function mergeObjects(original: JsonMap, patch: JsonMap, schema: PatchSchema, options: MergeOptions): JsonMap {
  if (Object.hasOwn(patch, DIRECTIVE)) return replacedOrEmptied(patch);
  const result: MutableObject = { ...original };
  const rest: MutableObject = { ...patch };
  retainKeys(result, rest, options);
  mergeOrderedLists(result, rest, schema, options);
  for (const key of Object.keys(rest)) mergeField(result, key, rest[key] ?? null, schema, options);
  return result;
}

function replacedOrEmptied(patch: JsonMap): JsonMap {
  const { [DIRECTIVE]: directive = null, ...rest } = patch;
  if (directive === REPLACE) return rest;
  if (directive === DELETE) return {};
  throw badDirective(directive, patch);
}

function mergeField(result: MutableObject, key: string, value: Json, schema: PatchSchema, options: MergeOptions): void {
  const isDeletion = key.startsWith(DELETE_FROM_PRIMITIVE_LIST);
  if (isDeletion && !options.isFinal) {
    result[key] = value;
    return;
  }
  const field = isDeletion ? fieldBehind(key, DELETE_FROM_PRIMITIVE_LIST) : key;
  if (value === null) {
    delete result[field];
    if (options.isFinal) return;
  }
  if (!Object.hasOwn(result, field)) {
    if (!isDeletion) setValue(result, field, value, options);
    return;
  }
  const current = result[field] ?? null;
  if (goTypeOf(current) !== goTypeOf(value)) {
    if (!isDeletion) setValue(result, field, value, options);
  } else if (isMap(current)) {
    const { schema: below, strategy } = fieldPatchOf(schema.lookupStruct(field));
    result[field] = strategy === REPLACE ? value : mergeObjects(current, asMap(value), below, options);
  } else if (isList(current)) {
    const rules = fieldPatchOf(schema.lookupSlice(field));
    const isMerged = rules.strategy === MERGE || isDeletion;
    result[field] = isMerged ? mergeLists(current, asList(value), rules, options, isDeletion) : value;
  } else {
    result[field] = value;
  }
}

/** Takes the patch's value as it is, without what only directs the merge. */
function setValue(result: MutableObject, field: string, value: Json, options: MergeOptions): void {
  const kept = withoutDirectives(options.isFinal ? withoutNulls(value) : value);
  if (kept === undefined) delete result[field];
  else result[field] = kept;
}

/** Undefined for an object that is itself a directive. */
function withoutDirectives(value: Json): Json | undefined {
  if (isList(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isMap(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE)) return undefined;
  const kept: MutableObject = {};
  for (const [key, item] of Object.entries(value)) {
    const inner = withoutDirectives(item);
    if (inner !== undefined) kept[key] = inner;
  }
  return kept;
}

/** Fields that are null go; nulls among the items of a list stay. */
function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  const kept: MutableObject = {};
  for (const [key, item] of Object.entries(value)) if (item !== null) kept[key] = withoutNulls(item);
  return kept;
}

function fieldBehind(key: string, prefix: string): string {
  const slash = key.indexOf('/');
  if (slash < 0 || key.slice(0, slash) !== prefix)
    throw prefix === SET_ELEMENT_ORDER ? badSetElementOrder() : badPrimitiveList();
  return key.slice(slash + 1);
}

/** `$retainKeys` names every field that may stay. */
function retainKeys(result: MutableObject, patch: MutableObject, { isFinal }: MergeOptions): void {
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return;
  const directive = patch[RETAIN_KEYS] ?? null;
  delete patch[RETAIN_KEYS];
  if (!isFinal) {
    const other = result[RETAIN_KEYS];
    if (other === undefined) result[RETAIN_KEYS] = directive;
    else if (!jsonEqual(other, directive))
      throw new PatchFailure(
        `${goText(other)} and ${goText(directive)} are not deep equal: this may happen when calculating the 3-way diff patch`,
      );
    return;
  }
  if (!isList(directive)) throw badRetainKeys();
  const kept = new Set(directive);
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key.startsWith(DELETE_FROM_PRIMITIVE_LIST) || key.startsWith(SET_ELEMENT_ORDER);
    if (value !== null && !isDirective && !kept.has(key)) throw badRetainKeys();
  }
  for (const key of Object.keys(result)) if (!kept.has(key)) delete result[key];
}

/** Merges each list that comes with `$setElementOrder/<field>`, and takes both out of the patch. */
function mergeOrderedLists(
  result: MutableObject,
  patch: MutableObject,
  schema: PatchSchema,
  options: MergeOptions,
): void {
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(SET_ELEMENT_ORDER)) continue;
    const order = patch[key] ?? null;
    if (!options.isFinal) {
      const other = result[key];
      if (other !== undefined && !jsonEqual(other, order)) throw badSetElementOrder();
      result[key] = order;
    }
    delete patch[key];
    if (!isList(order)) throw badType(LIST_TYPE, order);
    const field = fieldBehind(key, SET_ELEMENT_ORDER);
    const current = Object.hasOwn(result, field) ? asList(result[field] ?? null) : undefined;
    const wanted = Object.hasOwn(patch, field) ? asList(patch[field] ?? null) : undefined;
    const rules = fieldPatchOf(schema.lookupSlice(field));
    const { strategy, mergeKey } = rules;
    checkOrder(wanted ?? [], order, mergeKey);
    if (!current && !wanted) continue;
    const merged = mergedByOrder(current, wanted, (a, b) =>
      strategy === MERGE ? mergeLists(a, b, rules, options, false) : b,
    );
    const { inside, outside } = partition(merged, order, mergeKey);
    const kind = itemKindOf(current ?? [], wanted ?? []);
    const lists = { patch: inside, patchOrder: order, serverOnly: outside, serverOrder: current ?? [] };
    result[field] = woven(lists, mergeKey, kind);
    delete patch[field];
  }
}

function mergedByOrder(
  current: readonly Json[] | undefined,
  wanted: readonly Json[] | undefined,
  merge: (current: readonly Json[], wanted: readonly Json[]) => readonly Json[],
): readonly Json[] {
  if (!wanted) return current ?? [];
  if (current) return merge(current, wanted);
  return wanted.map(withoutDirectives).filter((item) => item !== undefined);
}

/** The items of a patch must stand in its order list, in the same order. */
function checkOrder(patch: readonly Json[], order: readonly Json[], mergeKey: string): void {
  if (order.length === 0 || patch.length === 0) return;
  const kept = mergeKey === '' ? patch : splitDeletions(patch).kept;
  let item = 0;
  let place = 0;
  while (item < kept.length && place < order.length) {
    const candidate = kept[item] ?? null;
    if (isMap(candidate) && Object.hasOwn(candidate, DIRECTIVE)) {
      item += 1;
      continue;
    }
    if (sameItem(candidate, order[place] ?? null, mergeKey)) item += 1;
    place += 1;
  }
  if (item < kept.length && place >= order.length)
    throw new PatchFailure(
      `The order in patch list:\n${goText(patch)}\n doesn't match ${SET_ELEMENT_ORDER} list:\n${goText(order)}\n`,
    );
}

function mergeLists(
  original: readonly Json[],
  patch: readonly Json[],
  { schema, mergeKey }: FieldPatch,
  options: MergeOptions,
  isDeletion: boolean,
): readonly Json[] {
  if (original.length === 0 && patch.length === 0) return original;
  const kind = itemKindOf(original, patch);
  let [live, wanted] = [original, patch];
  let merged: readonly Json[];
  if (kind === 'scalar') {
    if (isDeletion && options.isFinal) {
      const gone = new Set(patch);
      return original.filter((item) => !gone.has(item));
    }
    merged = uniqueScalars([...original, ...patch]);
  } else {
    if (mergeKey === '') throw new PatchFailure(`cannot merge lists without merge key for ${schema.name}`);
    ({ live, wanted } = withoutSpecialItems(original, patch, mergeKey));
    merged = mergeItems(live, wanted, mergeKey, schema, options);
  }
  const { inside, outside } = partition(merged, wanted, mergeKey);
  return woven({ patch: inside, patchOrder: wanted, serverOnly: outside, serverOrder: live }, mergeKey, kind);
}

/** Carries out the items of a patch that delete or replace. */
function withoutSpecialItems(
  original: readonly Json[],
  patch: readonly Json[],
  mergeKey: string,
): { readonly live: readonly Json[]; readonly wanted: readonly Json[] } {
  let live = original;
  const wanted: Json[] = [];
  let isReplaced = false;
  for (const item of patch) {
    const map = asMap(item);
    if (!Object.hasOwn(map, DIRECTIVE)) {
      wanted.push(item);
      continue;
    }
    switch (map[DIRECTIVE]) {
      case DELETE: {
        if (!Object.hasOwn(map, mergeKey)) throw noMergeKey(map, mergeKey);
        const value = map[mergeKey] ?? null;
        for (let at = findByKey(live, mergeKey, value); at >= 0; at = findByKey(live, mergeKey, value))
          live = live.toSpliced(at, 1);
        break;
      }
      case REPLACE:
        isReplaced = true;
        break;
      case MERGE:
        throw new PatchFailure(UNMERGEABLE_LISTS);
      default:
        throw badDirective(map[DIRECTIVE] ?? null, map);
    }
  }
  return isReplaced ? { live: wanted, wanted: [] } : { live, wanted };
}

function mergeItems(
  live: readonly Json[],
  wanted: readonly Json[],
  mergeKey: string,
  schema: PatchSchema,
  options: MergeOptions,
): readonly Json[] {
  const merged = [...live];
  for (const item of wanted) {
    const at = findByKey(merged, mergeKey, mergeKeyOf(item, mergeKey));
    if (at < 0) merged.push(item);
    else merged[at] = mergeObjects(asMap(merged[at] ?? null), asMap(item), schema, options);
  }
  return merged;
}
