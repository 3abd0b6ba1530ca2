// What StorageClasses and VolumeAttributesClasses have in common: who provides the volumes, and the parameters handed to him.
// Behaviour: pkg/apis/storage/validation/validation.go (validateProvisioner, validateParameters), Kubernetes v1.36.3.
import { type FieldError, invalid, required, tooLong } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { byteLength } from '../../apimachinery/go/utf8.ts';
import { isQualifiedName } from '../../apimachinery/validation/names.ts';

const EMPTY_KEY = 'field can not be empty.';
const A_PARAMETER = 'must contain at least one key/value pair';

const MAX_PARAMETERS = 512;
const MAX_PARAMETERS_SIZE = 256 * 1024;

export function validateProvisioner(provisioner: string, path: FieldPath, errors: FieldError[]): void {
  if (provisioner === '') {
    errors.push(required(path, ''));
    return;
  }
  const name = provisioner.toLowerCase();
  for (const message of isQualifiedName(name)) errors.push(invalid(path, name, message));
}

export function validateParameters(
  parameters: Readonly<Record<string, string>> = {},
  mayBeEmpty: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  const entries = Object.entries(parameters);
  if (entries.length > MAX_PARAMETERS) {
    errors.push(tooLong(path, MAX_PARAMETERS));
    return;
  }
  if (parameters[''] !== undefined) errors.push(invalid(path, '', EMPTY_KEY));
  if (sizeOf(parameters) > MAX_PARAMETERS_SIZE) errors.push(tooLong(path, MAX_PARAMETERS_SIZE));
  if (!mayBeEmpty && entries.length === 0) errors.push(required(path, A_PARAMETER));
}

/** Bytes of all keys and values. */
export function sizeOf(map: Readonly<Record<string, string>> | undefined): number {
  return Object.entries(map ?? {}).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
}
