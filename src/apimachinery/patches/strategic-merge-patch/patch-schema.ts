// What a strategic merge patch asks of a type: how the field behind a key is merged, and the type below it.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/meta.go (LookupPatchMeta), Kubernetes v1.36.3.
import { PatchFailure } from './directives.ts';

export interface PatchMeta {
  /** The parts of the patchStrategy tag. */
  readonly strategies: readonly string[];
  readonly mergeKey: string;
}

export type PatchLookup =
  | { readonly ok: true; readonly schema: PatchSchema; readonly meta: PatchMeta }
  | { readonly ok: false; readonly error: string };

export interface PatchSchema {
  /** What the type calls itself in an error. */
  readonly name: string;
  /** The field that holds an object. */
  lookupStruct(key: string): PatchLookup;
  /** The field that holds a list; the schema is that of its items. */
  lookupSlice(key: string): PatchLookup;
}

export interface FieldPatch {
  readonly schema: PatchSchema;
  readonly strategy: string;
  readonly retainKeys: boolean;
  readonly mergeKey: string;
}

const RETAIN_KEYS_STRATEGY = 'retainKeys';

/** The found field with its strategy taken apart; fails with the lookup's error. */
export function fieldPatchOf(lookup: PatchLookup): FieldPatch {
  if (!lookup.ok) throw new PatchFailure(lookup.error);
  const { schema, meta } = lookup;
  const { retainKeys, strategy } = splitStrategies(meta.strategies);
  return { schema, strategy, retainKeys, mergeKey: meta.mergeKey };
}

function splitStrategies(strategies: readonly string[]): { readonly retainKeys: boolean; readonly strategy: string } {
  const others = strategies.filter((strategy) => strategy !== RETAIN_KEYS_STRATEGY);
  const retainKeys = others.length < strategies.length;
  if (strategies.length > 2 || others.length > 1)
    throw new PatchFailure(`unexpected patch strategy: [${strategies.join(' ')}]`);
  return { retainKeys, strategy: others[0] ?? '' };
}
