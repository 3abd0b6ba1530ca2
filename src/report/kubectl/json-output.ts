// An object as `-o json` prints it: keys in order, four spaces, HTML characters escaped as Go escapes them.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/printers/json.go, Kubernetes v1.36.3.
import { compareBytes, goJsonString, goMarshal } from '../../apimachinery/go-json.ts';
import { isMap } from './go-value.ts';

export function jsonText(value: unknown): string {
  return `${indented(value, '')}\n`;
}

function indented(value: unknown, indent: string): string {
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + indented(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (isMap(value)) {
    const keys = Object.keys(value).sort(compareBytes);
    if (keys.length === 0) return '{}';
    return `{\n${keys.map((key) => `${inner}${goJsonString(key)}: ${indented(value[key], inner)}`).join(',\n')}\n${indent}}`;
  }
  return goMarshal(value ?? null);
}
