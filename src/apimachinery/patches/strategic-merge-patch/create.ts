// Makes a strategic merge patch from what was applied last, what is applied now, and what is live.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (diffMaps, CreateThreeWayMergePatch), Kubernetes v1.36.3.
import { compareBytes } from '../../go/json.ts';
import { isMap, type Json, type JsonMap, jsonEqual } from '../../json.ts';
import { mergeObjects } from './apply.ts';
import { hasConflicts } from './conflicts.ts';
import {
  asMap,
  DELETE,
  DELETE_FROM_PRIMITIVE_LIST,
  DIRECTIVE,
  goText,
  goTypeOf,
  isList,
  MERGE,
  outcomeOf,
  PatchFailure,
  type PatchOutcome,
  REPLACE,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
} from './directives.ts';
import { inOrderOf, itemKindOf, mergeKeyOf, sameItem, sortedByKey, sortedScalars, uniqueScalars } from './lists.ts';
import { fieldPatchOf, type PatchSchema } from './patch-schema.ts';

interface DiffOptions {
  readonly setElementOrder: boolean;
  readonly additions: boolean;
  readonly deletions: boolean;
  readonly retainKeys: boolean;
}

type MutableObject = { [key: string]: Json };

/** Where the differences of an object's fields go, and by which rules they are told. */
interface Diff {
  readonly patch: MutableObject;
  readonly schema: PatchSchema;
  readonly options: DiffOptions;
}

interface ThreeWayInput {
  /** As it was applied last. */
  readonly original: JsonMap;
  /** As it is to be applied now. */
  readonly modified: JsonMap;
  /** As it is. */
  readonly current: JsonMap;
}

/**
 * What `modified` says otherwise than `current`, and what it says no more of what `original` said.
 * With `overwrite` off a difference between original and current that the patch would undo is a conflict; `toYaml` prints it.
 */
export function createThreeWayMergePatch(
  { original, modified, current }: ThreeWayInput,
  schema: PatchSchema,
  overwrite: boolean,
  toYaml: (value: JsonMap) => string,
): PatchOutcome {
  return outcomeOf(() => {
    const base = { setElementOrder: true, retainKeys: false };
    const delta = diffObjects(current, modified, schema, { ...base, additions: true, deletions: false });
    const deletions = diffObjects(original, modified, schema, { ...base, additions: false, deletions: true });
    const patch = mergeObjects(deletions, delta, schema, { isFinal: false });
    if (overwrite) return patch;
    const changed = diffObjects(original, current, schema, {
      setElementOrder: false,
      additions: true,
      deletions: true,
      retainKeys: false,
    });
    if (hasConflicts(patch, changed, schema))
      throw new PatchFailure(
        `patch:\n${toYaml(patch)}\nconflicts with changes made from original to current:\n${toYaml(changed)}\n`,
        'conflict',
      );
    return patch;
  });
}

function diffObjects(original: JsonMap, modified: JsonMap, schema: PatchSchema, options: DiffOptions): JsonMap {
  const patch: MutableObject = {};
  const diff: Diff = { patch, schema, options };
  const retained: string[] = [];
  for (const [key, after] of Object.entries(modified)) {
    if (options.retainKeys && after !== null) retained.push(key);
    if (!Object.hasOwn(original, key)) {
      if (options.additions) patch[key] = after;
      continue;
    }
    const before = original[key] ?? null;
    if (key === DIRECTIVE) {
      if (typeof before !== 'string' || typeof after !== 'string')
        throw new PatchFailure(`invalid value for special key: ${DIRECTIVE}`);
      if (before !== after) patch[key] = after;
    } else if (goTypeOf(before) !== goTypeOf(after)) {
      if (options.additions) patch[key] = after;
    } else if (isMap(before)) diffObjectField(diff, key, before, asMap(after));
    else if (isList(before) && isList(after)) diffListField(diff, key, before, after);
    else replaceWhenChanged(diff, key, before, after);
  }
  if (options.deletions) for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) patch[key] = null;
  const isCleared = Object.entries(original).some(([key, value]) => value !== null && !Object.hasOwn(modified, key));
  if (retained.length > 0 && (Object.keys(patch).length > 0 || isCleared)) patch[RETAIN_KEYS] = sortedScalars(retained);
  return patch;
}

function diffObjectField({ patch, schema, options }: Diff, key: string, before: JsonMap, after: JsonMap): void {
  const lookup = schema.lookupStruct(key);
  // A type that nobody knows does no harm while there is nothing to say about it.
  if (!lookup.ok && jsonEqual(before, after)) return;
  const { schema: below, strategy, retainKeys } = fieldPatchOf(lookup);
  if (strategy === REPLACE) {
    if (options.additions) patch[key] = after;
    return;
  }
  const inner = diffObjects(before, after, below, { ...options, retainKeys });
  if (Object.keys(inner).length > 0) patch[key] = inner;
}

