// Patch rules for tests, written down as an object: `{containers: {key: 'name', of: {...}}}`.
import type {
  PatchLookup,
  PatchSchema,
} from '../../../../src/apimachinery/patches/strategic-merge-patch/patch-schema.ts';

interface Rules {
  readonly [field: string]: {
    /** Merge key of a list that merges; an empty one for a list of scalars. */
    readonly key?: string;
    readonly strategy?: string;
    readonly of?: Rules;
  };
}

export function patchSchemaOf(rules: Rules): PatchSchema {
  const lookup = (field: string): PatchLookup => {
    const rule = rules[field];
    if (!rule) return { ok: false, error: `unable to find api field ${field}` };
    const strategy = rule.strategy ?? (rule.key === undefined ? '' : 'merge');
    return {
      ok: true,
      schema: patchSchemaOf(rule.of ?? {}),
      meta: { strategies: strategy.split(','), mergeKey: rule.key ?? '' },
    };
  };
  return { name: 'struct', lookupStruct: lookup, lookupSlice: lookup };
}

/** Enough of a pod template to try every rule on. */
export const TEMPLATE_RULES: Rules = {
  labels: {},
  finalizers: { key: '' },
  args: {},
  strategy: { strategy: 'retainKeys', of: { rollingUpdate: {} } },
  containers: { key: 'name', of: { env: { key: 'name' }, ports: { key: 'containerPort' }, args: {}, resources: {} } },
  volumes: { key: 'name', strategy: 'merge,retainKeys', of: { emptyDir: {}, secret: {} } },
  spec: { of: { containers: { key: 'name', of: { env: { key: 'name' } } }, nodeSelector: {} } },
};
