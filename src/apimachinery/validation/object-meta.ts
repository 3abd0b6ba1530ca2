// What is wrong with the metadata of an object, new or changed.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/validation/{objectmeta,generic}.go, Kubernetes v1.36.3.
// Differs: where upstream walks a map in random order, errors come in the order of the keys.
import { semanticDeepEqual } from '../deep-equal.ts';
import { type ErrorPath, type FieldError, forbidden, invalid, required, tooLong } from '../field-error.ts';
import { childOf } from '../field-path.ts';
import { compareBytes, goStruct } from '../go/json.ts';
import { goQuote } from '../go/quote.ts';
import { byteLength } from '../go/utf8.ts';
import { type GroupVersionKind, groupVersionKindOf, groupVersionKindText } from '../group-version-kind.ts';
import type { ObjectMeta, OwnerReference } from '../object.ts';
import { FINALIZER_DELETE_DEPENDENTS, FINALIZER_ORPHAN_DEPENDENTS } from '../well-known/finalizers.ts';
import { validateLabels } from './labels.ts';
import { validateManagedFields } from './managed-fields.ts';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegmentName,
  isPathSegmentPrefix,
  isQualifiedName,
} from './names.ts';
import { ValidParts } from './valid-parts.ts';

export const FIELD_IMMUTABLE = 'field is immutable';
export const IS_NEGATIVE = 'must be greater than or equal to 0';
export const TOTAL_ANNOTATION_SIZE_LIMIT = 256 * 1024;

const IDENTITY = ['name', 'namespace', 'uid'] as const;
const SYSTEM_TIMES = ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

const NAME_REQUIRED = 'name or generateName is required';
const NOT_NAMESPACED = 'not allowed on this type';
const VERSION_EMPTY = 'version must not be empty';
const EMPTY = 'must not be empty';
const RESOURCE_VERSION_REQUIRED = 'must be specified for an update';
const GENERATION_DECREMENTED = 'must not be decremented';

/** What is wrong with a name, or with a prefix that a suffix will be added to. */
type ValidateName = (name: string, prefix: boolean) => readonly string[];

export function nameIsDnsSubdomain(name: string, prefix: boolean): readonly string[] {
  return isDns1123Subdomain(prefix ? maskTrailingDash(name) : name);
}

export function nameIsDnsLabel(name: string, prefix: boolean): readonly string[] {
  return isDns1123Label(prefix ? maskTrailingDash(name) : name);
}

export function nameIsPathSegment(name: string, prefix: boolean): readonly string[] {
  return prefix ? isPathSegmentPrefix(name) : isPathSegmentName(name);
}

export const validateNamespaceName: ValidateName = nameIsDnsLabel;
export const validateServiceAccountName: ValidateName = nameIsDnsSubdomain;

/** A prefix may end with a dash, for a letter will follow. Upstream cuts two characters to put one there. */
function maskTrailingDash(name: string): string {
  return /[\x00-\x7f]-$/.test(name) ? `${name.slice(0, -2)}a` : name;
}

export function validateNonnegativeField(value: number, path: ErrorPath): readonly FieldError[] {
  return value < 0 ? [invalid(path, value, IS_NEGATIVE)] : [];
}

export function validateImmutableField(next: unknown, old: unknown, path: ErrorPath): readonly FieldError[] {
  return semanticDeepEqual(old, next) ? [] : [invalid(path, next, FIELD_IMMUTABLE)];
}

export function validateObjectMeta(
  meta: ObjectMeta,
  namespaced: boolean,
  validateName: ValidateName,
  path: ErrorPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name = '', generateName = '', namespace = '' } = meta;
  if (generateName !== '') {
    for (const message of validateName(generateName, true)) {
      errors.push(invalid(childOf(path, 'generateName'), generateName, message));
    }
  }
  if (name === '') errors.push(required(childOf(path, 'name'), NAME_REQUIRED));
  else for (const message of validateName(name, false)) errors.push(invalid(childOf(path, 'name'), name, message));
  if (namespaced) {
    if (namespace === '') errors.push(required(childOf(path, 'namespace'), ''));
    else {
      for (const message of validateNamespaceName(namespace, false)) {
        errors.push(invalid(childOf(path, 'namespace'), namespace, message));
      }
    }
  } else if (namespace !== '') errors.push(forbidden(childOf(path, 'namespace'), NOT_NAMESPACED));
  if (meta.generation !== undefined && meta.generation < 0)
    errors.push(invalid(childOf(path, 'generation'), meta.generation, IS_NEGATIVE));
  pushMapErrors(meta, path, errors);
  errors.push(
    ...validFinalizers.errors(meta.finalizers, (names) => validateFinalizers(names, childOf(path, 'finalizers'))),
    ...fieldManagerErrors(meta, path),
  );
  return errors;
}

const validLabels = new ValidParts<NonNullable<ObjectMeta['labels']>>();
const validAnnotations = new ValidParts<NonNullable<ObjectMeta['annotations']>>();
const validOwners = new ValidParts<NonNullable<ObjectMeta['ownerReferences']>>();
const validFinalizers = new ValidParts<NonNullable<ObjectMeta['finalizers']>>();
const validManagers = new ValidParts<NonNullable<ObjectMeta['managedFields']>>();

