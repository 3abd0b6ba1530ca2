// How MutatingAdmissionPolicies are created and updated.
// Behaviour: pkg/registry/admissionregistration/mutatingadmissionpolicy/strategy.go, pkg/apis/admissionregistration/v1/defaults.go, Kubernetes v1.36.3.
// Differs: whether the author may read the parameters is not asked; plans run with every permission.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { MutatingAdmissionPolicy } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { withGeneration, withNextGeneration } from '../../apps/generation.ts';
import type { Resource } from '../../resource.ts';
import { defaultMatchResources, FAILURE_POLICY } from '../defaults.ts';
import { staticSuffixErrors, staticSuffixWarnings, staticSuffixWarningsOnCreate } from '../static-suffix.ts';
import { validateMutatingPolicy } from './validation.ts';

export const mutatingAdmissionPolicyResource: Resource<MutatingAdmissionPolicy> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  singular: 'mutatingadmissionpolicy',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: {
    acceptsAnyFinalizer: true,
    applyDefaults: (policy) => {
      const { matchConstraints } = policy.spec;
      const match = matchConstraints ? { matchConstraints: defaultMatchResources(matchConstraints) } : {};
      return { ...policy, spec: { failurePolicy: FAILURE_POLICY, ...policy.spec, ...match } };
    },
    prepareForCreate: (policy) => withGeneration(policy, 1),
    validate: (policy, context) => [...validateMutatingPolicy(policy), ...staticSuffixErrors(policy, context)],
    warningsOnCreate: staticSuffixWarningsOnCreate,
    prepareForUpdate: (policy, old) =>
      semanticDeepEqual(policy.spec, old.spec) ? policy : withNextGeneration(policy, old),
    validateUpdate: validateMutatingPolicy,
    warningsOnUpdate: staticSuffixWarnings,
  },
};
