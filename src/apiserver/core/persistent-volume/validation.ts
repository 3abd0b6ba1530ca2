// Whether a PersistentVolume may be stored.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePersistentVolumeSpec), pkg/volume/validation/pv_validation.go, Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { isDns1123Subdomain, isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type { PersistentVolume, PersistentVolumeSpec } from '../../../schema/generated/types/core-v1.ts';
import { validateAccessModes } from '../access-modes.ts';
import { validateName } from '../pod-spec/validation/name.ts';
import { validateNodeSelector } from '../pod-spec/validation/placement/affinity.ts';
import { type VolumeSourceName, validateSources } from './source-validation.ts';

const NOT_A_QUANTITY = 'must be a valid resource quantity';
const NOT_POSITIVE = 'must be greater than zero';
const A_CONSTRAINT = 'must specify required node constraints';
const RECYCLED_ROOT = "may not be 'recycle' for a hostPath mount of '/'";
const EMPTY_CLASS = 'an empty string is disallowed';
const CLASS_NEEDS_CSI = 'has to be specified when using volumeAttributesClassName';
const NO_MOUNT_OPTIONS = 'may not specify mount options for this volume type';
const MOUNT_OPTIONS_ANNOTATION = 'volume.beta.kubernetes.io/mount-options';

const SPEC = FieldPath.of('spec');

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];
const volumeModes = ['Block', 'Filesystem'];
const sourcesWithMountOptions: readonly VolumeSourceName[] = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'nfs',
  'rbd',
  'quobyte',
  'iscsi',
  'cinder',
  'cephfs',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
];

/** What the stored volume already has wrong in its node affinity may stay. */
export function validatePersistentVolume(
  { metadata, spec }: PersistentVolume,
  old: PersistentVolume | undefined,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateModes(spec, errors);
  validateCapacity(spec, errors);
  const { persistentVolumeReclaimPolicy: policy } = spec;
  if (policy && !reclaimPolicies.includes(policy)) {
    errors.push(notSupported(SPEC.child('persistentVolumeReclaimPolicy'), namedString(policy), reclaimPolicies));
  }
  validateNodeAffinity(spec, hasInvalidLabelValue(old?.spec), errors);
  validateSources(spec, metadata.name ?? '', SPEC, errors);
  if (policy === 'Recycle' && spec.hostPath && isRoot(spec.hostPath.path)) {
    errors.push(forbidden(SPEC.child('persistentVolumeReclaimPolicy'), RECYCLED_ROOT));
  }
  if (spec.storageClassName) validateName(isDns1123Subdomain, spec.storageClassName, SPEC, 'storageClassName', errors);
  const { volumeMode } = spec;
  if (volumeMode !== undefined && !volumeModes.includes(volumeMode)) {
    errors.push(notSupported(SPEC.child('volumeMode'), namedString(volumeMode), volumeModes));
  }
  validateAttributesClass(spec, errors);
  const hasMountOptions = metadata.annotations?.[MOUNT_OPTIONS_ANNOTATION] !== undefined;
  if (hasMountOptions && !sourcesWithMountOptions.some((name) => spec[name])) {
    errors.push(forbidden(FieldPath.of('metadata', 'annotations', MOUNT_OPTIONS_ANNOTATION), NO_MOUNT_OPTIONS));
  }
  return errors;
}

function validateModes({ accessModes: modes = [] }: PersistentVolumeSpec, errors: FieldError[]): void {
  const path = SPEC.child('accessModes');
  if (modes.length === 0) errors.push(required(path, ''));
  validateAccessModes(modes, path, errors);
}

function validateCapacity(spec: PersistentVolumeSpec, errors: FieldError[]): void {
  const { capacity } = spec;
  const path = SPEC.child('capacity');
  const names = Object.keys(capacity ?? {}).sort(compareBytes);
  if (names.length === 0) errors.push(required(path, ''));
  if (names.length !== 1 || names[0] !== 'storage')
    errors.push(notSupported(path, shownField(spec, 'capacity'), ['storage']));
  for (const name of names) {
    const quantity = mustParseQuantity(capacity?.[name] ?? '0');
    const value = quantity.valueInt64();
    if (value < 0n) errors.push(invalid(path.key(name), value, NOT_A_QUANTITY));
    if (quantity.sign() <= 0) errors.push(invalid(path.key(name), quantity.toString(), NOT_POSITIVE));
  }
}

function validateNodeAffinity(
  { nodeAffinity }: PersistentVolumeSpec,
  allowInvalid: boolean,
  errors: FieldError[],
): void {
  if (!nodeAffinity) return;
  const path = SPEC.child('nodeAffinity', 'required');
  if (nodeAffinity.required) validateNodeSelector(nodeAffinity.required, allowInvalid, path, errors);
  else errors.push(required(path, A_CONSTRAINT));
}

function hasInvalidLabelValue(spec: PersistentVolumeSpec | undefined): boolean {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return terms.some(({ matchExpressions = [] }) =>
    matchExpressions.some(({ values = [] }) => values.some((value) => isValidLabelValue(value).length > 0)),
  );
}

/** path.Clean(text) == "/" */
function isRoot(text: string): boolean {
  if (!text.startsWith('/')) return false;
  const kept: string[] = [];
  for (const part of text.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept.length === 0;
}

function validateAttributesClass(
  { volumeAttributesClassName: name, csi }: PersistentVolumeSpec,
  errors: FieldError[],
): void {
  if (name === undefined) return;
  if (name === '') errors.push(required(SPEC.child('volumeAttributesClassName'), EMPTY_CLASS));
  else validateName(isDns1123Subdomain, name, SPEC, 'volumeAttributesClassName', errors);
  if (!csi) errors.push(required(SPEC.child('csi'), CLASS_NEEDS_CSI));
}
