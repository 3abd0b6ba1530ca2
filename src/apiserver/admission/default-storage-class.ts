// A claim that names no storage class gets the default one.
// Behaviour: plugin/pkg/admission/storage/storageclass/setdefault/admission.go, pkg/apis/core/helper (PersistentVolumeClaimHasClass), Kubernetes v1.36.3.
import type { PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../schema/generated/types/storage-v1.ts';
import { newestDefault } from './default-class.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { subjectOf } from './subject.ts';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';
const IS_DEFAULT = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  mutate(attributes, { reader }) {
    const claim = subjectOf<PersistentVolumeClaim>(attributes, { plural: 'persistentvolumeclaims' });
    // An empty name is a class of its own: it asks for a volume without one.
    if (!claim || claim.spec.storageClassName !== undefined) return undefined;
    if (claim.metadata.annotations?.[BETA_CLASS] !== undefined) return undefined;
    const chosen = newestDefault(reader.list<StorageClass>('storageclasses.storage.k8s.io'), IS_DEFAULT);
    if (!chosen) return undefined;
    return { ...claim, spec: { ...claim.spec, storageClassName: chosen.metadata.name ?? '' } };
  },
};