/** Errors of labels, annotations and owners. */
function pushMapErrors(meta: ObjectMeta, path: ErrorPath, errors: FieldError[]): void {
  const { labels, annotations, ownerReferences } = meta;
  errors.push(
    ...validLabels.errors(labels, (part) => validateLabels(part, childOf(path, 'labels'))),
    ...validAnnotations.errors(annotations, (part) => validateAnnotations(part, childOf(path, 'annotations'))),
    ...validOwners.errors(ownerReferences, (part) => validateOwnerReferences(part, childOf(path, 'ownerReferences'))),
  );
}

function fieldManagerErrors({ managedFields }: ObjectMeta, path: ErrorPath): readonly FieldError[] {
  return validManagers.errors(managedFields, (part) => validateManagedFields(part, childOf(path, 'managedFields')));
}

export function validateObjectMetaUpdate(next: ObjectMeta, old: ObjectMeta, path: ErrorPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) {
    errors.push(...validateNoNewFinalizers(next.finalizers, old.finalizers, childOf(path, 'finalizers')));
  }
  if ((next.resourceVersion ?? '') === '') {
    errors.push(invalid(childOf(path, 'resourceVersion'), '', RESOURCE_VERSION_REQUIRED));
  }
  if ((next.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid(childOf(path, 'generation'), next.generation ?? 0, GENERATION_DECREMENTED));
  }
  for (const field of IDENTITY) {
    if (next[field] !== old[field])
      errors.push(...validateImmutableField(next[field] ?? '', old[field] ?? '', childOf(path, field)));
  }
  for (const field of SYSTEM_TIMES) {
    if (next[field] !== old[field])
      errors.push(...validateImmutableField(next[field], old[field], childOf(path, field)));
  }
  pushMapErrors(next, path, errors);
  errors.push(...fieldManagerErrors(next, path));
  return errors;
}

type Annotations = Readonly<Record<string, string>> | undefined;

export function validateAnnotations(annotations: Annotations, path: ErrorPath): readonly FieldError[] {
  if (annotations === undefined) return [];
  const errors: FieldError[] = [];
  let size = 0;
  for (const key of Object.keys(annotations).sort(compareBytes)) {
    // Case does not matter in annotation keys.
    for (const message of isQualifiedName(key.toLowerCase())) errors.push(invalid(path, key, message));
    size += byteLength(key) + byteLength(annotations[key] ?? '');
  }
  if (size > TOTAL_ANNOTATION_SIZE_LIMIT) errors.push(tooLong(path, TOTAL_ANNOTATION_SIZE_LIMIT));
  return errors;
}

function validateOwnerReferences(
  references: readonly OwnerReference[] | undefined,
  path: ErrorPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  let controller = '';
  for (const reference of references ?? []) {
    errors.push(...validateOwnerReference(reference, path));
    if (reference.controller !== true) continue;
    const name = `${reference.kind}/${reference.name}`;
    if (controller === '') controller = name;
    else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      errors.push(invalid(path, (references ?? []).map(ownerReferenceValue), detail));
    }
  }
  return errors;
}

function validateOwnerReference(reference: OwnerReference, path: ErrorPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { apiVersion = '', kind = '', name = '', uid = '' } = reference;
  const gvk = groupVersionKindOf(apiVersion, kind);
  if (gvk.version === '') errors.push(invalid(childOf(path, 'apiVersion'), apiVersion, VERSION_EMPTY));
  if (kind === '') errors.push(invalid(childOf(path, 'kind'), kind, EMPTY));
  if (name === '') errors.push(invalid(childOf(path, 'name'), name, EMPTY));
  if (uid === '') errors.push(invalid(childOf(path, 'uid'), uid, EMPTY));
  if (isBannedOwner(gvk)) {
    const detail = `${groupVersionKindText(gvk)} is disallowed from being an owner`;
    errors.push(invalid(path, ownerReferenceValue(reference), detail));
  }
  return errors;
}

function isBannedOwner(gvk: GroupVersionKind): boolean {
  return gvk.group === '' && gvk.version === 'v1' && gvk.kind === 'Event';
}

/** The field order of the Go struct. */
function ownerReferenceValue(reference: OwnerReference): unknown {
  const { apiVersion = '', kind = '', name = '', uid = '', controller, blockOwnerDeletion } = reference;
  return goStruct({ apiVersion, kind, name, uid, controller, blockOwnerDeletion });
}

function validateFinalizers(finalizers: readonly string[] | undefined, path: ErrorPath): readonly FieldError[] {
  const list = finalizers ?? [];
  const errors = list.flatMap((finalizer) => validateFinalizerName(finalizer, path));
  if (list.includes(FINALIZER_ORPHAN_DEPENDENTS) && list.includes(FINALIZER_DELETE_DEPENDENTS)) {
    const detail = `finalizer ${FINALIZER_ORPHAN_DEPENDENTS} and ${FINALIZER_DELETE_DEPENDENTS} cannot be both set`;
    errors.push(invalid(path, list, detail));
  }
  return errors;
}

export function validateFinalizerName(name: string, path: ErrorPath): FieldError[] {
  return isQualifiedName(name).map((message) => invalid(path, name, message));
}

function validateNoNewFinalizers(
  next: readonly string[] | undefined,
  old: readonly string[] | undefined,
  path: ErrorPath,
): readonly FieldError[] {
  const known = new Set(old);
  const extra = [...new Set(next)].filter((finalizer) => !known.has(finalizer)).sort(compareBytes);
  if (extra.length === 0) return [];
  const list = `[]string{${extra.map(goQuote).join(', ')}}`;
  return [
    forbidden(path, `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`),
  ];
}
