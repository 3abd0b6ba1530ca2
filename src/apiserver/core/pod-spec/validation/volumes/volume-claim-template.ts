// Whether the claim that an ephemeral volume or a StatefulSet makes would be accepted.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePersistentVolumeClaimTemplate, ValidatePersistentVolumeClaimSpec),
// Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  GoValue,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import { mustParseQuantity } from '../../../../../apimachinery/quantity/quantity.ts';
import { validateLabels } from '../../../../../apimachinery/validation/labels.ts';
import { isDns1123Label, isDns1123Subdomain } from '../../../../../apimachinery/validation/names.ts';
import { validateAnnotations } from '../../../../../apimachinery/validation/object-meta.ts';
import { givenEmpty } from '../../../../../schema/decode/given-empty.ts';
import type {
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
  TypedObjectReference,
} from '../../../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../../../schema/generated/types/meta-v1.ts';
import { validateLabelSelector } from '../../../../../selectors/label-selector-validation.ts';
import { validateAccessModes } from '../../../access-modes.ts';
import { validateResourceQuantityValue } from '../containers/resource.ts';
import { validateName } from '../name.ts';

const CANNOT_BE_SET = 'cannot be set';
const AN_ACCESS_MODE = 'at least 1 access mode is required';
const NOT_POSITIVE = 'must be greater than zero';
const CLAIM_IN_CORE_GROUP = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
const SOURCE_WITH_NAMESPACE = 'may not be specified when dataSourceRef.namespace is specified';
const SOURCES_DIFFER = 'must match dataSourceRef';

const volumeModes = ['Block', 'Filesystem'];
/** Upstream passes the path itself as the bad value, which marshals to an empty object. */
const MARSHALLED_PATH = new GoValue('{}');

export interface ClaimSpecOptions {
  readonly allowInvalidLabelValueInSelector?: boolean;
  readonly allowInvalidApiGroupInDataSourceOrRef?: boolean;
}

export function validateClaimTemplate(
  { metadata, spec }: PersistentVolumeClaimTemplate,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateTemplateMetadata(metadata, path.child('metadata'), errors);
  validateClaimSpec(spec, path.child('spec'), {}, errors);
}

/** Whatever a template's metadata says besides labels and annotations would be lost. */
export function validateTemplateMetadata(metadata: ObjectMeta, path: FieldPath, errors: FieldError[]): void {
  errors.push(...validateAnnotations(metadata.annotations, path.child('annotations')));
  errors.push(...validateLabels(metadata.labels, path.child('labels')));
  for (const [field, name = field] of OTHER_METADATA) {
    if (metadata[field] !== undefined || givenEmpty(metadata, field))
      errors.push(forbidden(path.child(name), CANNOT_BE_SET));
  }
}

const OTHER_METADATA: readonly (readonly [field: keyof ObjectMeta, name?: string])[] = [
  ['name'],
  ['generateName'],
  ['namespace'],
  ['selfLink'],
  ['uid', 'uID'],
  ['resourceVersion'],
  ['generation'],
  ['creationTimestamp'],
  ['deletionTimestamp'],
  ['deletionGracePeriodSeconds'],
  ['ownerReferences'],
  ['finalizers'],
  ['managedFields'],
];

/** ValidatePersistentVolumeClaimSpec. */
export function validateClaimSpec(
  spec: PersistentVolumeClaimSpec,
  path: FieldPath,
  options: ClaimSpecOptions,
  errors: FieldError[],
): void {
  const { accessModes: modes = [], storageClassName, volumeMode, volumeAttributesClassName } = spec;
  const modesPath = path.child('accessModes');
  if (modes.length === 0) errors.push(required(modesPath, AN_ACCESS_MODE));
  const selectorOptions = { allowInvalidLabelValueInSelector: options.allowInvalidLabelValueInSelector ?? false };
  errors.push(...validateLabelSelector(spec.selector, selectorOptions, path.child('selector')));
  validateAccessModes(modes, modesPath, errors);
  validateStorageRequest(spec.resources.requests?.['storage'], path.child('resources').key('storage'), errors);
  if (storageClassName) validateName(isDns1123Subdomain, storageClassName, path, 'storageClassName', errors);
  if (volumeMode !== undefined && !volumeModes.includes(volumeMode)) {
    errors.push(notSupported(path.child('volumeMode'), namedString(volumeMode), volumeModes));
  }
  validateDataSources(spec, path, options, errors);
  if (volumeAttributesClassName) {
    validateName(isDns1123Subdomain, volumeAttributesClassName, path, 'volumeAttributesClassName', errors);
  }
}

function validateStorageRequest(text: string | undefined, path: FieldPath, errors: FieldError[]): void {
  if (text === undefined) {
    errors.push(required(path, ''));
    return;
  }
  const storage = mustParseQuantity(text);
  if (storage.sign() <= 0) errors.push(invalid(path, storage.toString(), NOT_POSITIVE));
  else validateResourceQuantityValue('storage', storage, path, errors);
}

function validateDataSources(
  { dataSource, dataSourceRef }: PersistentVolumeClaimSpec,
  path: FieldPath,
  options: ClaimSpecOptions,
  errors: FieldError[],
): void {
  if (dataSource) validateDataSource(dataSource, path.child('dataSource'), options, errors);
  if (!dataSourceRef) return;
  const refPath = path.child('dataSourceRef');
  validateDataSource(dataSourceRef, refPath, options, errors);
  const { namespace } = dataSourceRef;
  if (namespace) validateName(isDns1123Label, namespace, refPath, 'namespace', errors);
  if (!dataSource) return;
  const isSame =
    dataSource.apiGroup === dataSourceRef.apiGroup &&
    dataSource.kind === dataSourceRef.kind &&
    dataSource.name === dataSourceRef.name;
  if (namespace) errors.push(invalid(path, MARSHALLED_PATH, SOURCE_WITH_NAMESPACE));
  else if (!isSame) errors.push(invalid(path, MARSHALLED_PATH, SOURCES_DIFFER));
}

function validateDataSource(
  { apiGroup = '', kind, name }: TypedObjectReference,
  path: FieldPath,
  options: ClaimSpecOptions,
  errors: FieldError[],
): void {
  if (!name) errors.push(required(path.child('name'), ''));
  if (!kind) errors.push(required(path.child('kind'), ''));
  if (apiGroup === '') {
    if (kind !== 'PersistentVolumeClaim') errors.push(invalid(path, kind, CLAIM_IN_CORE_GROUP));
  } else if (!options.allowInvalidApiGroupInDataSourceOrRef) {
    validateName(isDns1123Subdomain, apiGroup, path, 'apiGroup', errors);
  }
}
