// What both kinds of admission policies have in common when they are created and updated.
// Behaviour: pkg/registry/admissionregistration/{validating,mutating}admissionpolicy/strategy.go, pkg/apis/admissionregistration/v1/defaults.go, Kubernetes v1.36.3.
// Differs: whether the author may read the parameters is not asked; plans run with every permission.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import type { FieldError } from '../../apimachinery/field-error.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { MatchResources } from '../../schema/generated/types/admissionregistration-v1.ts';
import type { Strategy } from '../resource.ts';
import { withGeneration, withNextGeneration } from '../strategies/generation.ts';
import { defaultMatchResources, FAILURE_POLICY } from './defaults.ts';
import { staticSuffixErrors, staticSuffixWarnings, staticSuffixWarningsOnCreate } from './static-suffix.ts';

interface Policy extends KubeObject {
  readonly spec: { readonly failurePolicy?: string; readonly matchConstraints?: MatchResources };
}

interface PolicyRules<P extends Policy> {
  readonly validate: (policy: P) => readonly FieldError[];
  readonly validateUpdate: (policy: P, old: P) => readonly FieldError[];
}

export function policyStrategy<P extends Policy>({ validate, validateUpdate }: PolicyRules<P>) {
  return {
    acceptsAnyFinalizer: true,
    applyDefaults: (policy) => {
      const { matchConstraints } = policy.spec;
      const match = matchConstraints ? { matchConstraints: defaultMatchResources(matchConstraints) } : {};
      return { ...policy, spec: { failurePolicy: FAILURE_POLICY, ...policy.spec, ...match } };
    },
    prepareForCreate: (policy) => withGeneration(policy, 1),
    validate: (policy, context) => [...validate(policy), ...staticSuffixErrors(policy, context)],
    warningsOnCreate: staticSuffixWarningsOnCreate,
    prepareForUpdate: (policy, old) =>
      semanticDeepEqual(policy.spec, old.spec) ? policy : withNextGeneration(policy, old),
    validateUpdate,
    warningsOnUpdate: staticSuffixWarnings,
  } satisfies Strategy<P>;
}
