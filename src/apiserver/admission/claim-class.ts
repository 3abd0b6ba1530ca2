// The storage class that a claim asks for, in whichever of two ways.
// Behaviour: pkg/apis/core/helper/helpers.go (GetPersistentVolumeClaimClass, PersistentVolumeClaimHasClass), Kubernetes v1.36.3.
import { BETA_STORAGE_CLASS } from '../../apimachinery/well-known/annotations.ts';
import type { PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';

/** Undefined when the claim leaves the choice to the cluster; an empty name asks for a volume without a class. */
export function storageClassOfClaim({ metadata, spec }: PersistentVolumeClaim): string | undefined {
  return metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec.storageClassName;
}
