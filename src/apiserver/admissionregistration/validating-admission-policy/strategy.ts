// ValidatingAdmissionPolicies, which have a status beside what all admission policies have.
// Behaviour: pkg/registry/admissionregistration/validatingadmissionpolicy/strategy.go, Kubernetes v1.36.3.
import type { ValidatingAdmissionPolicy } from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { Resource } from '../../resource.ts';
import { metadataForStatus } from '../../strategies/status-metadata.ts';
import { policyStrategy } from '../policy-strategy.ts';
import { staticSuffixWarnings } from '../static-suffix.ts';
import { validateValidatingPolicyStatus } from './status-validation.ts';
import { validateValidatingPolicy, validateValidatingPolicyUpdate } from './validation.ts';

const strategy = policyStrategy<ValidatingAdmissionPolicy>({
  validate: validateValidatingPolicy,
  validateUpdate: validateValidatingPolicyUpdate,
});

export const validatingAdmissionPolicyResource: Resource<ValidatingAdmissionPolicy> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  singular: 'validatingadmissionpolicy',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: {
    ...strategy,
    prepareForCreate: (policy) => strategy.prepareForCreate({ ...policy, status: {} }),
    prepareForUpdate: (policy, old) => strategy.prepareForUpdate({ ...policy, status: old.status }, old),
  },
  subresources: {
    status: {
      prepareForUpdate: (policy, old) => ({ ...policy, metadata: metadataForStatus(policy, old), spec: old.spec }),
      validateUpdate: validateValidatingPolicyStatus,
      warningsOnUpdate: staticSuffixWarnings,
    },
  },
};
