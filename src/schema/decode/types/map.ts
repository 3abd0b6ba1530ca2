// Maps, whose keys Go writes sorted.
// Behaviour: object in sigs.k8s.io/json internal/golang/encoding/json/decode.go and mapEncoder in encoding/json/encode.go of Go 1.26, Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import type { DecodeRun } from '../decode-run.ts';
import { setOwn } from '../json-tree.ts';
import { type CompiledType, nothing } from './compiled-type.ts';
import { entriesOf, isPlainObject, type JsonObject, needsEntries } from './json-object.ts';

function sortedByKey(object: JsonObject): JsonObject {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(object).sort(compareBytes)) setOwn(out, key, object[key]);
  return out;
}

/** Whether an object may stand for a map[string]string as it is: strings only, keys in the order in which Go writes them. */
function isSortedTextMap(object: JsonObject, run: DecodeRun): boolean {
  if (run.irregular?.has(object)) return false;
  let last = '';
  for (const key in object) {
    if (typeof object[key] !== 'string' || key < last) return false;
    last = key;
  }
  return true;
}

export function mapType(goName: string, element: CompiledType, isText: boolean): CompiledType {
  return {
    decode(value, previous, run) {
      if (!isPlainObject(value)) {
        if (value === null) return undefined;
        run.saveMismatch(value, goName);
        return previous;
      }
      if (isText && previous === undefined && isSortedTextMap(value, run))
        return run.shared ? run.shared.likeLast(this, value) : value;
      const out: Record<string, unknown> = { ...(previous as JsonObject | undefined) };
      const seen = needsEntries(value, run) ? new Set<string>() : undefined;
      const entries = seen ? entriesOf(value, run) : Object.entries(value);
      const depth = run.depth;
      let ordered = previous === undefined;
      let last = '';
      for (const [key, each] of entries) {
        if (seen?.has(key)) run.duplicateField(key);
        seen?.add(key);
        run.steps[depth] = key;
        run.depth = depth + 1;
        const decoded = element.decode(each, undefined, run);
        run.depth = depth;
        setOwn(out, key, decoded === undefined ? (element.zero() ?? null) : decoded);
        ordered &&= compareBytes(last, key) <= 0;
        last = key;
      }
      return ordered ? out : sortedByKey(out);
    },
    zero: nothing,
    isEmpty: isEmptyMap,
  };
}

function isEmptyMap(value: unknown): boolean {
  for (const _ in value as object) return false;
  return true;
}
