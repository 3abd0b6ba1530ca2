// Finds apiVersion and kind in a body before its type is known.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json/meta.go, Kubernetes v1.36.3.
import {
  type GroupVersionKind,
  parseGroupVersion,
  unexpectedGroupVersion,
} from '../../apimachinery/group-version-kind.ts';
import { describeValue, TypeMismatch } from './decode-run.ts';
import { type JsonEntries, type JsonTree, RawNumber } from './json-tree.ts';

/** The Go type that the two fields are read into, as Go prints it. */
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
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof RawNumber) {
    return { ok: false, error: jsonParseError(String(new TypeMismatch(describeValue(value), GO_TYPE, '', ''))) };
  }
  const irregular = value === null ? [] : tree.irregular?.get(value);
  const plain = irregular ? undefined : plainMeta(value as JsonObject);
  if (plain) return withVersion(plain.apiVersion, plain.kind);
  const entries: JsonEntries = irregular ?? Object.entries(value as JsonObject);
  const found = { apiversion: '', kind: '' };
  let mismatch: TypeMismatch | undefined;
  for (const [key, each] of entries) {
    const name = key.toLowerCase();
    if ((name !== 'apiversion' && name !== 'kind') || each === null) continue;
    if (typeof each === 'string') found[name] = each;
    else if (!mismatch || (isSorted && name === 'apiversion'))
      mismatch = new TypeMismatch(describeValue(each), 'string', '', name === 'kind' ? 'kind' : 'apiVersion');
  }
  if (mismatch) return { ok: false, error: jsonParseError(String(mismatch)) };
  return withVersion(found.apiversion, found.kind);
}

type JsonObject = Readonly<Record<string, unknown>>;

/** What nearly every body says: both are texts, and no other key could be taken for one of them. */
function plainMeta(value: JsonObject): { readonly apiVersion: string; readonly kind: string } | undefined {
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  for (const key in value) {
    if (key === 'apiVersion' || key === 'kind' || key === 'spec') continue;
    if (key.length === 'kind'.length || key.length === 'apiVersion'.length) return undefined;
  }
  return { apiVersion, kind };
}

/** Of many objects most are of the kind of the one before. */
let lastPlain: { readonly apiVersion: string; readonly kind: string; readonly meta: InterpretedMeta } | undefined;

function withVersion(apiVersion: string, kind: string): InterpretedMeta {
  if (lastPlain?.kind === kind && lastPlain.apiVersion === apiVersion) return lastPlain.meta;
  const meta = readVersion(apiVersion, kind);
  lastPlain = { apiVersion, kind, meta };
  return meta;
}

function readVersion(apiVersion: string, kind: string): InterpretedMeta {
  const groupVersion = parseGroupVersion(apiVersion);
  if (!groupVersion) return { ok: false, error: unexpectedGroupVersion(apiVersion) };
  return { ok: true, gvk: { ...groupVersion, kind } };
}
