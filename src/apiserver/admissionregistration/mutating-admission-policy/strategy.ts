// MutatingAdmissionPolicies.
// Behaviour: pkg/registry/admissionregistration/mutatingadmissionpolicy/strategy.go, Kubernetes v1.36.3.
import type { MutatingAdmissionPolicy } from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { Resource } from '../../resource.ts';
import { policyStrategy } from '../policy-strategy.ts';
import { validateMutatingPolicy } from './validation.ts';

export const mutatingAdmissionPolicyResource: Resource<MutatingAdmissionPolicy> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  singular: 'mutatingadmissionpolicy',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: policyStrategy({ validate: validateMutatingPolicy, validateUpdate: validateMutatingPolicy }),
};
