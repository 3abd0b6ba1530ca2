// Lists and maps that were given empty: decoding drops them, and a few rules and messages of Go tell them from absent ones.
// The note goes along when the struct is copied, and nothing else sees it; what has been stored is read back without it, so only the
// new object of a request is to be asked.

const GIVEN_EMPTY: unique symbol = Symbol('given empty');

interface Noted {
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

/** The struct, a copy of somebody's own, where these fields take another's values: what was given for them is forgotten. */
export function withoutGivenEmpty<T extends object>(struct: T, fields: readonly string[]): T {
  const noted = (struct as Noted)[GIVEN_EMPTY];
  if (!noted || !fields.some((field) => Object.hasOwn(noted, field))) return struct;
  const left = Object.fromEntries(Object.entries(noted).filter(([field]) => !fields.includes(field)));
  return { ...struct, [GIVEN_EMPTY]: left };
}