function diffListField(diff: Diff, key: string, before: readonly Json[], after: readonly Json[]): void {
  const { patch, schema, options } = diff;
  const lookup = schema.lookupSlice(key);
  if (!lookup.ok && jsonEqual(before, after)) return;
  const { schema: below, strategy, retainKeys, mergeKey } = fieldPatchOf(lookup);
  if (strategy !== MERGE) {
    replaceWhenChanged(diff, key, before, after);
    return;
  }
  const { added, deleted, order } = diffLists(before, after, below, mergeKey, { ...options, retainKeys });
  if (added.length > 0) patch[key] = added;
  if (deleted.length > 0) patch[`${DELETE_FROM_PRIMITIVE_LIST}/${key}`] = deleted;
  if (order.length > 0) patch[`${SET_ELEMENT_ORDER}/${key}`] = order;
}

function replaceWhenChanged({ patch, options }: Diff, key: string, before: Json, after: Json): void {
  if (options.additions && !jsonEqual(before, after)) patch[key] = after;
}

interface ListDiff {
  readonly added: readonly Json[];
  /** Scalars only; objects are deleted by items of `added`. */
  readonly deleted: readonly Json[];
  readonly order: readonly Json[];
}

const NO_DIFF: ListDiff = { added: [], deleted: [], order: [] };

function diffLists(
  before: readonly Json[],
  after: readonly Json[],
  schema: PatchSchema,
  mergeKey: string,
  options: DiffOptions,
): ListDiff {
  if (before.length === 0) return options.additions ? { ...NO_DIFF, added: after } : NO_DIFF;
  if (itemKindOf(before, after) === 'map') {
    const changes = diffItems(before, after, schema, mergeKey, options);
    const added = [...inOrderOf(changes.added, after, mergeKey, 'map'), ...changes.deleted];
    const isSameOrder =
      before.length === after.length && after.every((item, i) => sameItem(before[i] ?? null, item, mergeKey));
    const isNeeded =
      (options.additions && (added.length > 0 || !isSameOrder)) || (options.deletions && added.length > 0);
    const order =
      options.setElementOrder && isNeeded ? after.map((item) => ({ [mergeKey]: asMap(item)[mergeKey] ?? null })) : [];
    return { added, deleted: [], order };
  }
  const { added, deleted } = diffScalars(before, after, options);
  // Upstream has sorted the old list in place by now, so any list that is not in alphabetical order counts as changed.
  const isChanged = !jsonEqual(sortedScalars(before), after);
  const isNeeded = (options.deletions && deleted.length > 0) || (options.additions && isChanged);
  return {
    added: inOrderOf(added, after, mergeKey, 'scalar'),
    deleted,
    order: options.setElementOrder && isNeeded ? after : [],
  };
}

function diffScalars(
  before: readonly Json[],
  after: readonly Json[],
  options: DiffOptions,
): { readonly added: Json[]; readonly deleted: Json[] } {
  const added: Json[] = [];
  const deleted: Json[] = [];
  walkSorted(sortedScalars(before), sortedScalars(after), goText, {
    both() {},
    onlyBefore: (item) => void (options.deletions && deleted.push(item)),
    onlyAfter: (item) => void (options.additions && added.push(item)),
  });
  return { added, deleted: uniqueScalars(deleted) };
}

function diffItems(
  before: readonly Json[],
  after: readonly Json[],
  schema: PatchSchema,
  mergeKey: string,
  options: DiffOptions,
): { readonly added: Json[]; readonly deleted: Json[] } {
  const added: Json[] = [];
  const deleted: Json[] = [];
  const keyText = (item: JsonMap): string => goText(mergeKeyOf(item, mergeKey));
  walkSorted(sortedByKey(before, mergeKey), sortedByKey(after, mergeKey), keyText, {
    both(old, item) {
      const inner = diffObjects(old, item, schema, options);
      if (Object.keys(inner).length > 0) added.push({ ...inner, [mergeKey]: item[mergeKey] ?? null });
    },
    onlyBefore(old) {
      if (options.deletions) deleted.push({ [mergeKey]: old[mergeKey] ?? null, [DIRECTIVE]: DELETE });
    },
    onlyAfter(item) {
      if (options.additions) added.push(item);
    },
  });
  return { added, deleted };
}

interface Walk<T> {
  both(before: T, after: T): void;
  onlyBefore(item: T): void;
  onlyAfter(item: T): void;
}

/** Goes through two sorted lists side by side. */
function walkSorted<T>(before: readonly T[], after: readonly T[], textOf: (item: T) => string, walk: Walk<T>): void {
  const [olds, news] = [before.map(textOf), after.map(textOf)];
  let i = 0;
  let j = 0;
  while (i < olds.length || j < news.length) {
    const [old, text] = [olds[i], news[j]];
    const order = old === undefined ? 1 : text === undefined ? -1 : compareBytes(old, text);
    if (order === 0) walk.both(before[i++] as T, after[j++] as T);
    else if (order > 0) walk.onlyAfter(after[j++] as T);
    else walk.onlyBefore(before[i++] as T);
  }
}
