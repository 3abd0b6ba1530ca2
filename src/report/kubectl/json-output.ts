// An object as `-o json` prints it: keys in order, four spaces, HTML characters escaped as Go escapes them.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/printers/json.go, Kubernetes v1.36.3.
import { compareBytes, goJsonString, goMarshal } from '../../apimachinery/go-json.ts';
import { isMap } from './go-value.ts';

export function jsonText(value: unknown): string {
  return `${indented(value, '', true)}\n`;
}

/** Of a Go struct: its fields stand in the order given. */
export function jsonTextInOrder(value: unknown): string {
  return `${indented(value, '', false)}\n`;
}

function indented(value: unknown, indent: string, isSorted: boolean): string {
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + indented(item, inner, isSorted)).join(',\n')}\n${indent}]`;
  }
  if (isMap(value)) {
    const keys = isSorted ? Object.keys(value).sort(compareBytes) : Object.keys(value);
    if (keys.length === 0) return '{}';
    return `{\n${keys.map((key) => `${inner}${goJsonString(key)}: ${indented(value[key], inner, isSorted)}`).join(',\n')}\n${indent}}`;
  }
  return goMarshal(value ?? null);
}
