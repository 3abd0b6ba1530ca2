// Lists in a strategic merge patch: what their items are, how two lists become one, and in which order.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go, Kubernetes v1.36.3.
import { compareBytes } from '../../go/json.ts';
import { isMap, type Json, type JsonMap } from '../../json.ts';
import {
  asMap,
  badType,
  DELETE,
  DIRECTIVE,
  goText,
  goTypeOf,
  isList,
  MAP_TYPE,
  noListOfLists,
  noMergeKey,
  PatchFailure,
} from './directives.ts';

type ItemKind = 'map' | 'scalar';

/** The one type that all items of the lists have; lists of lists and mixed lists are refused, as are lists without items. */
export function itemKindOf(...lists: readonly (readonly Json[])[]): ItemKind {
  let first: string | undefined;
  let isFirst = true;
  for (const list of lists) {
    for (const item of list) {
      const type = goTypeOf(item);
      if (isFirst) {
        isFirst = false;
        first = type;
        if (isList(item)) throw noListOfLists();
      } else if (type !== first) {
        throw new PatchFailure(`list element types are not identical: ${goText(lists)}`);
      }
    }
  }
  if (isFirst) throw new PatchFailure('no elements in any of the given slices');
  return first === MAP_TYPE ? 'map' : 'scalar';
}

export function mergeKeyOf(item: Json, mergeKey: string): Json {
  const map = asMap(item);
  if (!Object.hasOwn(map, mergeKey)) throw noMergeKey(map, mergeKey);
  return map[mergeKey] ?? null;
}

/** Whether two items stand for the same: by their merge key, or by value where there is none. */
export function sameItem(left: Json, right: Json, mergeKey: string): boolean {
  if (mergeKey === '') return left === right;
  const leftMap = asMap(left);
  const rightMap = asMap(right);
  return mergeKeyOf(leftMap, mergeKey) === mergeKeyOf(rightMap, mergeKey);
}

/** Position of the item with this merge key. */
export function findByKey(items: readonly Json[], mergeKey: string, value: Json): number {
  for (let i = 0; i < items.length; i++) {
    const item = items[i] ?? null;
    if (!isMap(item)) throw new PatchFailure(`value for key ${i} is not a map`);
    if (Object.hasOwn(item, mergeKey) && item[mergeKey] === value) return i;
  }
  return -1;
}

/** Items that are to stay and items marked `$patch: delete`. */
export function splitDeletions(items: readonly Json[]): { readonly kept: readonly Json[]; readonly deleted: Json[] } {
  const kept: Json[] = [];
  const deleted: Json[] = [];
  for (const item of items) (asMap(item)[DIRECTIVE] === DELETE ? deleted : kept).push(item);
  return { kept, deleted };
}

/** Items that `chosen` holds too, and the others. */
export function partition(
  items: readonly Json[],
  chosen: readonly Json[],
  mergeKey: string,
): { readonly inside: Json[]; readonly outside: Json[] } {
  const inside: Json[] = [];
  const outside: Json[] = [];
  const values = mergeKey === '' ? new Set(chosen) : undefined;
  for (const item of items) {
    const isInside = values ? values.has(item) : findByKey(chosen, mergeKey, mergeKeyOf(item, mergeKey)) >= 0;
    (isInside ? inside : outside).push(item);
  }
  return { inside, outside };
}

interface WovenLists {
  readonly patch: readonly Json[];
  readonly patchOrder: readonly Json[];
  readonly serverOnly: readonly Json[];
  readonly serverOrder: readonly Json[];
}

/** Items of the patch in the patch's order and the server's own in the server's, woven together as they lay in the live list. */
export function woven(
  { patch, patchOrder, serverOnly, serverOrder }: WovenLists,
  mergeKey: string,
  kind: ItemKind,
): Json[] {
  const left = inOrderOf(serverOnly, serverOrder, mergeKey, kind);
  const right = inOrderOf(patch, patchOrder, mergeKey, kind);
  const result: Json[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const li = positionIn(serverOrder, left[i] ?? null, mergeKey, kind);
    const ri = positionIn(serverOrder, right[j] ?? null, mergeKey, kind);
    const leftFirst = li >= 0 && ri >= 0 && li < ri;
    result.push((leftFirst ? left[i++] : right[j++]) ?? null);
  }
  return [...result, ...left.slice(i), ...right.slice(j)];
}

/** A copy sorted by the place that the items have in `order`; what is to be deleted comes last. */
export function inOrderOf(items: readonly Json[], order: readonly Json[], mergeKey: string, kind: ItemKind): Json[] {
  let sorted = [...items];
  let deleted: Json[] = [];
  if (kind === 'map') {
    for (const list of [items, order]) {
      for (const item of list) {
        if (!isMap(item)) throw badType(MAP_TYPE, item);
        if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
      }
    }
    const split = splitDeletions(items);
    sorted = [...split.kept];
    deleted = split.deleted;
  }
  insertionSort(sorted, (a, b) => {
    const ai = positionIn(order, a, mergeKey, kind);
    const bi = ai < 0 ? -1 : positionIn(order, b, mergeKey, kind);
    // An item that has no place goes before whatever it is compared with.
    return ai < 0 || bi < 0 || ai < bi;
  });
  return [...sorted, ...deleted];
}

function positionIn(items: readonly Json[], value: Json, mergeKey: string, kind: ItemKind): number {
  const keyOf = (item: Json): Json | undefined => (kind === 'map' ? (isMap(item) ? item[mergeKey] : undefined) : item);
  const key = keyOf(value);
  return items.findIndex((item) => keyOf(item) === key);
}

/** A sorted copy of scalars, by their text. */
export function sortedScalars(items: readonly Json[]): Json[] {
  return [...items].sort((a, b) => compareBytes(goText(a), goText(b)));
}

/** A copy sorted by the text of the merge key. Equals change places, as Go's sort leaves them with this comparison. */
// Differs: Go sorts more than 12 items another way, which shows only when merge keys repeat among so many.
export function sortedByKey(items: readonly Json[], mergeKey: string): JsonMap[] {
  const maps = items.map(asMap);
  const texts = new Map(maps.map((map) => [map, goText(map[mergeKey] ?? null)]));
  insertionSort(maps, (a, b) => compareBytes(texts.get(a) ?? '', texts.get(b) ?? '') <= 0);
  return maps;
}

/** Every scalar once; of the repeated ones the last item of the list takes the place. */
export function uniqueScalars(items: readonly Json[]): Json[] {
  const list = [...items];
  let length = list.length;
  for (let i = 0; i < length; i++) {
    for (let j = i + 1; j < length; j++) {
      if (list[i] !== list[j]) continue;
      list[j] = list[length - 1] ?? null;
      length -= 1;
      j -= 1;
    }
  }
  return list.slice(0, length);
}

/** The sort that Go uses for short lists: it shows how a comparison that contradicts itself orders. */
function insertionSort<T>(items: T[], less: (a: T, b: T) => boolean): void {
  for (let i = 1; i < items.length; i++) {
    for (let j = i; j > 0; j--) {
      const [before, item] = [items[j - 1] as T, items[j] as T];
      if (!less(item, before)) break;
      items[j - 1] = item;
      items[j] = before;
    }
  }
}
