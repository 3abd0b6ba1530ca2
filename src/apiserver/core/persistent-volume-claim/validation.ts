// Whether a PersistentVolumeClaim may be stored: its spec stays as it is, but for size and class of a bound claim.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePersistentVolumeClaimUpdate), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, forbidden, invalid, namedString } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { mustParseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { BETA_STORAGE_CLASS } from '../../../apimachinery/well-known/annotations.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../../schema/generated/types/core-v1.ts';
import { validateLabelSelector } from '../../../selectors/label-selector-validation.ts';
import { structDiff } from '../pod/internal-diff.ts';
import { type ClaimSpecOptions, validateClaimSpec } from '../pod-spec/validation/volumes/volume-claim-template.ts';

const SPEC_IMMUTABLE =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
const BELOW_CAPACITY = 'field can not be less than status.capacity';
const CLASS_TO_NIL = 'update to nil is forbidden when status.currentVolumeAttributesClassName is not nil';
const CLASS_TO_EMPTY = 'update to empty string is forbidden when status.currentVolumeAttributesClassName is not nil';

const SPEC = FieldPath.of('spec');
const STORAGE = FieldPath.of('spec', 'resources', 'requests', 'storage');
const ATTRIBUTES_CLASS = FieldPath.of('spec', 'volumeAttributesClassName');

type SpecDraft = { -readonly [K in keyof PersistentVolumeClaimSpec]: PersistentVolumeClaimSpec[K] };

export function validateClaim(
  { spec }: PersistentVolumeClaim,
  old: PersistentVolumeClaim | undefined,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateClaimSpec(spec, SPEC, claimOptions(old?.spec), errors);
  return errors;
}

/** What the stored claim has wrong may stay. */
function claimOptions(old: PersistentVolumeClaimSpec | undefined): ClaimSpecOptions {
  if (!old) return {};
  return {
    allowInvalidApiGroupInDataSourceOrRef:
      old.dataSource?.apiGroup !== undefined || old.dataSourceRef?.apiGroup !== undefined,
    allowInvalidLabelValueInSelector: validateLabelSelector(old.selector, {}, undefined).length > 0,
  };
}

export function validateClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): readonly FieldError[] {
  const errors = [...validateClaim(claim, old)];
  const { next, before, annotationError } = comparableSpecs(claim, old);
  if (annotationError) errors.push(annotationError);
  if (!semanticDeepEqual(next, before)) {
    const difference = structDiff('PersistentVolumeClaimSpec', before, next);
    errors.push(forbidden(SPEC, `${SPEC_IMMUTABLE}\n${difference}`));
  }
  const size = storageOf(claim.spec.resources.requests);
  const isShrunk = size.cmp(storageOf(old.spec.resources.requests)) < 0;
  if (isShrunk && size.cmp(storageOf(old.status.capacity)) <= 0) errors.push(forbidden(STORAGE, BELOW_CAPACITY));
  if (claim.spec.volumeMode !== old.spec.volumeMode) {
    errors.push(invalid(FieldPath.of('volumeMode'), namedString(claim.spec.volumeMode), FIELD_IMMUTABLE));
  }
  validateAttributesClassUpdate(claim, old, errors);
  return errors;
}

interface ComparableSpecs {
  readonly next: PersistentVolumeClaimSpec;
  readonly before: PersistentVolumeClaimSpec;
  readonly annotationError: FieldError | undefined;
}

/** Both specs with what may differ made equal. */
function comparableSpecs(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): ComparableSpecs {
  const next: SpecDraft = { ...claim.spec };
  const before: SpecDraft = { ...old.spec };
  // A claim gets its volume once.
  if (!before.volumeName) copyField('volumeName', next, before);
  const annotation = claim.metadata.annotations?.[BETA_STORAGE_CLASS];
  const oldAnnotation = old.metadata.annotations?.[BETA_STORAGE_CLASS];
  let annotationError: FieldError | undefined;
  if (movesClassFromAnnotation(next, before, annotation, oldAnnotation)) delete next.storageClassName;
  else {
    if ((annotation ?? '') !== (oldAnnotation ?? '')) {
      const path = FieldPath.of('metadata', 'annotations', BETA_STORAGE_CLASS);
      annotationError = invalid(path, annotation ?? '', FIELD_IMMUTABLE);
    }
    const isNamedFirst = before.storageClassName === undefined && next.storageClassName !== undefined;
    if (isNamedFirst && (oldAnnotation === undefined || oldAnnotation === next.storageClassName)) {
      delete next.storageClassName;
    }
  }
  if (claim.status.phase === 'Bound') {
    const { requests } = next.resources;
    if (requests) {
      const storage = old.spec.resources.requests?.['storage'] ?? '0';
      next.resources = { ...next.resources, requests: { ...requests, storage } };
    }
    copyField('volumeAttributesClassName', before, next);
  }
  return { next, before, annotationError };
}

function copyField(field: 'volumeName' | 'volumeAttributesClassName', from: SpecDraft, to: SpecDraft): void {
  const value = from[field];
  if (value === undefined) delete to[field];
  else to[field] = value;
}

/** The class of an old claim may stand in an annotation only, and move to its field. */
function movesClassFromAnnotation(
  next: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaimSpec,
  annotation: string | undefined,
  oldAnnotation: string | undefined,
): boolean {
  return (
    oldAnnotation !== undefined &&
    old.storageClassName === undefined &&
    next.storageClassName === oldAnnotation &&
    (annotation === undefined || annotation === oldAnnotation)
  );
}

function storageOf(list: Readonly<Record<string, string>> | undefined): Quantity {
  return mustParseQuantity(list?.['storage'] ?? '0');
}

function validateAttributesClassUpdate(
  { spec }: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  errors: FieldError[],
): void {
  const { volumeAttributesClassName: name } = spec;
  if (name === old.spec.volumeAttributesClassName || old.status.currentVolumeAttributesClassName === undefined) return;
  if (name === undefined) errors.push(forbidden(ATTRIBUTES_CLASS, CLASS_TO_NIL));
  else if (name === '') errors.push(forbidden(ATTRIBUTES_CLASS, CLASS_TO_EMPTY));
}
