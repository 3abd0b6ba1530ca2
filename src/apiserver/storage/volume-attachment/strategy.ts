// How VolumeAttachments are created and updated.
// Behaviour: pkg/registry/storage/volumeattachment/strategy.go, pkg/apis/storage/{validation/validation.go,v1/zz_generated.defaults.go}, Kubernetes v1.36.3.
import { type FieldError, forbidden, GoValue, invalid, required, tooLong } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { MAX_INT32 } from '../../../apimachinery/go/integer-limits.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { inclusiveRangeError, isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type {
  VolumeAttachment,
  VolumeAttachmentSource,
  VolumeAttachmentSpec,
  VolumeAttachmentStatus,
  VolumeError,
} from '../../../schema/generated/types/storage-v1.ts';
import { defaultVolumeSource } from '../../core/persistent-volume/defaults.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { validateCsiDriverName } from '../../core/pod-spec/validation/volumes/volume-source.ts';
import type { FeatureGates, Resource, StrategyContext } from '../../resource.ts';
import { metadataForStatus } from '../../strategies/status-metadata.ts';
import { sizeOf } from '../class-validation.ts';
import { internalVolumeSpec, validateInlineVolume } from './inline-volume.ts';

const ONE_SOURCE = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
const A_NAME = 'must specify non empty persistentVolumeName';

const MAX_METADATA_SIZE = 256 * 1024;
const MAX_MESSAGE_SIZE = 1024;

const SPEC = FieldPath.of('spec');
const STATUS = FieldPath.of('status');

export const volumeAttachmentResource: Resource<VolumeAttachment> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  singular: 'volumeattachment',
  namespaced: false,
  strategy: {
    applyDefaults,
    prepareForCreate: (attachment) => ({ ...attachment, status: { attached: false } }),
    validate: validateAttachment,
    prepareForUpdate: (attachment, old) => ({ ...attachment, status: old.status }),
    validateUpdate: validateAttachmentUpdate,
  },
  subresources: {
    status: { prepareForUpdate: prepareForStatusUpdate, validateUpdate: validateAttachmentUpdate },
  },
};

function applyDefaults(attachment: VolumeAttachment): VolumeAttachment {
  const { source } = attachment.spec;
  if (!source.inlineVolumeSpec) return attachment;
  const inlineVolumeSpec = defaultVolumeSource(source.inlineVolumeSpec);
  return { ...attachment, spec: { ...attachment.spec, source: { ...source, inlineVolumeSpec } } };
}

function prepareForStatusUpdate(
  attachment: VolumeAttachment,
  old: VolumeAttachment,
  { features }: StrategyContext,
): VolumeAttachment {
  return {
    ...attachment,
    metadata: metadataForStatus(attachment, old),
    spec: old.spec,
    status: withEnabledFields(attachment.status, old.status, features),
  };
}

function withEnabledFields(
  status: VolumeAttachmentStatus,
  old: VolumeAttachmentStatus,
  features: FeatureGates,
): VolumeAttachmentStatus {
  if (features.isEnabled('MutableCSINodeAllocatableCount')) return status;
  const withoutCode = (error: VolumeError, oldError: VolumeError | undefined): VolumeError => {
    const { errorCode: _, ...rest } = error;
    return oldError?.errorCode === undefined ? rest : error;
  };
  const { attachError, detachError } = status;
  return {
    ...status,
    ...(attachError ? { attachError: withoutCode(attachError, old.attachError) } : {}),
    ...(detachError ? { detachError: withoutCode(detachError, old.detachError) } : {}),
  };
}

function validateAttachment({ spec, status }: VolumeAttachment): FieldError[] {
  const errors: FieldError[] = [];
  validateCsiDriverName(spec.attacher, SPEC.child('attacher'), errors);
  validateSource(spec.source, SPEC.child('source'), errors);
  for (const message of isDns1123Subdomain(spec.nodeName ?? '')) {
    errors.push(invalid(SPEC.child('nodeName'), spec.nodeName ?? '', message));
  }
  if (sizeOf(status.attachmentMetadata) > MAX_METADATA_SIZE) {
    errors.push(tooLong(STATUS.child('attachmentMetadata'), MAX_METADATA_SIZE));
  }
  if (status.attachError) validateVolumeError(status.attachError, STATUS.child('attachError'), errors);
  if (status.detachError) validateVolumeError(status.detachError, STATUS.child('detachError'), errors);
  const { persistentVolumeName: name } = spec.source;
  if (name !== undefined) {
    const path = SPEC.child('source.persistentVolumeName');
    for (const message of isDns1123Subdomain(name)) errors.push(invalid(path, name, message));
  }
  return errors;
}

function validateSource(
  { inlineVolumeSpec: inline, persistentVolumeName: name }: VolumeAttachmentSource,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!inline && name === undefined) errors.push(required(path, ONE_SOURCE));
  else if (inline && name !== undefined) errors.push(forbidden(path, ONE_SOURCE));
  else if (inline) validateInlineVolume(inline, path.child('inlineVolumeSpec'), errors);
  else if (name === '') errors.push(required(path.child('persistentVolumeName'), A_NAME));
}

function validateVolumeError({ message = '', errorCode }: VolumeError, path: FieldPath, errors: FieldError[]): void {
  // The limit that the message names is another one.
  if (byteLength(message) > MAX_MESSAGE_SIZE) errors.push(tooLong(path.child('message'), MAX_METADATA_SIZE));
  if (errorCode !== undefined && errorCode < 0) {
    errors.push(invalid(path.child('errorCode'), errorCode, inclusiveRangeError(0, MAX_INT32)));
  }
}

function validateAttachmentUpdate(attachment: VolumeAttachment, old: VolumeAttachment): readonly FieldError[] {
  const errors = validateAttachment(attachment);
  if (!equalValues(attachment.spec, old.spec)) errors.push(invalid(SPEC, specValue(attachment.spec), FIELD_IMMUTABLE));
  return errors;
}

function specValue({ attacher, source, nodeName }: VolumeAttachmentSpec): GoValue {
  const { persistentVolumeName, inlineVolumeSpec } = source;
  const value = {
    Attacher: attacher,
    Source: {
      PersistentVolumeName: persistentVolumeName ?? null,
      InlineVolumeSpec: inlineVolumeSpec ? internalVolumeSpec(inlineVolumeSpec) : null,
    },
    NodeName: nodeName,
  };
  return new GoValue(goMarshalInOrder(value));
}
