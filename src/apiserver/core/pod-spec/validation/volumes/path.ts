// Whether a path inside a volume or on a host stays where it should, and whether a file mode is one.
// Behaviour: pkg/apis/core/validation/validation.go (validateLocalDescendingPath, ValidateLocalNonReservedPath), Kubernetes v1.36.3.
import { type FieldError, invalid } from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';

const MUST_BE_RELATIVE = 'must be a relative path';
const NO_BACKSTEPS = "must not contain '..'";
const NO_LEADING_DOTS = "must not start with '..'";
const FILE_MODE_RANGE = 'must be a number between 0 and 0777 (octal), both inclusive';
const MAX_FILE_MODE = 0o777;

export function hasBacksteps(path: string): boolean {
  return path.includes('..') && path.split('/').includes('..');
}

export function validatePathNoBacksteps(path: string, fieldPath: FieldPath, errors: FieldError[]): void {
  if (hasBacksteps(path)) errors.push(invalid(fieldPath, path, NO_BACKSTEPS));
}

export function validateLocalDescendingPath(path: string, fieldPath: FieldPath, errors: FieldError[]): void {
  if (path.startsWith('/')) errors.push(invalid(fieldPath, path, MUST_BE_RELATIVE));
  validatePathNoBacksteps(path, fieldPath, errors);
}

export function isLocalNonReservedPath(path: string): boolean {
  return !path.startsWith('/') && !path.startsWith('..') && !hasBacksteps(path);
}

export function validateLocalNonReservedPath(path: string, fieldPath: FieldPath, errors: FieldError[]): void {
  if (isLocalNonReservedPath(path)) return;
  validateLocalDescendingPath(path, fieldPath, errors);
  if (path.startsWith('..') && !path.startsWith('../')) errors.push(invalid(fieldPath, path, NO_LEADING_DOTS));
}

/** `name` is the field below `fieldPath` that holds the mode. */
export function validateFileMode(
  mode: number | undefined,
  fieldPath: FieldPath,
  name: string,
  errors: FieldError[],
): void {
  if (mode !== undefined && (mode > MAX_FILE_MODE || mode < 0)) {
    errors.push(invalid(fieldPath.child(name), mode, FILE_MODE_RANGE));
  }
}
