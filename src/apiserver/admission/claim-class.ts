// The storage class that a claim asks for, in whichever of two ways.
// Behaviour: pkg/apis/core/helper/helpers.go (GetPersistentVolumeClaimClass, PersistentVolumeClaimHasClass), Kubernetes v1.36.3.
import type { PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

/** Undefined when the claim leaves the choice to the cluster; an empty name asks for a volume without a class. */
export function storageClassOfClaim({ metadata, spec }: PersistentVolumeClaim): string | undefined {
  return metadata.annotations?.[BETA_CLASS] ?? spec.storageClassName;
}
