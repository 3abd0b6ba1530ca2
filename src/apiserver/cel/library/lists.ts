// Lists: order, sums, search; slices, sorting and the like; sets of values; what two-variable comprehensions insert.
// Behaviour: k8s.io/apiserver pkg/cel/library/lists.go, Kubernetes v1.36.3; cel-go v0.26.0 ext/{lists,sets,comprehensions}.go.
import { equalMethod, PlainList, PlainMap } from '../values/collections.ts';
import { arithmetic, compare } from '../values/numbers.ts';
import { valueText } from '../values/text.ts';
import {
  Abort,
  CelError,
  type CelValue,
  Duration,
  hasTrait,
  ListValue,
  type MapValue,
  NONE,
  noSuchOverload,
  Optional,
  Timestamp,
  typeOfValue,
  Uint,
} from '../values/value.ts';
import { type FunctionDecl, fn, global, type Implementation, member } from './declaration.ts';

const COMPARABLE = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'] as const;
const TYPE_NAMES: Readonly<Record<string, string>> = {
  duration: 'google.protobuf.Duration',
  timestamp: 'google.protobuf.Timestamp',
};
const ZERO: Readonly<Record<string, CelValue>> = { int: 0n, uint: new Uint(0n), double: 0, duration: new Duration(0n) };

const ofList =
  (use: (list: ListValue, ...rest: CelValue[]) => CelValue): Implementation =>
  (list, ...rest) =>
    list instanceof ListValue ? use(list, ...rest) : noSuchOverload(list);

const isSorted = ofList((list) => {
  let previous: CelValue | undefined;
  for (const item of list) {
    if (!hasTrait(item, 'compare')) return noSuchOverload(item);
    if (previous !== undefined && compare(previous, item) === 1) return false;
    previous = item;
  }
  return true;
});

const sum = (zero: CelValue): Implementation =>
  ofList((list) => {
    let total = zero;
    for (const item of list) {
      if (!hasTrait(item, 'add')) return noSuchOverload(item);
      total = arithmetic('+', total, item);
      if (total instanceof CelError) return total;
    }
    return total;
  });

const extreme = (name: string, replacedBy: number): Implementation =>
  ofList((list) => {
    let best: CelValue | undefined;
    for (const item of list) {
      if (!hasTrait(item, 'compare')) return noSuchOverload(item);
      if (best === undefined || compare(best, item) === replacedBy) best = item;
    }
    return best === undefined ? new CelError(`${name} called on empty list`) : best;
  });

const indexOf: Implementation = ofList((list, item) => {
  for (let i = 0; i < list.size; i++) if (equalMethod(list.at(i), item as CelValue) === true) return BigInt(i);
  return -1n;
});
const lastIndexOf: Implementation = ofList((list, item) => {
  for (let i = list.size - 1; i >= 0; i--) if (equalMethod(list.at(i), item as CelValue) === true) return BigInt(i);
  return -1n;
});

export const KUBERNETES_LISTS: readonly FunctionDecl[] = [
  fn('isSorted', ...COMPARABLE.map((type) => member(`list_${type}_is_sorted_bool`, `list(${type}) -> bool`, isSorted))),
  fn(
    'sum',
    ...Object.entries(ZERO).map(([type, zero]) =>
      member(`list_${type}_sum_${type}`, `list(${type}) -> ${type}`, sum(zero)),
    ),
  ),
  fn(
    'max',
    ...COMPARABLE.map((type) => member(`list_${type}_max_${type}`, `list(${type}) -> ${type}`, extreme('max', -1))),
  ),
  fn(
    'min',
    ...COMPARABLE.map((type) => member(`list_${type}_min_${type}`, `list(${type}) -> ${type}`, extreme('min', 1))),
  ),
  fn('indexOf', member('list_a_index_of_int', 'list(A), A -> int', indexOf)),
  fn('lastIndexOf', member('list_a_last_index_of_int', 'list(A), A -> int', lastIndexOf)),
];

function flatten(list: ListValue, depth: number): CelValue[] {
  const items: CelValue[] = [];
  for (const item of list) {
    if (item instanceof ListValue && depth > 0) items.push(...flatten(item, depth - 1));
    else items.push(item);
  }
  return items;
}

