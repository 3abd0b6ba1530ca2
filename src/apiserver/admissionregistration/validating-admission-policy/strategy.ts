// How ValidatingAdmissionPolicies are created and updated, and how their status is written.
// Behaviour: pkg/registry/admissionregistration/validatingadmissionpolicy/strategy.go, pkg/apis/admissionregistration/v1/defaults.go, Kubernetes v1.36.3.
// Differs: whether the author may read the parameters is not asked; plans run with every permission.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { ValidatingAdmissionPolicy } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { withGeneration, withNextGeneration } from '../../apps/generation.ts';
import { metadataForStatus } from '../../networking/status-metadata.ts';
import type { Resource } from '../../resource.ts';
import { defaultMatchResources, FAILURE_POLICY } from '../defaults.ts';
import { staticSuffixErrors, staticSuffixWarnings, staticSuffixWarningsOnCreate } from '../static-suffix.ts';
import { validateValidatingPolicyStatus } from './status-validation.ts';
import { validateValidatingPolicy, validateValidatingPolicyUpdate } from './validation.ts';

export const validatingAdmissionPolicyResource: Resource<ValidatingAdmissionPolicy> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  singular: 'validatingadmissionpolicy',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: {
    acceptsAnyFinalizer: true,
    applyDefaults: (policy) => {
      const { matchConstraints } = policy.spec;
      const match = matchConstraints ? { matchConstraints: defaultMatchResources(matchConstraints) } : {};
      return { ...policy, spec: { failurePolicy: FAILURE_POLICY, ...policy.spec, ...match } };
    },
    prepareForCreate: (policy) => withGeneration({ ...policy, status: {} }, 1),
    validate: (policy, context) => [...validateValidatingPolicy(policy), ...staticSuffixErrors(policy, context)],
    warningsOnCreate: staticSuffixWarningsOnCreate,
    prepareForUpdate: (given, old) => {
      const policy = { ...given, status: old.status };
      return semanticDeepEqual(policy.spec, old.spec) ? policy : withNextGeneration(policy, old);
    },
    validateUpdate: validateValidatingPolicyUpdate,
    warningsOnUpdate: staticSuffixWarnings,
  },
  subresources: {
    status: {
      prepareForUpdate: (policy, old) => ({ ...policy, metadata: metadataForStatus(policy, old), spec: old.spec }),
      validateUpdate: validateValidatingPolicyStatus,
      warningsOnUpdate: staticSuffixWarnings,
    },
  },
};
