// Drops the fields of a pod's status whose feature gate is off, unless the pod already used them.
// Behaviour: pkg/api/pod/util.go (dropDisabledPodStatusFields), Kubernetes v1.36.3.
import { mapList } from '../../../apimachinery/sharing.ts';
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../resource.ts';
import { without } from '../pod-spec/disabled-fields.ts';
import { recursiveReadOnlyInUse, resizePolicyInUse } from '../pod-spec/fields-in-use.ts';

interface GuardedStatusField {
  readonly gate: string;
  isUsed(old: Pod): boolean;
  drop(status: PodStatus): PodStatus;
}

const STATUS_LISTS = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

const guardedFields: readonly GuardedStatusField[] = [
  {
    gate: 'InPlacePodLevelResourcesVerticalScaling',
    isUsed: ({ status }) => status.resources !== undefined || status.allocatedResources !== undefined,
    drop: (status) => without(without(status, 'resources'), 'allocatedResources'),
  },
  {
    gate: 'InPlacePodVerticalScaling',
    isUsed: ({ spec }) => resizePolicyInUse(spec),
    drop: (status) =>
      mapStatuses(status, (container) => without(without(container, 'resources'), 'allocatedResources')),
  },
  {
    gate: 'DynamicResourceAllocation',
    isUsed: ({ spec }) => (spec.resourceClaims?.length ?? 0) > 0,
    drop: (status) => without(status, 'resourceClaimStatuses'),
  },
  {
    gate: 'DRAExtendedResource',
    isUsed: ({ status }) => status.extendedResourceClaimStatus !== undefined,
    drop: (status) => without(status, 'extendedResourceClaimStatus'),
  },
  {
    gate: 'RecursiveReadOnlyMounts',
    isUsed: ({ spec }) => recursiveReadOnlyInUse(spec),
    drop: (status) => mapStatuses(status, (container) => without(container, 'volumeMounts')),
  },
  {
    gate: 'ResourceHealthStatus',
    isUsed: ({ status }) => someStatus(status, (container) => (container.allocatedResourcesStatus?.length ?? 0) > 0),
    drop: (status) => mapStatuses(status, (container) => without(container, 'allocatedResourcesStatus')),
  },
  {
    gate: 'ResourceHealthStatusMessage',
    isUsed: ({ status }) => someStatus(status, hasHealthMessage),
    drop: (status) =>
      mapStatuses(status, (container) =>
        hasHealthMessage(container)
          ? {
              ...container,
              allocatedResourcesStatus: (container.allocatedResourcesStatus ?? []).map((allocated) =>
                allocated.resources
                  ? { ...allocated, resources: allocated.resources.map((health) => without(health, 'message')) }
                  : allocated,
              ),
            }
          : container,
      ),
  },
  {
    gate: 'SupplementalGroupsPolicy',
    isUsed: ({ spec }) => spec.securityContext?.supplementalGroupsPolicy !== undefined,
    drop: (status) => mapStatuses(status, (container) => without(container, 'user')),
  },
  {
    gate: 'PodObservedGenerationTracking',
    isUsed: ({ status }) => !!status.observedGeneration || (status.conditions?.some(isObserved) ?? false),
    drop: (status) => {
      const next = without(status, 'observedGeneration');
      if (!next.conditions?.some(isObserved)) return next;
      return { ...next, conditions: next.conditions.map((condition) => without(condition, 'observedGeneration')) };
    },
  },
  {
    gate: 'ImageVolumeWithDigest',
    isUsed: ({ status }) => someStatus(status, hasVolumeStatus),
    drop: (status) =>
      mapStatuses(status, (container) =>
        hasVolumeStatus(container)
          ? {
              ...container,
              volumeMounts: (container.volumeMounts ?? []).map((mount) => without(mount, 'volumeStatus')),
            }
          : container,
      ),
  },
  {
    gate: 'DRANodeAllocatableResources',
    isUsed: ({ status }) => (status.nodeAllocatableResourceClaimStatuses?.length ?? 0) > 0,
    drop: (status) => without(status, 'nodeAllocatableResourceClaimStatuses'),
  },
];

const disabledByGates = new WeakMap<FeatureGates, readonly GuardedStatusField[]>();

export function dropDisabledStatusFields(status: PodStatus, old: Pod, features: FeatureGates): PodStatus {
  let disabled = disabledByGates.get(features);
  if (!disabled) {
    disabled = guardedFields.filter(({ gate }) => !features.isEnabled(gate));
    disabledByGates.set(features, disabled);
  }
  let next = status;
  for (const field of disabled) if (!field.isUsed(old)) next = field.drop(next);
  return next;
}

function someStatus(status: PodStatus, test: (container: ContainerStatus) => boolean): boolean {
  return STATUS_LISTS.some((list) => status[list]?.some(test) ?? false);
}

function mapStatuses(status: PodStatus, change: (container: ContainerStatus) => ContainerStatus): PodStatus {
  let next = status;
  for (const list of STATUS_LISTS) {
    const changed = mapList(status[list], change);
    if (changed !== status[list]) next = { ...next, [list]: changed };
  }
  return next;
}

function hasHealthMessage({ allocatedResourcesStatus = [] }: ContainerStatus): boolean {
  return allocatedResourcesStatus.some(({ resources = [] }) => resources.some(({ message }) => message !== undefined));
}

function hasVolumeStatus({ volumeMounts = [] }: ContainerStatus): boolean {
  return volumeMounts.some(({ volumeStatus }) => volumeStatus !== undefined);
}

function isObserved({ observedGeneration }: PodCondition): boolean {
  return !!observedGeneration;
}
