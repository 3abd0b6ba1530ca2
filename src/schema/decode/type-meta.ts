// Finds apiVersion and kind in a body before its type is known.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json/meta.go, Kubernetes v1.36.3.

import {
  type GroupVersionKind,
  parseGroupVersion,
  unexpectedGroupVersion,
} from '../../apimachinery/group-version-kind.ts';
import { describeValue, TypeMismatch } from './decode-run.ts';
import { type JsonEntries, type JsonTree, RawNumber } from './json-tree.ts';

// The Go type that the two fields are read into, as Go prints it.
const GO_TYPE =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
const COULD_NOT_GET = "couldn't get version/kind; json parse error: ";

export type InterpretedMeta =
  | { readonly ok: true; readonly gvk: GroupVersionKind }
  | { readonly ok: false; readonly error: string };

export function jsonParseError(error: string): string {
  return COULD_NOT_GET + error;
}

// Unlike the decoder of objects this one takes `Kind` for `kind`.
/** With sorted keys, as in JSON made from YAML, `apiVersion` is the first to be wrong. */
export function interpretTypeMeta(tree: JsonTree, isSorted = false): InterpretedMeta {
  const { value } = tree;
  const found = { apiversion: '', kind: '' };
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof RawNumber) {
    return { ok: false, error: jsonParseError(String(new TypeMismatch(describeValue(value), GO_TYPE, '', ''))) };
  }
  let mismatch: TypeMismatch | undefined;
  const take = (key: string, each: unknown): void => {
    if ('kind'.length !== key.length && 'apiVersion'.length !== key.length) return;
    const name = key.toLowerCase();
    if ((name !== 'apiversion' && name !== 'kind') || each === null) return;
    if (typeof each === 'string') found[name] = each;
    else if (!mismatch || (isSorted && name === 'apiversion'))
      mismatch = new TypeMismatch(describeValue(each), 'string', '', name === 'kind' ? 'kind' : 'apiVersion');
  };
  const entries: JsonEntries | undefined = value === null ? [] : tree.irregular?.get(value);
  if (entries) for (const [key, each] of entries) take(key, each);
  else for (const key of Object.keys(value as object)) take(key, (value as Readonly<Record<string, unknown>>)[key]);
  if (mismatch) return { ok: false, error: jsonParseError(String(mismatch)) };
  const groupVersion = parseGroupVersion(found.apiversion);
  if (!groupVersion) return { ok: false, error: unexpectedGroupVersion(found.apiversion) };
  return { ok: true, gvk: { ...groupVersion, kind: found.kind } };
}
