// A patched object as the text that the patch library makes of it: what the patch went through has its keys sorted, the rest
// stands as it was written.
// Behaviour: gopkg.in/evanphx/json-patch.v4 v4.13.0 (lazyNode), as in Kubernetes v1.36.3.
import { compareBytes, goJsonString, goMarshal } from '../../../apimachinery/go/json.ts';
import { isJsonList, isMap, type Json } from '../../../apimachinery/json.ts';
import { applyJsonPatch, decodeJsonPatch, type PatchOperation } from '../../../apimachinery/patches/json-patch.ts';

/** `isSorted`: the object was written with sorted keys, as custom resources are. */
export function mergePatchedText(before: Json, patch: Json, patched: Json, isSorted: boolean): string {
  return rendered(patched, writtenIn(before, patch), isSorted);
}

export function jsonPatchedText(before: Json, patch: Json, isSorted: boolean): string {
  const operations = decodeJsonPatch(patch);
  if (typeof operations === 'string') return goMarshal(before);
  const written = writtenIn(before, patch);
  let document = isMap(before) ? { ...before } : before;
  for (const operation of operations) {
    document = opened(opened(document, operation, 'path'), operation, 'from');
    const result = applyJsonPatch(document, [operation]);
    if (result.ok) document = result.value;
  }
  return rendered(document, written, isSorted);
}

/** Objects and lists that were read from text and not taken apart since. */
function writtenIn(...documents: readonly Json[]): ReadonlySet<object> {
  const found = new Set<object>();
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    found.add(value);
    for (const each of Object.values(value)) visit(each);
  };
  for (const document of documents) visit(document);
  return found;
}

/** The document with fresh copies of what a pointer leads through: looking there takes it apart. */
function opened(document: Json, operation: PatchOperation, field: 'path' | 'from'): Json {
  const pointer = operation[field];
  if (typeof pointer !== 'string') return document;
  const steps = pointer
    .split('/')
    .slice(1, -1)
    .map((step) => step.replace(/~[01]/g, (escaped) => (escaped === '~1' ? '/' : '~')));
  const open = (value: Json, depth: number): Json => {
    const step = steps[depth];
    if (isJsonList(value)) {
      const index = Number(step);
      return value.map((item, i) => (step !== undefined && i === index ? open(item, depth + 1) : item));
    }
    if (!isMap(value)) return value;
    if (step === undefined || !Object.hasOwn(value, step)) return { ...value };
    return { ...value, [step]: open(value[step] ?? null, depth + 1) };
  };
  return open(document, 0);
}

function rendered(value: Json, written: ReadonlySet<object>, isSorted: boolean): string {
  if (isJsonList(value)) return `[${value.map((item) => rendered(item, written, isSorted)).join(',')}]`;
  if (!isMap(value)) return goMarshal(value);
  const keys = Object.keys(value);
  if (isSorted || !written.has(value)) keys.sort(compareBytes);
  return `{${keys.map((key) => `${goJsonString(key)}:${rendered(value[key] ?? null, written, isSorted)}`).join(',')}}`;
}
