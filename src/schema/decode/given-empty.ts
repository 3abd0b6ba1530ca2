// Lists and maps that were given empty: decoding drops them, and a few rules and messages of Go tell them from absent ones.
// The note goes along when the struct is copied, and nothing else sees it; what is stored loses it.

const GIVEN_EMPTY: unique symbol = Symbol('given empty');

const HAS_GIVEN_EMPTY: unique symbol = Symbol('has given empty');

interface Noted {
  [HAS_GIVEN_EMPTY]?: true;
  [GIVEN_EMPTY]?: Readonly<Record<string, readonly [] | Readonly<Record<string, never>>>>;
}

/** Notes that the field of this struct was given as an empty list or map. */
export function noteGivenEmpty(struct: object, field: string, value: readonly [] | object): void {
  const noted = struct as Noted;
  noted[GIVEN_EMPTY] = { ...noted[GIVEN_EMPTY], [field]: Array.isArray(value) ? [] : {} };
}

/** The empty list or map that the field of this struct was given as, while nobody has set it since. */
export function givenEmpty(struct: object, field: string): readonly [] | Readonly<Record<string, never>> | undefined {
  return (struct as Noted)[GIVEN_EMPTY]?.[field];
}

/** The field of a new object as Go holds it, to be shown in a message: empty lists and maps stand apart from nil. */
export function shownField(struct: object, field: string): unknown {
  return (struct as Readonly<Record<string, unknown>>)[field] ?? givenEmpty(struct, field) ?? null;
}

/** The struct, a copy of somebody's own, where these fields take another's values: what was given for them is forgotten. */
export function withoutGivenEmpty<T extends object>(struct: T, fields: readonly string[]): T {
  const noted = (struct as Noted)[GIVEN_EMPTY];
  if (!noted || !fields.some((field) => Object.hasOwn(noted, field))) return struct;
  const left = Object.fromEntries(Object.entries(noted).filter(([field]) => !fields.includes(field)));
  return { ...struct, [GIVEN_EMPTY]: left };
}

/** Whether anything in this value was given as an empty list or map: Go's reflect.DeepEqual tells it from what was stored. */
export function holdsGivenEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const noted = (value as Noted)[GIVEN_EMPTY];
  if (noted && Object.keys(noted).some((field) => isUnset(value, field))) return true;
  return Object.values(value).some(holdsGivenEmpty);
}

function isUnset(struct: object, field: string): boolean {
  const value = (struct as Readonly<Record<string, unknown>>)[field];
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** Notes on a whole object that notes stand somewhere in it. */
export function markGivenEmpty(object: object): void {
  (object as Noted)[HAS_GIVEN_EMPTY] = true;
}

/**
 * The object as it is read back from the store, whose format does not tell empty lists and maps from absent ones: without notes,
 * and without the empty lists that stand in fields which Go always writes.
 */
export function asStored<T extends object>(object: T): T {
  if (!(object as Noted)[HAS_GIVEN_EMPTY]) return object;
  // Of its type still: any list may be absent.
  return withoutNotes(object) as T;
}

function withoutNotes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNotes);
  // Numbers and quantities that know their text are no plain objects.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const noted = (value as Noted)[GIVEN_EMPTY] ?? {};
  const out: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value))
    if (!Object.hasOwn(noted, key) || !isUnset(value, key)) out[key] = withoutNotes(each);
  return out;
}