function sortBy(list: ListValue, keys: ListValue): CelValue {
  if (list.size !== keys.size) {
    return new CelError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${list.size} and ${keys.size} elements respectively`,
    );
  }
  if (list.size === 0) return list;
  const first = keys.at(0);
  if (!hasTrait(first, 'compare')) return new CelError('list elements must be comparable');
  const all = [...keys];
  if (all.length > 1 && all.some((key) => typeOfValue(key) !== typeOfValue(first))) {
    return new CelError('list elements must have the same type');
  }
  const order = all.map((_, index) => index);
  order.sort((a, b) => Number(compare(all[a] as CelValue, all[b] as CelValue)) || a - b);
  return new PlainList(order.map((index) => list.at(index)));
}

function slice(list: ListValue, start: bigint, end: bigint): CelValue {
  const what = `cannot slice(${start}, ${end})`;
  if (start < 0n || end < 0n) return new CelError(`${what}, negative indexes not supported`);
  if (start > end) return new CelError(`${what}, start index must be less than or equal to end index`);
  if (BigInt(list.size) < end) return new CelError(`${what}, list is length ${list.size}`);
  return new PlainList([...list].slice(Number(start), Number(end)));
}

function distinct(list: ListValue): CelValue {
  const unique: CelValue[] = [];
  for (const item of list) if (!unique.some((other) => equalMethod(item, other) === true)) unique.push(item);
  return new PlainList(unique);
}

const MAX_RANGE = 10_000_000n;

export const LISTS: readonly FunctionDecl[] = [
  fn(
    'slice',
    member(
      'list_slice',
      'list(T), int, int -> list(T)',
      ofList((list, start, end) => slice(list, start as bigint, end as bigint)),
    ),
  ),
  {
    name: 'flatten',
    overloads: [
      member('list_flatten', 'list(list(T)) -> list(T)', (list) =>
        list instanceof ListValue
          ? new PlainList(flatten(list, 1))
          : new CelError(`no such overload: ${typeOfValue(list as CelValue)}.flatten()`),
      ),
      member('list_flatten_int', 'list(dyn), int -> list(dyn)', (list, depth) => {
        if (!(list instanceof ListValue) || typeof depth !== 'bigint') {
          return new CelError(
            `no such overload: ${typeOfValue(list as CelValue)}.flatten(${typeOfValue(depth as CelValue)})`,
          );
        }
        return depth < 0n ? new CelError('level must be non-negative') : new PlainList(flatten(list, Number(depth)));
      }),
    ],
    unguarded: true,
  },
  {
    name: 'sort',
    overloads: COMPARABLE.map((type) =>
      member(`list_${TYPE_NAMES[type] ?? type}_sort`, `list(${type}) -> list(${type})`),
    ),
    singleton: { call: ofList((list) => sortBy(list, list)), trait: 'list' },
  },
  {
    name: '@sortByAssociatedKeys',
    overloads: COMPARABLE.map((type) =>
      member(`list_${TYPE_NAMES[type] ?? type}_sortByAssociatedKeys`, `list(T), list(${type}) -> list(T)`),
    ),
    singleton: {
      call: ofList((list, keys) => (keys instanceof ListValue ? sortBy(list, keys) : noSuchOverload(keys))),
      trait: 'list',
    },
  },
  fn(
    'lists.range',
    global('lists_range', 'int -> list(int)', (count) => {
      if ((count as bigint) > MAX_RANGE) throw new Abort('operation cancelled: actual cost limit exceeded');
      return new PlainList(Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index)));
    }),
  ),
  fn(
    'reverse',
    member(
      'list_reverse',
      'list(T) -> list(T)',
      ofList((list) => new PlainList([...list].reverse())),
    ),
  ),
  fn('distinct', member('list_distinct', 'list(T) -> list(T)', ofList(distinct))),
];

function setContains(list: ListValue, part: ListValue): CelValue {
  for (const item of part) {
    const found = list.contains(item);
    if (found !== true) return found;
  }
  return true;
}

const twoLists =
  (use: (a: ListValue, b: ListValue) => CelValue): Implementation =>
  (a, b) =>
    use(a as ListValue, b as ListValue);

export const SETS: readonly FunctionDecl[] = [
  fn('sets.contains', global('list_sets_contains_list', 'list(T), list(T) -> bool', twoLists(setContains))),
  fn(
    'sets.equivalent',
    global(
      'list_sets_equivalent_list',
      'list(T), list(T) -> bool',
      twoLists((a, b) => {
        const first = setContains(a, b);
        return first === true ? setContains(b, a) : first;
      }),
    ),
  ),
  fn(
    'sets.intersects',
    global(
      'list_sets_intersects_list',
      'list(T), list(T) -> bool',
      twoLists((a, b) => {
        for (const item of a) if (b.contains(item) === true) return true;
        return false;
      }),
    ),
  ),
];

const asPlain = (map: MapValue): PlainMap =>
  map instanceof PlainMap ? map : new PlainMap(map.keys().map((key) => [key, map.find(key) ?? null] as const));

export const COMPREHENSIONS: readonly FunctionDecl[] = [
  fn(
    'cel.@mapInsert',
    global('@mapInsert_map_key_value', 'map(K, V), K, V -> map(K, V)', (map, key, value) =>
      asPlain(map as MapValue).insert(key as CelValue, value as CelValue),
    ),
    global('@mapInsert_map_map', 'map(K, V), map(K, V) -> map(K, V)', (map, more) => {
      let result: CelValue = asPlain(map as MapValue);
      for (const key of (more as MapValue).keys()) {
        if (!(result instanceof PlainMap)) return result;
        result = result.insert(key, (more as MapValue).find(key) ?? null);
      }
      return result;
    }),
  ),
];

/** Go's zero time: the first second of the year 1. */
const ZERO_TIME = -62_135_596_800n * 1_000_000_000n;

const isZero = (value: CelValue): boolean => {
  if (value === null || value === false || value === '' || value === 0n || value === 0) return true;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.nanos === 0n;
  if (value instanceof Timestamp) return value.nanos === ZERO_TIME;
  if (value instanceof PlainList || value instanceof PlainMap) return value.size === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  return typeof value === 'object' && 'fields' in value && (value.fields as ReadonlyMap<string, unknown>).size === 0;
};

const unwrap: Implementation = ofList((list) => {
  const items: CelValue[] = [];
  for (const item of list) {
    if (!(item instanceof Optional)) return new CelError(`value ${valueText(item)} is not optional`);
    if (item.value !== undefined) items.push(item.value);
  }
  return new PlainList(items);
});

const ofOptional =
  (use: (value: Optional) => CelValue): Implementation =>
  (value) =>
    use(value as Optional);

export const OPTIONALS: readonly FunctionDecl[] = [
  fn(
    'optional.of',
    global('optional_of', 'V -> optional(V)', (value) => new Optional(value)),
  ),
  fn(
    'optional.ofNonZeroValue',
    global('optional_ofNonZeroValue', 'V -> optional(V)', (value) =>
      isZero(value as CelValue) ? NONE : new Optional(value),
    ),
  ),
  fn(
    'optional.none',
    global('optional_none', '-> optional(V)', () => NONE),
  ),
  fn(
    'value',
    member(
      'optional_value',
      'optional(V) -> V',
      ofOptional(({ value }) => (value === undefined ? new CelError('optional.none() dereference') : value)),
    ),
  ),
  fn(
    'hasValue',
    member(
      'optional_hasValue',
      'optional(V) -> bool',
      ofOptional(({ value }) => value !== undefined),
    ),
  ),
  fn('or', member('optional_or_optional', 'optional(V), optional(V) -> optional(V)')),
  fn('orValue', member('optional_orValue_value', 'optional(V), V -> V')),
  fn('_?._', global('select_optional_field', 'dyn, string -> optional(V)')),
  fn(
    '_[?_]',
    global('list_optindex_optional_int', 'list(V), int -> optional(V)'),
    global('optional_list_optindex_optional_int', 'optional(list(V)), int -> optional(V)'),
    global('map_optindex_optional_value', 'map(K, V), K -> optional(V)'),
    global('optional_map_optindex_optional_value', 'optional(map(K, V)), K -> optional(V)'),
  ),
  fn(
    'last',
    member(
      'list_last',
      'list(V) -> optional(V)',
      ofList((list) => (list.size === 0 ? NONE : new Optional(list.at(list.size - 1)))),
    ),
  ),
  fn(
    'first',
    member(
      'list_first',
      'list(V) -> optional(V)',
      ofList((list) => (list.size === 0 ? NONE : new Optional(list.at(0)))),
    ),
  ),
  fn('optional.unwrap', global('optional_unwrap', 'list(optional(V)) -> list(V)', unwrap)),
  fn('unwrapOpt', member('optional_unwrapOpt', 'list(optional(V)) -> list(V)', unwrap)),
];
