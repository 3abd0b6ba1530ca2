// What is wrong with managedFields entries and with the options of a writing request.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go, Kubernetes v1.36.3.
import {
  type ErrorPath,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../field-error.ts';
import { FieldPath, indexOf } from '../field-path.ts';
import { byteLength } from '../go/utf8.ts';
import type { ManagedFieldsEntry } from '../object.ts';

const FIELD_MANAGER_MAX_LENGTH = 128;
const SUBRESOURCE_MAX_LENGTH = 256;
/** Half a surrogate pair arrives as U+FFFD, which is printable. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cs} ]$/u;
const DRY_RUN_VALUES = ['All'];
const FIELD_VALIDATION_VALUES = ['', 'Ignore', 'Strict', 'Warn'];

export function validateManagedFields(
  entries: readonly ManagedFieldsEntry[] | undefined,
  path: ErrorPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  (entries ?? []).forEach((entry, i) => {
    const at = indexOf(path, i);
    const { operation = '', fieldsType = '', manager = '', subresource = '' } = entry;
    if (operation !== 'Apply' && operation !== 'Update') {
      errors.push(invalid(at.child('operation'), operation, 'must be `Apply` or `Update`'));
    }
    if (fieldsType !== '' && fieldsType !== 'FieldsV1') {
      errors.push(invalid(at.child('fieldsType'), fieldsType, 'must be `FieldsV1`'));
    }
    errors.push(...validateFieldManager(manager, at.child('manager')));
    if (byteLength(subresource) > SUBRESOURCE_MAX_LENGTH) {
      errors.push(tooLong(at.child('subresource'), SUBRESOURCE_MAX_LENGTH));
    }
  });
  return errors;
}

/** Not empty only where apply demands it; at most 128 bytes, all of them printable. */
function validateFieldManager(manager: string, path: ErrorPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (byteLength(manager) > FIELD_MANAGER_MAX_LENGTH) errors.push(tooLong(path, FIELD_MANAGER_MAX_LENGTH));
  let position = 0;
  for (const char of manager) {
    if (!PRINTABLE.test(char)) {
      const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      errors.push(invalid(path, manager, `invalid character U+${code} (at position ${position})`));
    }
    position += byteLength(char);
  }
  return errors;
}

function validateDryRun(path: ErrorPath, dryRun: readonly string[]): readonly FieldError[] {
  return dryRun.every((value) => DRY_RUN_VALUES.includes(value)) ? [] : [notSupported(path, dryRun, DRY_RUN_VALUES)];
}

function validateFieldValidation(path: ErrorPath, fieldValidation: string): readonly FieldError[] {
  if (FIELD_VALIDATION_VALUES.includes(fieldValidation)) return [];
  return [notSupported(path, fieldValidation, FIELD_VALIDATION_VALUES)];
}

interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: readonly string[];
  readonly fieldValidation?: string;
}

interface PatchOptions extends WriteOptions {
  readonly force?: boolean;
}

/** CreateOptions and UpdateOptions are checked alike. */
export function validateWriteOptions(options: WriteOptions): readonly FieldError[] {
  return [
    ...validateFieldManager(options.fieldManager ?? '', FieldPath.of('fieldManager')),
    ...validateDryRun(FieldPath.of('dryRun'), options.dryRun ?? []),
    ...validateFieldValidation(FieldPath.of('fieldValidation'), options.fieldValidation ?? ''),
  ];
}

export function validatePatchOptions(options: PatchOptions, isApply: boolean): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (isApply) {
    if ((options.fieldManager ?? '') === '') {
      errors.push(required(FieldPath.of('fieldManager'), 'is required for apply patch'));
    }
  } else if (options.force !== undefined) {
    errors.push(forbidden(FieldPath.of('force'), 'may not be specified for non-apply patch'));
  }
  return [...errors, ...validateWriteOptions(options)];
}
