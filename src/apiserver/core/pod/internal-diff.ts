// How two pod specs, or two ephemeral containers, differ, as the API server shows it: a diff of its internal types.
// Behaviour: [apimachinery]/pkg/util/diff/diff.go (Diff: JSON indented by one space), Kubernetes v1.36.3.
import { compareBytes, goJsonString, goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import type { EphemeralContainer, PodSpec } from '../../../schema/generated/types/core-v1.ts';
import { internalPodSpec, internalStruct } from '../pod-spec/internal-value.ts';
import { unifiedDiff } from './unified-diff.ts';

export function podSpecDiff(old: PodSpec, next: PodSpec): string {
  return unifiedDiff(indented(internalPodSpec(old), ''), indented(internalPodSpec(next), ''));
}

/** The same of any struct of internal-value.ts. */
export function structDiff(name: string, old: object, next: object): string {
  return unifiedDiff(indented(internalStruct(name, old), ''), indented(internalStruct(name, next), ''));
}

export function ephemeralContainerDiff(old: EphemeralContainer, next: EphemeralContainer): string {
  return structDiff('EphemeralContainer', old, next);
}

/** json.MarshalIndent(value, "", " ") */
function indented(value: unknown, margin: string): string {
  if (typeof value !== 'object' || value === null) return goMarshalInOrder(value);
  const inner = `${margin} `;
  if (Array.isArray(value)) {
    return enclosed(
      '[',
      value.map((item) => indented(item, inner)),
      ']',
      margin,
    );
  }
  // A label selector comes as a marked struct: its own text says what its fields are.
  const fields = value instanceof Map ? [...value].sort(([a], [b]) => compareBytes(a, b)) : entriesOf(value);
  const lines = fields
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${goJsonString(String(key))}: ${indented(item, inner)}`);
  return enclosed('{', lines, '}', margin);
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries('fields' in value ? Object(value.fields) : value);
}

function enclosed(open: string, lines: readonly string[], close: string, margin: string): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => `${margin} ${line}`).join(',\n')}\n${margin}${close}`;
}
