// Finalizers that several parts set or wait for.
// Behaviour: pkg/volume/util/finalizer.go, apimachinery/pkg/apis/meta/v1/types.go, sig-storage-lib-external-provisioner, Kubernetes v1.36.3.

export const PVC_PROTECTION = 'kubernetes.io/pvc-protection';
export const PV_PROTECTION = 'kubernetes.io/pv-protection';
export const EXTERNAL_PROVISIONER = 'external-provisioner.volume.kubernetes.io/finalizer';
export const FINALIZER_ORPHAN_DEPENDENTS = 'orphan';
export const FINALIZER_DELETE_DEPENDENTS = 'foregroundDeletion';
