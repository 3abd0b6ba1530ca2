// A claim that names no storage class gets the default one.
// Behaviour: plugin/pkg/admission/storage/storageclass/setdefault/admission.go, Kubernetes v1.36.3.
import type { PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../schema/generated/types/storage-v1.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { subjectOf } from './chain/subject.ts';
import { storageClassOfClaim } from './claim-class.ts';
import { newestDefault } from './default-class.ts';

const IS_DEFAULT = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],
  mutate(attributes, { reader }) {
    const claim = subjectOf<PersistentVolumeClaim>(attributes, { plural: 'persistentvolumeclaims' });
    if (!claim || storageClassOfClaim(claim) !== undefined) return undefined;
    const chosen = newestDefault(reader.list<StorageClass>('storageclasses.storage.k8s.io'), IS_DEFAULT);
    if (!chosen) return undefined;
    return { ...claim, spec: { ...claim.spec, storageClassName: chosen.metadata.name ?? '' } };
  },
};
