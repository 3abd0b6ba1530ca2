// Whether a Secret may be stored: its keys, its size, and what its type requires.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateSecret, ValidateSecretUpdate), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  required,
  tooLong,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { bytesOf } from '../../../apimachinery/go/base64.ts';
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { isConfigMapKey } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { isNumber, parseJson } from '../../../schema/decode/json-tree.ts';
import type { Secret } from '../../../schema/generated/types/core-v1.ts';
import { decodedLength } from '../config-map/byte-values.ts';
import { IMMUTABLE_OBJECT, MAX_DATA_SIZE } from '../config-map/validation.ts';

const SERVICE_ACCOUNT_NAME = 'kubernetes.io/service-account.name';
const REDACTED = '<secret contents redacted>';

const DATA = FieldPath.of('data');
const utf8 = new TextDecoder();

export function validateSecret({ data = {}, type, metadata }: Secret): readonly FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const key of Object.keys(data).sort(compareBytes)) {
    for (const message of isConfigMapKey(key)) errors.push(invalid(DATA.key(key), key, message));
    size += decodedLength(data[key] ?? '');
  }
  if (size > MAX_DATA_SIZE) errors.push(tooLong(DATA, MAX_DATA_SIZE));
  switch (type) {
    case 'kubernetes.io/service-account-token':
      if (!metadata.annotations?.[SERVICE_ACCOUNT_NAME]) {
        errors.push(required(FieldPath.of('metadata', 'annotations').key(SERVICE_ACCOUNT_NAME), ''));
      }
      break;
    case 'kubernetes.io/dockercfg':
      validateJsonObject(data, '.dockercfg', errors);
      break;
    case 'kubernetes.io/dockerconfigjson':
      validateJsonObject(data, '.dockerconfigjson', errors);
      break;
    case 'kubernetes.io/basic-auth':
      if (data['username'] === undefined && data['password'] === undefined)
        requireKeys(['username', 'password'], errors);
      break;
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) requireKeys(['ssh-privatekey'], errors);
      break;
    case 'kubernetes.io/tls':
      requireKeys(
        ['tls.crt', 'tls.key'].filter((key) => data[key] === undefined),
        errors,
      );
      break;
  }
  return errors;
}

export function validateSecretUpdate(secret: Secret, old: Secret): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (secret.type !== old.type) {
    errors.push(invalid(FieldPath.of('type'), namedString(secret.type ?? ''), FIELD_IMMUTABLE));
  }
  if (old.immutable) {
    if (!secret.immutable) errors.push(forbidden(FieldPath.of('immutable'), IMMUTABLE_OBJECT));
    if (!semanticDeepEqual(secret.data, old.data)) errors.push(forbidden(DATA, IMMUTABLE_OBJECT));
  }
  return [...errors, ...validateSecret(secret)];
}

function requireKeys(keys: readonly string[], errors: FieldError[]): void {
  for (const key of keys) errors.push(required(DATA.key(key), ''));
}

function validateJsonObject(data: NonNullable<Secret['data']>, key: string, errors: FieldError[]): void {
  const value = data[key];
  if (value === undefined) {
    errors.push(required(DATA.key(key), ''));
    return;
  }
  const error = jsonObjectError(utf8.decode(bytesOf(value)));
  if (error !== undefined) errors.push(invalid(DATA.key(key), REDACTED, error));
}

/** What Go says when it reads this text into a map. */
function jsonObjectError(text: string): string | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed.error;
  const { value } = parsed.tree;
  if (value === null || (typeof value === 'object' && !Array.isArray(value) && !isNumber(value))) return undefined;
  const kind = Array.isArray(value)
    ? 'array'
    : isNumber(value)
      ? 'number'
      : typeof value === 'boolean'
        ? 'bool'
        : 'string';
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}
