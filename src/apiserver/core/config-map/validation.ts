// Whether a ConfigMap may be stored.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateConfigMap, ValidateConfigMapUpdate), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, forbidden, invalid, tooLong } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { isConfigMapKey } from '../../../apimachinery/validation/names.ts';
import type { ConfigMap } from '../../../schema/generated/types/core-v1.ts';
import { decodedLength } from './byte-values.ts';

/** Of all values together, in bytes; Secrets have the same limit. */
export const MAX_DATA_SIZE = 1024 * 1024;
export const IMMUTABLE_OBJECT = 'field is immutable when `immutable` is set';
const DUPLICATE_KEY = 'duplicate of key present in binaryData';

const DATA = FieldPath.of('data');
const BINARY_DATA = FieldPath.of('binaryData');
const WHOLE_OBJECT = FieldPath.of('');

export function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): readonly FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const key of Object.keys(data).sort(compareBytes)) {
    for (const message of isConfigMapKey(key)) errors.push(invalid(DATA.key(key), key, message));
    if (Object.hasOwn(binaryData, key)) errors.push(invalid(DATA.key(key), key, DUPLICATE_KEY));
    size += byteLength(data[key] ?? '');
  }
  for (const key of Object.keys(binaryData).sort(compareBytes)) {
    for (const message of isConfigMapKey(key)) errors.push(invalid(BINARY_DATA.key(key), key, message));
    size += decodedLength(binaryData[key] ?? '');
  }
  if (size > MAX_DATA_SIZE) errors.push(tooLong(WHOLE_OBJECT, MAX_DATA_SIZE));
  return errors;
}

export function validateConfigMapUpdate(configMap: ConfigMap, old: ConfigMap): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (old.immutable) {
    if (!configMap.immutable) errors.push(forbidden(FieldPath.of('immutable'), IMMUTABLE_OBJECT));
    if (!semanticDeepEqual(configMap.data, old.data)) errors.push(forbidden(DATA, IMMUTABLE_OBJECT));
    if (!semanticDeepEqual(configMap.binaryData, old.binaryData)) errors.push(forbidden(BINARY_DATA, IMMUTABLE_OBJECT));
  }
  return [...errors, ...validateConfigMap(configMap)];
}
