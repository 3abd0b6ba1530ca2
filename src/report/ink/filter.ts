// The small language behind `/`: `kind:Pod action:create ns:shop node:node-1 is:problem words`. All must hold.

/** What a filter can ask of a line. */
export interface Entry {
  readonly action: string;
  /** In lower case. */
  readonly kind: string;
  readonly namespace: string;
  readonly node: string;
  readonly isProblem: boolean;
  /** In lower case. */
  readonly text: string;
}

export type FilterKey = 'action' | 'kind' | 'ns' | 'node' | 'is';

export interface Filter {
  readonly wanted: Readonly<Partial<Record<FilterKey, string>>>;
  readonly words: readonly string[];
}

const KEYS: Readonly<Record<string, FilterKey>> = {
  action: 'action',
  kind: 'kind',
  ns: 'ns',
  namespace: 'ns',
  node: 'node',
  is: 'is',
};

export function parseFilter(text: string): Filter {
  const wanted: Partial<Record<FilterKey, string>> = {};
  const words: string[] = [];
  for (const token of text.split(/\s+/).filter(Boolean)) {
    const [name = '', ...rest] = token.split(':');
    const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
    if (key === undefined || rest.length === 0) words.push(token.toLowerCase());
    else if (rest.join(':') !== '') wanted[key] = rest.join(':').toLowerCase();
  }
  return { wanted, words };
}

export function isEmpty({ wanted, words }: Filter): boolean {
  return words.length === 0 && Object.keys(wanted).length === 0;
}

export function matches({ wanted, words }: Filter, entry: Entry): boolean {
  return (
    (wanted.action === undefined || wanted.action === entry.action) &&
    (wanted.kind === undefined || wanted.kind === entry.kind) &&
    (wanted.ns === undefined || wanted.ns === entry.namespace) &&
    (wanted.node === undefined || wanted.node === entry.node) &&
    (wanted.is === undefined || (wanted.is === 'problem' && entry.isProblem)) &&
    words.every((word) => entry.text.includes(word))
  );
}

/** The filter with the next of the values behind this key: none, the first, …, the last, none. */
export function cycled(text: string, key: FilterKey, values: readonly string[]): string {
  const now = parseFilter(text).wanted[key];
  const at = values.findIndex((value) => value.toLowerCase() === now);
  const next = values[at + 1];
  const others = text.split(/\s+/).filter((token) => token !== '' && KEYS[token.split(':')[0] ?? ''] !== key);
  return [...(next === undefined ? [] : [`${key}:${next}`]), ...others].join(' ');
}
