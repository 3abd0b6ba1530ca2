// What is told about the parts of a PersistentVolume that are deprecated.
// Behaviour: pkg/api/persistentvolume/util.go, Kubernetes v1.36.3.
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { PersistentVolume } from '../../../schema/generated/types/core-v1.ts';
import { nodeSelectorTermWarnings } from '../pod-spec/node-label-warnings.ts';

const deprecatedAnnotations: readonly (readonly [key: string, message: string])[] = [
  ['volume.beta.kubernetes.io/storage-class', 'deprecated since v1.8; use "storageClassName" attribute instead'],
  ['volume.beta.kubernetes.io/mount-options', 'deprecated since v1.31; use "mountOptions" attribute instead'],
];
const RECYCLE_DEPRECATED =
  'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
const deprecatedSources = [
  ['cephfs', 'spec.cephfs: deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'spec.photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'spec.scaleIO: deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'spec.storageOS: deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'spec.glusterfs: deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'spec.rbd: deprecated in v1.28, non-functional in v1.31+'],
] as const;

const TERMS = FieldPath.of('spec', 'nodeAffinity', 'required', 'nodeSelectorTerms');

export function persistentVolumeWarnings({ metadata, spec }: PersistentVolume): readonly string[] {
  const warnings: string[] = [];
  for (const [key, message] of deprecatedAnnotations) {
    if (metadata.annotations?.[key] !== undefined) warnings.push(`metadata.annotations[${key}]: ${message}`);
  }
  if (spec.persistentVolumeReclaimPolicy === 'Recycle') warnings.push(RECYCLE_DEPRECATED);
  (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).forEach((term, i) => {
    warnings.push(...nodeSelectorTermWarnings(term, false, TERMS.index(i)));
  });
  for (const [name, message] of deprecatedSources) if (spec[name]) warnings.push(message);
  return warnings;
}
