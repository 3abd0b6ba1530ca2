// Builds the next state of an object so that what did not change stays the very same object.

/** The object with these fields, or itself when it has them already; a field that is undefined here is left alone. */
export function merge<T extends object>(object: T, changes: { readonly [K in keyof T]?: T[K] | undefined }): T {
  let next: T | undefined;
  for (const key in changes) {
    const value = changes[key];
    if (value === undefined || value === object[key]) continue;
    next ??= { ...object };
    next[key] = value as T[Extract<keyof T, string>];
  }
  return next ?? object;
}

/** As merge, for an object that nobody else holds: it is changed itself, unless it is one of the frozen values that stand for many. */
export function fill<T extends object>(object: T, changes: { readonly [K in keyof T]?: T[K] | undefined }): T {
  if (!Object.isExtensible(object)) return merge(object, changes);
  for (const key in changes) {
    const value = changes[key];
    if (value !== undefined && value !== object[key]) object[key] = value as T[Extract<keyof T, string>];
  }
  return object;
}

/** The list with every item replaced by what `change` makes of it, or itself when nothing changes. */
export function mapList<T>(list: readonly T[], change: (item: T) => T): readonly T[];
export function mapList<T>(list: readonly T[] | undefined, change: (item: T) => T): readonly T[] | undefined;
export function mapList<T>(list: readonly T[] | undefined, change: (item: T) => T): readonly T[] | undefined {
  let next: T[] | undefined;
  for (let i = 0; list && i < list.length; i++) {
    const item = list[i] as T;
    const changed = change(item);
    if (changed === item) continue;
    next ??= [...list];
    next[i] = changed;
  }
  return next ?? list;
}

/** As mapList; lists that many objects share, which are frozen, are gone through once and their results shared too. */
export function mapShared<T>(change: (item: T) => T): {
  (list: readonly T[]): readonly T[];
  (list: readonly T[] | undefined): readonly T[] | undefined;
} {
  const known = new WeakMap<readonly T[], readonly T[]>();
  function map(list: readonly T[]): readonly T[];
  function map(list: readonly T[] | undefined): readonly T[] | undefined;
  function map(list: readonly T[] | undefined): readonly T[] | undefined {
    if (!list || !Object.isFrozen(list)) return mapList(list, change);
    let mapped = known.get(list);
    if (!mapped) known.set(list, (mapped = Object.freeze(mapList(list, change))));
    return mapped;
  }
  return map;
}
