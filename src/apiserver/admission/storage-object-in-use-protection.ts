// Volumes, claims and volume attributes classes get a finalizer that keeps them while something uses them.
// Behaviour: plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go, pkg/volume/util/finalizer.go, Kubernetes v1.36.3.
import { PV_PROTECTION, PVC_PROTECTION } from '../../apimachinery/well-known/finalizers.ts';
import type { AdmissionAttributes, AdmissionPlugin } from './chain/plugin.ts';

const VAC_PROTECTION = 'kubernetes.io/vac-protection';

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  operations: ['CREATE'],
  resources: ['persistentvolumes', 'persistentvolumeclaims', 'volumeattributesclasses.storage.k8s.io'],
  subresources: [''],
  mutate(attributes, { features }) {
    const { object, subresource } = attributes;
    const finalizer = finalizerFor(attributes);
    if (!finalizer || !object || subresource) return undefined;
    if (finalizer === VAC_PROTECTION && !features.isEnabled('VolumeAttributesClass')) return undefined;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(finalizer)) return undefined;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
  },
};

function finalizerFor({ resource: { group, plural } }: AdmissionAttributes): string | undefined {
  if (group === '' && plural === 'persistentvolumes') return PV_PROTECTION;
  if (group === '' && plural === 'persistentvolumeclaims') return PVC_PROTECTION;
  return group === 'storage.k8s.io' && plural === 'volumeattributesclasses' ? VAC_PROTECTION : undefined;
}
