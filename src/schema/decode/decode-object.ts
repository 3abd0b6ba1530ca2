// Decodes JSON into a Kubernetes object as the API server does, and writes it as Go would: the shape that everything else works on.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json/json.go, Kubernetes v1.36.3.
import { type KubernetesVersion, structLayout } from '../layout.ts';
import { compiledStruct } from './compile.ts';
import { DecodeFailure, DecodeRun } from './decode-run.ts';
import { markGivenEmpty } from './given-empty.ts';
import type { JsonTree } from './json-tree.ts';

export interface DecodeOptions {
  /** Look for unknown and duplicate fields (they are no error by themselves). On by default. */
  readonly strict?: boolean;
  /** The order in which Go meets the keys: as written, or sorted, as in JSON made from YAML. It decides which error comes first. */
  readonly keyOrder?: 'document' | 'sorted';
}

export type Decoded<T> =
  | { readonly ok: true; readonly object: T; readonly strictErrors: readonly string[] }
  | {
      readonly ok: false;
      readonly error: string;
      /** Where it was met, `spec.containers[0].image`; empty where it was the object itself. */
      readonly field?: string;
    };

/** Go has room for 10,000 levels; what a JavaScript stack cannot hold is refused in Go's words for too deep a document. */
const TOO_DEEP = 'exceeded max depth';

function runOnce<T>(
  version: KubernetesVersion,
  typeId: string,
  tree: JsonTree,
  strict: boolean,
  sorted: boolean,
): Decoded<T> {
  // Nothing is shared where the order of keys matters or numbers are more than JSON says of them.
  const shared = sorted || strict || tree.irregular ? undefined : tree.shared;
  const { irregular } = tree;
  const run = new DecodeRun({ strict, sorted, rawNumbers: tree.rawNumbers ?? true, irregular, shared });
  const type = compiledStruct(version, typeId);
  try {
    const object = type.decode(tree.value, undefined, run) ?? type.zero();
    if (run.error !== undefined) return { ok: false, error: String(run.error), field: run.errorField };
    if (run.hasGivenEmpty) markGivenEmpty(object as object);
    // The decoder builds exactly what the layout of the type says; the caller names the interface generated from it.
    return { ok: true, object: object as T, strictErrors: run.strictErrors };
  } catch (error) {
    if (error instanceof DecodeFailure) return { ok: false, error: error.message, field: run.errorField };
    if (error instanceof RangeError) return { ok: false, error: TOO_DEEP };
    throw error;
  }
}

/**
 * Decodes a value into the struct that a type id names. Unknown fields are left out; times and quantities are canonical; what Go
 * omits is absent and what Go always writes is present; nulls are absent.
 */
export function decodeObject<T = { readonly [key: string]: unknown }>(
  version: KubernetesVersion,
  typeId: string,
  tree: JsonTree,
  options: DecodeOptions = {},
): Decoded<T> {
  structLayout(version, typeId);
  const strict = options.strict ?? true;
  const decoded = runOnce<T>(version, typeId, tree, strict, false);
  const clean = decoded.ok && decoded.strictErrors.length === 0;
  // Only the order of errors depends on the order of keys.
  return clean || options.keyOrder !== 'sorted' ? decoded : runOnce(version, typeId, tree, strict, true);
}
