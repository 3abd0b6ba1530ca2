// What a PersistentVolumeClaim is when its manifest does not say; claims of a StatefulSet's template are the same.
// Behaviour: pkg/apis/core/v1/defaults.go, Kubernetes v1.36.3.
import type { PersistentVolumeClaim } from '../../../schema/generated/types/core-v1.ts';
import { roundResourceList, roundResources } from '../pod-spec/resource-rounding.ts';

export function defaultClaim(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const { spec, status } = claim;
  const { capacity, allocatedResources } = status;
  return {
    ...claim,
    spec: { ...spec, resources: roundResources(spec.resources), volumeMode: spec.volumeMode ?? 'Filesystem' },
    status: {
      ...status,
      phase: status.phase || 'Pending',
      ...(capacity ? { capacity: roundResourceList(capacity) } : {}),
      ...(allocatedResources ? { allocatedResources: roundResourceList(allocatedResources) } : {}),
    },
  };
}
