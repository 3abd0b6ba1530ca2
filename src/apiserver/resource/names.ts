// What names of drivers, pools, devices, attributes and requests may be.
// Behaviour: pkg/apis/resource/validation/validation.go, Kubernetes v1.36.3.
import { type FieldError, GoValue, invalid, required, tooLong } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { goJsonString } from '../../apimachinery/go/json.ts';
import { byteLength } from '../../apimachinery/go/utf8.ts';
import {
  DNS1123_SUBDOMAIN_MAX_LENGTH,
  isCIdentifier,
  isDns1123Label,
  isDns1123Subdomain,
} from '../../apimachinery/validation/names.ts';
import { validateCsiDriverName } from '../core/pod-spec/validation/volumes/volume-source.ts';

const EMPTY_DOMAIN = 'the domain must not be empty';
const EMPTY_NAME = 'the name must not be empty';
const NOT_FULLY_QUALIFIED = 'a fully qualified name must be a domain and a name separated by a slash';
const NOT_NORMALIZED =
  'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters';

const MAX_ID_LENGTH = 32;
const MAX_DOMAIN_LENGTH = 63;
export const MAX_QUALIFIED_NAME_LENGTH = MAX_DOMAIN_LENGTH + 1 + MAX_ID_LENGTH;

/** The names of drivers are those of CSI drivers. */
export const validateDriverName = validateCsiDriverName;

/** Names of requests, devices and counters. */
export function validateLabelName(name: string | undefined, path: FieldPath, errors: FieldError[]): void {
  for (const message of isDns1123Label(name ?? '')) errors.push(invalid(path, name ?? '', message));
}

export function validateDeviceClassName(name: string | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!name) errors.push(required(path, ''));
  else for (const message of isDns1123Subdomain(name)) errors.push(invalid(path, name, message));
}

export function validatePoolName(name: string | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!name) {
    errors.push(required(path, ''));
    return;
  }
  if (byteLength(name) > DNS1123_SUBDOMAIN_MAX_LENGTH) errors.push(tooLong(path, DNS1123_SUBDOMAIN_MAX_LENGTH));
  for (const part of name.split('/')) {
    for (const message of isDns1123Subdomain(part)) errors.push(invalid(path, part, message));
  }
}

/** A C identifier, with an optional domain before a slash. Names with more slashes pass, as upstream has it. */
export function validateQualifiedName(name: string, path: FieldPath, errors: FieldError[]): void {
  const [first = '', second, ...more] = name.split('/');
  if (more.length > 0) return;
  if (second === undefined) {
    validateIdentifier(first, path, errors);
    return;
  }
  if (first === '') errors.push(invalid(path, '', EMPTY_DOMAIN));
  else validateDriverName(first, path, errors);
  if (second === '') errors.push(invalid(path, '', EMPTY_NAME));
  else validateIdentifier(second, path, errors);
}

export function validateFullyQualifiedName(name: string, path: FieldPath, errors: FieldError[]): void {
  validateQualifiedName(name, path, errors);
  if (!name.includes('/')) errors.push(invalid(path, new GoValue(goJsonString(name)), NOT_FULLY_QUALIFIED));
}

function validateIdentifier(id: string, path: FieldPath, errors: FieldError[]): void {
  if (byteLength(id) > MAX_ID_LENGTH) errors.push(tooLong(path, MAX_ID_LENGTH));
  for (const message of isCIdentifier(id)) errors.push(invalid(path, id, message));
}

const HEX_UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;
/** github.com/google/uuid reads these too. */
const OTHER_FORMS = [
  /^(?:[uU][rR][nN]:[uU][uU][iI][dD]:)([0-9a-fA-F-]{36})$/,
  /^\{([0-9a-fA-F-]{36})\}$/,
  /^([0-9a-fA-F]{32})$/,
];

export function validateUid(uid: string, path: FieldPath, errors: FieldError[]): void {
  if (HEX_UUID.test(uid)) {
    if (uid !== uid.toLowerCase()) errors.push(invalid(path, uid, NOT_NORMALIZED));
    return;
  }
  const isOtherForm = OTHER_FORMS.some((form) => form.test(uid));
  if (isOtherForm) errors.push(invalid(path, uid, NOT_NORMALIZED));
  else errors.push(invalid(path, uid, `error validating uid: ${uuidError(uid)}`));
}

function uuidError(uid: string): string {
  const length = byteLength(uid);
  return [32, 36, 38, 45].includes(length) ? 'invalid UUID format' : `invalid UUID length: ${length}`;
}
