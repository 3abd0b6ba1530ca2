// A claim may only grow when it is bound and its storage class allows that.
// Behaviour: plugin/pkg/admission/storage/persistentvolume/resize/admission.go, Kubernetes v1.36.3.
import { mustParseQuantity, type Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../schema/generated/types/storage-v1.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { forbid } from './chain/refusal.ts';
import { oldSubjectOf, subjectOf } from './chain/subject.ts';
import { storageClassOfClaim } from './claim-class.ts';

const NAME = 'PersistentVolumeClaimResize';
const NOT_BOUND = 'Only bound persistent volume claims can be expanded';
const NOT_EXPANDABLE =
  'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';

export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: NAME,
  operations: ['UPDATE'],
  resources: ['persistentvolumeclaims'],
  subresources: [''],
  validate(attributes, { reader }) {
    const claim = subjectOf<PersistentVolumeClaim>(attributes, { plural: 'persistentvolumeclaims' });
    const old = oldSubjectOf<PersistentVolumeClaim>(attributes);
    if (!claim || !old || sizeOf(claim).cmp(sizeOf(old)) <= 0) return undefined;
    if (old.status.phase !== 'Bound') return forbid(attributes, NOT_BOUND, NAME);
    return isExpandable(claim, old, reader) ? undefined : forbid(attributes, NOT_EXPANDABLE, NAME);
  },
};

function isExpandable(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, reader: ClusterReader): boolean {
  const name = storageClassOfClaim(claim);
  if (!name || name !== storageClassOfClaim(old)) return false;
  return reader.get<StorageClass>('storageclasses.storage.k8s.io', undefined, name)?.allowVolumeExpansion ?? false;
}

function sizeOf({ spec }: PersistentVolumeClaim): Quantity {
  return mustParseQuantity(spec.resources.requests?.['storage'] ?? '0');
}
