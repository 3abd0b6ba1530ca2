// Object metadata as the validators of built-in kinds check it: the general rules, and for finalizers one more.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateObjectMeta, ValidateObjectMetaUpdate), Kubernetes v1.36.3.
import { type FieldError, invalid } from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import type { ObjectMeta } from '../../apimachinery/object.ts';
import { isPathSegmentPrefix } from '../../apimachinery/validation/names.ts';
import {
  nameIsDnsSubdomain,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '../../apimachinery/validation/object-meta.ts';
import type { Resource } from '../resource.ts';

const METADATA = FieldPath.of('metadata');
const NONE: readonly string[] = [];
const NO_ERRORS: readonly FieldError[] = [];
const NOT_QUALIFIED = 'name is neither a standard finalizer name nor is it fully qualified';
const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

export function validateMetadata(metadata: ObjectMeta, resource: Resource): readonly FieldError[] {
  const { strategy, namespaced } = resource;
  const errors = validateObjectMeta(metadata, namespaced, strategy.validateName ?? nameIsDnsSubdomain, METADATA);
  return metadata.finalizers ? [...errors, ...finalizerErrors(metadata, resource)] : errors;
}

export function validateMetadataUpdate(
  metadata: ObjectMeta,
  old: ObjectMeta,
  resource: Resource,
): readonly FieldError[] {
  const { generateName = '' } = metadata;
  const ofKind = validateMetadata(metadata, resource);
  const ofUpdate = validateObjectMetaUpdate(metadata, old, METADATA);
  // Checked once for all kinds, before each kind's own rules.
  const ofPrefix = generateName === '' ? NONE : isPathSegmentPrefix(generateName);
  if (ofPrefix.length + ofKind.length + ofUpdate.length === 0) return NO_ERRORS;
  const prefix = METADATA.child('generateName');
  return [...ofPrefix.map((message) => invalid(prefix, generateName, message)), ...ofKind, ...ofUpdate];
}

function finalizerErrors({ finalizers }: ObjectMeta, { strategy }: Resource): readonly FieldError[] {
  if (!finalizers || strategy.acceptsAnyFinalizer) return [];
  return finalizers.flatMap((name, index) =>
    name.includes('/') || STANDARD_FINALIZERS.has(name)
      ? []
      : [invalid(METADATA.child('finalizers').index(index), name, NOT_QUALIFIED)],
  );
}
