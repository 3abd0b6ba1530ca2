// Whether a volume that a VolumeAttachment describes itself makes sense, and how it is printed.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePersistentVolumeSpec for inline volumes), Kubernetes v1.36.3.
import { type FieldError, forbidden, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { givenEmpty, shownField } from '../../../schema/decode/given-empty.ts';
import type { PersistentVolumeSpec } from '../../../schema/generated/types/core-v1.ts';
import { validateAccessModes } from '../../core/access-modes.ts';
import { validateSources } from '../../core/persistent-volume/source-validation.ts';
import { internalStruct } from '../../core/pod-spec/internal-value.ts';

const NOT_INLINE = 'may not be specified in the context of inline volumes';
const ONLY_CSI = 'has to be specified in the context of inline volumes';
const ONLY_RETAINED = 'may only be Retain in the context of inline volumes';
const ONLY_FILESYSTEM = 'may not specify volumeMode other than Filesystem in the context of inline volumes';

export function validateInlineVolume(spec: PersistentVolumeSpec, path: FieldPath, errors: FieldError[]): void {
  const { persistentVolumeReclaimPolicy: policy, volumeMode } = spec;
  const refuse = (field: keyof PersistentVolumeSpec) => {
    if (spec[field] || givenEmpty(spec, field)) errors.push(forbidden(path.child(field), NOT_INLINE));
  };
  refuse('claimRef');
  refuse('capacity');
  if (!spec.csi) errors.push(required(path.child('csi'), ONLY_CSI));
  const { accessModes = [] } = spec;
  if (accessModes.length === 0) errors.push(required(path.child('accessModes'), ''));
  validateAccessModes(accessModes, path.child('accessModes'), errors);
  if (policy && policy !== 'Retain') {
    errors.push(forbidden(path.child('persistentVolumeReclaimPolicy'), ONLY_RETAINED));
  }
  refuse('nodeAffinity');
  validateSources(spec, '', path, errors);
  refuse('storageClassName');
  if (volumeMode !== undefined && volumeMode !== 'Filesystem') {
    errors.push(forbidden(path.child('volumeMode'), ONLY_FILESYSTEM));
  }
  // Upstream asks nothing of the class here: the option that it is known is not set.
}

/** The internal struct: the source is embedded. */
export function internalVolumeSpec(spec: PersistentVolumeSpec): object {
  return {
    Capacity: spec.capacity ? new Map(Object.entries(spec.capacity)) : shownField(spec, 'capacity'),
    ...internalStruct('PersistentVolumeSource', spec),
    AccessModes: shownField(spec, 'accessModes'),
    ClaimRef: spec.claimRef ? internalStruct('ObjectReference', spec.claimRef) : null,
    PersistentVolumeReclaimPolicy: spec.persistentVolumeReclaimPolicy ?? '',
    StorageClassName: spec.storageClassName ?? '',
    MountOptions: shownField(spec, 'mountOptions'),
    VolumeMode: spec.volumeMode ?? null,
    NodeAffinity: spec.nodeAffinity ? internalStruct('VolumeNodeAffinity', spec.nodeAffinity) : null,
    VolumeAttributesClassName: spec.volumeAttributesClassName ?? null,
  };
}
