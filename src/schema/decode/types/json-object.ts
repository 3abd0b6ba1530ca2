// JSON objects as the decoder meets them: which they are, and in what order Go reads their keys.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import type { DecodeRun } from '../decode-run.ts';
import { RawNumber } from '../json-tree.ts';

export type JsonObject = { readonly [key: string]: unknown };

export const isPlainObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawNumber);

/** The keys and values of an object in the order in which Go meets them. */
export function entriesOf(object: JsonObject, run: DecodeRun): readonly (readonly [string, unknown])[] {
  const entries = run.irregular?.get(object) ?? Object.entries(object);
  return run.sorted ? [...entries].sort((a, b) => compareBytes(a[0], b[0])) : entries;
}

export const needsEntries = (object: JsonObject, run: DecodeRun) => run.sorted || (run.irregular?.has(object) ?? false);
