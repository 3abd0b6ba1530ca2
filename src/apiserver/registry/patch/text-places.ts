// Where a text stands in a value, and the value with another text there.

/** The keys under which the text stands, with the places below each; a leaf is the text itself. */
export type TextPlaces = 'here' | { readonly keys: readonly string[]; readonly below: readonly TextPlaces[] };

/** Where the whole of a text is the one given; undefined when it is nowhere. */
export function textPlaces(value: unknown, text: string): TextPlaces | undefined {
  if (value === text) return 'here';
  if (!isTree(value)) return undefined;
  const keys: string[] = [];
  const below: TextPlaces[] = [];
  for (const key in value) {
    const places = textPlaces(value[key], text);
    if (!places) continue;
    keys.push(key);
    below.push(places);
  }
  return keys.length === 0 ? undefined : { keys, below };
}

/** The value with the text in these places; what lies outside of them is shared. */
export function withText<T>(value: T, places: TextPlaces, text: string): T {
  // Places are found in values of this very type.
  if (places === 'here') return text as T;
  const copy = (Array.isArray(value) ? value.slice() : { ...value }) as Record<string, unknown>;
  const { keys, below } = places;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    copy[key] = withText(copy[key], below[i]!, text);
  }
  return copy as T;
}

/** How often a text in the value holds one of these. */
export function countMentions(value: unknown, texts: readonly string[]): number {
  if (typeof value === 'string') {
    for (const text of texts) if (value.includes(text)) return 1;
    return 0;
  }
  if (!isTree(value)) return 0;
  let count = 0;
  for (const key in value) count += countMentions(key, texts) + countMentions(value[key], texts);
  return count;
}

/** Plain values inherit no key. */
function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
