// An object as `-o json` prints it: keys in order, four spaces, HTML characters escaped as Go escapes them.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/printers/json.go, Kubernetes v1.36.3.
import { compareBytes, goJsonString, goMarshal } from '../../apimachinery/go-json.ts';
import { isMap } from './go-value.ts';

export function jsonText(value: unknown): string {
  return jsonTextInOrder(sortedKeys(value));
}

/** Of a Go struct: its fields stand in the order given. */
export function jsonTextInOrder(value: unknown): string {
  return `${indented(value, '')}\n`;
}

/** The value with the keys of all its maps in order, as those of unstructured objects are written. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isMap(value)) return value;
  const keys = Object.keys(value).sort(compareBytes);
  return new Map(keys.map((key) => [key, sortedKeys(value[key])]));
}

/** The entries of a map; `sortedKeys` makes Maps, where keys like numbers keep their place. */
export function entriesInOrder(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (value instanceof Map) return [...value];
  return isMap(value) ? Object.entries(value) : undefined;
}

function indented(value: unknown, indent: string): string {
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + indented(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = entriesInOrder(value);
  if (!entries) return goMarshal(value ?? null);
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([key, item]) => `${inner}${goJsonString(key)}: ${indented(item, inner)}`).join(',\n')}\n${indent}}`;
}
