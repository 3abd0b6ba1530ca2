// What bindings of both kinds of admission policies have in common when they are created and updated.
// Behaviour: pkg/registry/admissionregistration/{validating,mutating}admissionpolicybinding/strategy.go, pkg/apis/admissionregistration/v1/defaults.go, Kubernetes v1.36.3.
// Differs: whether the author may read the parameters is not asked; plans run with every permission.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import type { FieldError } from '../../apimachinery/field-error.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { MatchResources } from '../../schema/generated/types/admissionregistration-v1.ts';
import type { Strategy } from '../resource.ts';
import { withGeneration, withNextGeneration } from '../strategies/generation.ts';
import { defaultMatchResources } from './defaults.ts';
import { staticSuffixErrors, staticSuffixWarnings, staticSuffixWarningsOnCreate } from './static-suffix.ts';

interface PolicyBinding extends KubeObject {
  readonly spec: { readonly matchResources?: MatchResources };
}

export function bindingStrategy<B extends PolicyBinding>(validate: (binding: B) => readonly FieldError[]): Strategy<B> {
  return {
    acceptsAnyFinalizer: true,
    applyDefaults: (binding) => {
      const { matchResources } = binding.spec;
      if (!matchResources) return binding;
      return { ...binding, spec: { ...binding.spec, matchResources: defaultMatchResources(matchResources) } };
    },
    prepareForCreate: (binding) => withGeneration(binding, 1),
    validate: (binding, context) => [...validate(binding), ...staticSuffixErrors(binding, context)],
    warningsOnCreate: staticSuffixWarningsOnCreate,
    prepareForUpdate: (binding, old) =>
      semanticDeepEqual(binding.spec, old.spec) ? binding : withNextGeneration(binding, old),
    validateUpdate: validate,
    warningsOnUpdate: staticSuffixWarnings,
  };
}
