// How PersistentVolumeClaims are created and updated.
// Behaviour: pkg/registry/core/persistentvolumeclaim/strategy.go, Kubernetes v1.36.3.
import type { PersistentVolumeClaim } from '../../../schema/generated/types/core-v1.ts';
import type { Resource } from '../../resource.ts';
import { prepareDataSources, withBothDataSources } from './data-sources.ts';
import { defaultClaim } from './defaults.ts';
import { validateClaimStatus } from './status-validation.ts';
import { validateClaim, validateClaimUpdate } from './validation.ts';
import { claimWarnings } from './warnings.ts';

export const persistentVolumeClaimResource: Resource<PersistentVolumeClaim> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  namespaced: true,
  shortNames: ['pvc'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: defaultClaim,
    prepareForCreate: (claim, { features }) => ({
      ...claim,
      spec: prepareDataSources(claim.spec, undefined, features),
      status: { phase: 'Pending' },
    }),
    // The phase is set by the next read.
    isStoredWithoutDefaults: () => true,
    validate: (claim) => validateClaim(claim, undefined),
    warningsOnCreate: claimWarnings,
    prepareForUpdate: (claim, old, { features }) => ({
      ...claim,
      spec: prepareDataSources(claim.spec, old.spec, features),
      status: old.status,
    }),
    validateUpdate: (claim, old) => validateClaimUpdate(claim, { ...old, spec: withBothDataSources(old.spec) }),
    warningsOnUpdate: claimWarnings,
  },
  subresources: {
    status: {
      prepareForUpdate: (claim, old) => ({ ...claim, spec: old.spec }),
      validateUpdate: validateClaimStatus,
    },
  },
};
