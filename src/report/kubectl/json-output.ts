// An object as `-o json` prints it: keys in order, four spaces, HTML characters escaped as Go escapes them.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/printers/json.go, Kubernetes v1.36.3.
import { compareBytes, goJsonString, goMarshal } from '../../apimachinery/go/json.ts';
import { isMap } from '../../apimachinery/json.ts';

export function jsonText(value: unknown): string {
  return `${indented(value, '', true)}\n`;
}

/** A List of these objects, each as a piece of its own: of a large cluster there is no text of the whole. */
export function* jsonListPieces(items: Iterable<unknown>): Generator<string> {
  const inner = ' '.repeat(8);
  let before = '{\n    "apiVersion": "v1",\n    "items": [\n';
  for (const item of items) {
    yield before + inner + indented(item, inner, true);
    before = ',\n';
  }
  yield '\n    ],\n    "kind": "List"\n}\n';
}

/** Of a Go struct: its fields stand in the order given. */
export function jsonTextInOrder(value: unknown): string {
  return `${indented(value, '', false)}\n`;
}

/** The value with the keys of all its maps in order, as those of unstructured objects are written. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isMap(value)) return value;
  // A Map, where keys like numbers keep their place.
  return new Map((entriesOf(value, true) ?? []).map(([key, item]) => [key, sortedKeys(item)]));
}

/** The entries of a map, or of a Map that `sortedKeys` has made. */
export function entriesOf(value: unknown, isSorted: boolean): readonly (readonly [string, unknown])[] | undefined {
  if (value instanceof Map) return [...value];
  if (!isMap(value)) return undefined;
  if (!isSorted) return Object.entries(value);
  const keys = Object.keys(value).sort(compareBytes);
  return keys.map((key) => [key, value[key]] as const);
}

function indented(value: unknown, indent: string, isSorted: boolean): string {
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + indented(item, inner, isSorted)).join(',\n')}\n${indent}]`;
  }
  const entries = entriesOf(value, isSorted);
  if (!entries) return goMarshal(value ?? null);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${goJsonString(key)}: ${indented(item, inner, isSorted)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
