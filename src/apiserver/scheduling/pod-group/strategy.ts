// How PodGroups, pods that are scheduled together, are created and updated.
// Behaviour: pkg/registry/scheduling/podgroup/{strategy.go,storage/storage.go}, pkg/apis/scheduling/v1alpha2/zz_generated.defaults.go,
// Kubernetes v1.36.3.
import type { PodGroup } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { metadataForStatus } from '../../strategies/status-metadata.ts';
import { PREEMPTION_AWARE, withEnabledFields } from '../group-fields.ts';
import { validatePodGroup, validatePodGroupStatus, validatePodGroupUpdate } from './validation.ts';

export const podGroupResource: Resource<PodGroup> = {
  group: 'scheduling.k8s.io',
  version: 'v1alpha2',
  kind: 'PodGroup',
  plural: 'podgroups',
  singular: 'podgroup',
  namespaced: true,
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: withDisruptionMode,
    prepareForCreate: (group, { features }) => ({
      ...group,
      spec: withEnabledFields(group.spec, undefined, features),
      status: {},
    }),
    validate: validatePodGroup,
    prepareForUpdate: (group, old, { features }) => ({
      ...group,
      spec: withEnabledFields(group.spec, old.spec, features),
      status: old.status,
    }),
    validateUpdate: validatePodGroupUpdate,
    // The default that the gate takes away comes back with every read.
    canonicalize: withDisruptionMode,
    isStoredWithoutDefaults: (_group, { features }) => !features.isEnabled(PREEMPTION_AWARE),
  },
  subresources: {
    status: {
      prepareForUpdate: prepareForStatusUpdate,
      validateUpdate: validatePodGroupStatus,
    },
  },
};

function withDisruptionMode(group: PodGroup): PodGroup {
  return group.spec.disruptionMode === undefined ? { ...group, spec: { ...group.spec, disruptionMode: 'Pod' } } : group;
}

function prepareForStatusUpdate(group: PodGroup, old: PodGroup, { features }: StrategyContext): PodGroup {
  const { resourceClaimStatuses, ...status } = group.status;
  const keepsClaims = features.isEnabled('DRAWorkloadResourceClaims') || old.spec.resourceClaims !== undefined;
  return {
    ...group,
    metadata: metadataForStatus(group, old),
    spec: old.spec,
    status: keepsClaims && resourceClaimStatuses ? { ...status, resourceClaimStatuses } : status,
  };
}
