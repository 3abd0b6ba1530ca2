// ValidatingAdmissionPolicyBindings.
// Behaviour: pkg/registry/admissionregistration/validatingadmissionpolicybinding/strategy.go, Kubernetes v1.36.3.
import type { ValidatingAdmissionPolicyBinding } from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { Resource } from '../../resource.ts';
import { bindingStrategy } from '../binding-strategy.ts';
import { validateValidatingBinding } from '../binding-validation.ts';

export const validatingAdmissionPolicyBindingResource: Resource<ValidatingAdmissionPolicyBinding> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  singular: 'validatingadmissionpolicybinding',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: bindingStrategy(validateValidatingBinding),
};
