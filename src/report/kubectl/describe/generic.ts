// Describes a kind that kubectl has no words for: its fields, with their names spelled out.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (genericDescriber, smartLabelFor), Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { isMap } from '../../../apimachinery/json.ts';
import { goText } from '../go-value.ts';
import { describer, eventsOf, writeEvents, writeHead, writeMeta } from './describer.ts';
import type { DescriptionWriter } from './writer.ts';

const SKIPPED = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]);
const ACRONYMS = new Set(['API', 'URL', 'UID', 'GUID']);

export const describeGeneric = describer((w, object, around) => {
  writeHead(w, object);
  writeMeta(w, object);
  writeFields(w, 0, object as unknown as Readonly<Record<string, unknown>>, '');
  writeEvents(w, eventsOf(object, around), around);
});

function writeFields(
  w: DescriptionWriter,
  level: number,
  fields: Readonly<Record<string, unknown>>,
  path: string,
): void {
  for (const name of Object.keys(fields).sort(compareBytes)) {
    const value = fields[name];
    const at = `${path}.${name}`;
    if (SKIPPED.has(at)) continue;
    if (isMap(value)) {
      w.write(level, `${labelFor(name)}:\n`);
      writeFields(w, level + 1, value, at);
    } else if (Array.isArray(value)) {
      w.write(level, `${labelFor(name)}:\n`);
      for (const item of value) {
        if (isMap(item)) writeFields(w, level + 1, item, at);
        else w.write(level + 1, `${goText(item)}\n`);
      }
    } else w.line(level, `${labelFor(name)}:`, goText(value));
  }
}

/** `creationTimestamp` as `Creation Timestamp`, `apiVersion` as `API Version`. */
export function labelFor(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const parts = splitCamelCase(field);
  const merged: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    const next = parts[i + 1];
    if (next !== undefined && part.length >= 2 && part === part.toUpperCase() && /^\p{Lu}/u.test(next)) {
      merged.push(part + next);
      i++;
    } else merged.push(part);
  }
  return merged.map(wordFor).join(' ');
}

function wordFor(part: string): string {
  if (ACRONYMS.has(part.toUpperCase())) return part.toUpperCase();
  return part === part.toLowerCase() ? part.charAt(0).toUpperCase() + part.slice(1) : part;
}

function splitCamelCase(text: string): readonly string[] {
  const runs = text.match(/\p{Ll}+|\p{Lu}+|[^\p{Ll}\p{Lu}]+/gu) ?? [];
  const words = [...runs];
  for (let i = 0; i < words.length - 1; i++) {
    if (!/^\p{Lu}/u.test(words[i]!) || !/^\p{Ll}/u.test(words[i + 1]!)) continue;
    words[i + 1] = words[i]!.slice(-1) + words[i + 1]!;
    words[i] = words[i]!.slice(0, -1);
  }
  return words.filter((word) => word !== '');
}
