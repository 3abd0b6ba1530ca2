// One step of a field path: a field, a list item by its keys or its value, or an index; with its order and its three texts.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 fieldpath/{element,serialize-pe}.go, as in Kubernetes v1.36.3.
import { compareBytes, goJsonString, goMarshal } from '../../../apimachinery/go/json.ts';
import { goFloat, goQuote } from '../../../apimachinery/go/quote.ts';
import type { Json } from '../../../apimachinery/json.ts';

export interface KeyField {
  readonly name: string;
  readonly value: Json;
}

/** `id` is the serialized form, the same for equal elements. */
export type PathElement =
  | { readonly kind: 'field'; readonly name: string; readonly id: string }
  | { readonly kind: 'key'; readonly fields: readonly KeyField[]; readonly id: string }
  | { readonly kind: 'value'; readonly value: Json; readonly id: string }
  | { readonly kind: 'index'; readonly index: number; readonly id: string };

export type FieldPathElements = readonly PathElement[];

const RANKS = { field: 0, key: 1, value: 2, index: 3 } as const;

export function fieldElement(name: string): PathElement {
  return { kind: 'field', name, id: `f:${name}` };
}

export function keyElement(fields: readonly KeyField[]): PathElement {
  const sorted = [...fields].sort((a, b) => compareBytes(a.name, b.name));
  const text = sorted.map(({ name, value }) => `${goJsonString(name)}:${goMarshal(value)}`).join(',');
  return { kind: 'key', fields: sorted, id: `k:{${text}}` };
}

export function valueElement(value: Json): PathElement {
  return { kind: 'value', value, id: `v:${goMarshal(value)}` };
}

export function indexElement(index: number): PathElement {
  return { kind: 'index', index, id: `i:${index}` };
}

/** Undefined for a kind of element that is not known, which is skipped; a text that cannot be read is an error. */
export function parsePathElement(text: string): PathElement | undefined {
  if (text.length < 2) throw new FieldSetError('key must be 2 characters long:');
  if (text[1] !== ':') throw new FieldSetError(`missing colon: ${text}`);
  const rest = text.slice(2);
  switch (text[0]) {
    case 'f':
      return fieldElement(rest);
    case 'v':
      return valueElement(parse(rest));
    case 'k': {
      const fields = parse(rest);
      if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
        throw new FieldSetError(`not an object: ${rest}`);
      return keyElement(Object.entries(fields).map(([name, value]) => ({ name, value })));
    }
    case 'i': {
      if (!/^[+-]?\d+$/.test(rest)) throw new FieldSetError(`strconv.Atoi: parsing ${goQuote(rest)}: invalid syntax`);
      return indexElement(Number(rest));
    }
    default:
      return undefined;
  }
}

/** A field set that cannot be read. */
export class FieldSetError extends Error {}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new FieldSetError(`cannot read ${text}`);
  }
}

export function comparePathElements(a: PathElement, b: PathElement): number {
  if (a.kind === 'field' && b.kind === 'field') return compareBytes(a.name, b.name);
  if (a.kind === 'key' && b.kind === 'key') return compareKeys(a.fields, b.fields);
  if (a.kind === 'value' && b.kind === 'value') return compareValues(a.value, b.value);
  if (a.kind === 'index' && b.kind === 'index') return a.index - b.index;
  return RANKS[a.kind] - RANKS[b.kind];
}

function compareKeys(a: readonly KeyField[], b: readonly KeyField[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i] as KeyField, b[i] as KeyField];
    const order = compareBytes(x.name, y.name) || compareValues(x.value, y.value);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const VALUE_RANKS: Readonly<Record<string, number>> = { number: 0, string: 1, boolean: 2, object: 3 };

/** A total order of scalars: numbers, texts, booleans, then all else by its JSON text. */
function compareValues(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const ranks = (VALUE_RANKS[typeof a] ?? 0) - (VALUE_RANKS[typeof b] ?? 0);
  return ranks || compareBytes(goMarshal(a), goMarshal(b));
}

/** A value inside a path, as conflicts print it. */
function valueText(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'number') return goFloat(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(',')}]`;
  return Object.entries(value)
    .map(([key, each]) => `${key}=${valueText(each)}`)
    .join('');
}

export function pathElementText(element: PathElement): string {
  switch (element.kind) {
    case 'field':
      return `.${element.name}`;
    case 'key':
      return `[${element.fields.map(({ name, value }) => `${name}=${valueText(value)}`).join(',')}]`;
    case 'value':
      return `[=${valueText(element.value)}]`;
    case 'index':
      return `[${element.index}]`;
  }
}

/** `.spec.template.spec.containers[name="web"].image` */
export function pathText(path: FieldPathElements): string {
  return path.map(pathElementText).join('');
}

export function fieldPath(...names: readonly string[]): FieldPathElements {
  return names.map(fieldElement);
}
