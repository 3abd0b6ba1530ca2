// MutatingAdmissionPolicyBindings.
// Behaviour: pkg/registry/admissionregistration/mutatingadmissionpolicybinding/strategy.go, Kubernetes v1.36.3.
import type { MutatingAdmissionPolicyBinding } from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { Resource } from '../../resource.ts';
import { bindingStrategy } from '../binding-strategy.ts';
import { validateMutatingBinding } from '../binding-validation.ts';

export const mutatingAdmissionPolicyBindingResource: Resource<MutatingAdmissionPolicyBinding> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  singular: 'mutatingadmissionpolicybinding',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: bindingStrategy(validateMutatingBinding),
};
