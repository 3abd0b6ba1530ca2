// How ValidatingAdmissionPolicyBindings are created and updated.
// Behaviour: pkg/registry/admissionregistration/validatingadmissionpolicybinding/strategy.go, pkg/apis/admissionregistration/v1/defaults.go, Kubernetes v1.36.3.
// Differs: whether the author may read the parameters is not asked; plans run with every permission.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { ValidatingAdmissionPolicyBinding } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { withGeneration, withNextGeneration } from '../../apps/generation.ts';
import type { Resource } from '../../resource.ts';
import { validateValidatingBinding } from '../binding-validation.ts';
import { defaultMatchResources } from '../defaults.ts';
import { staticSuffixErrors, staticSuffixWarnings, staticSuffixWarningsOnCreate } from '../static-suffix.ts';

export const validatingAdmissionPolicyBindingResource: Resource<ValidatingAdmissionPolicyBinding> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  singular: 'validatingadmissionpolicybinding',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: {
    acceptsAnyFinalizer: true,
    applyDefaults: (binding) => {
      const { matchResources } = binding.spec;
      if (!matchResources) return binding;
      return { ...binding, spec: { ...binding.spec, matchResources: defaultMatchResources(matchResources) } };
    },
    prepareForCreate: (binding) => withGeneration(binding, 1),
    validate: (binding, context) => [...validateValidatingBinding(binding), ...staticSuffixErrors(binding, context)],
    warningsOnCreate: staticSuffixWarningsOnCreate,
    prepareForUpdate: (binding, old) =>
      semanticDeepEqual(binding.spec, old.spec) ? binding : withNextGeneration(binding, old),
    validateUpdate: validateValidatingBinding,
    warningsOnUpdate: staticSuffixWarnings,
  },
};
