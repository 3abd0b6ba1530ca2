// A value inside a JSON value by the keys that lead there.

export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at: unknown = value;
  for (const key of path) {
    if (at === null || typeof at !== 'object') return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

/** A copy in which the value at `path` is `next`; the objects on the way are made where they are missing. */
export function withValueAt(value: unknown, path: readonly string[], next: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  const base = value !== null && typeof value === 'object' ? (value as Readonly<Record<string, unknown>>) : {};
  return { ...base, [key]: withValueAt(base[key], rest, next) };
}
