// Whether a policy says well of which kind its parameters are, and a binding which objects to take.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateParamKind, validateParamRef), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { parseGroupVersion, unexpectedGroupVersion } from '../../apimachinery/group-version-kind.ts';
import { isDns1035Label, isDns1123Subdomain, isPathSegmentName } from '../../apimachinery/validation/names.ts';
import type { ParamKind, ParamRef } from '../../schema/generated/types/admissionregistration-v1.ts';
import { validateLabelSelector } from '../../selectors/label-selector-validation.ts';

const VERSION_MISSING = 'version must be specified';
const MIXED_CASE = 'may have mixed case, but should otherwise match: ';
const EXCLUSIVE = 'name and selector are mutually exclusive';
const ONE_OF = 'one of name or selector must be specified';

const notFoundActions = ['Deny', 'Allow'];

export function validateParamKind(
  { apiVersion = '', kind = '' }: ParamKind,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (apiVersion === '') errors.push(required(path.child('apiVersion'), ''));
  else validateApiVersion(apiVersion, path.child('apiVersion'), errors);
  if (kind === '') {
    errors.push(required(path.child('kind'), ''));
    return;
  }
  const texts = isDns1035Label(kind.toLowerCase());
  if (texts.length > 0) errors.push(invalid(path.child('kind'), kind, MIXED_CASE + texts.join(',')));
}

function validateApiVersion(apiVersion: string, path: FieldPath, errors: FieldError[]): void {
  const parsed = parseGroupVersion(apiVersion);
  if (!parsed) {
    errors.push(invalid(path, apiVersion, unexpectedGroupVersion(apiVersion)));
    return;
  }
  const { group, version } = parsed;
  const groupTexts = group === '' ? [] : isDns1123Subdomain(group);
  if (groupTexts.length > 0) errors.push(invalid(path, group, groupTexts.join(',')));
  if (version === '') {
    errors.push(invalid(path, apiVersion, VERSION_MISSING));
    return;
  }
  const versionTexts = isDns1035Label(version);
  if (versionTexts.length > 0) errors.push(invalid(path, version, versionTexts.join(',')));
}

export function validateParamRef(reference: ParamRef | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!reference) return;
  const { name = '', selector, parameterNotFoundAction = '' } = reference;
  if (name !== '') {
    for (const text of isPathSegmentName(name)) errors.push(invalid(path.child('name'), name, text));
    if (selector) errors.push(forbidden(path.child('name'), EXCLUSIVE));
  }
  if (selector) {
    errors.push(...validateLabelSelector(selector, {}, path.child('selector')));
    if (name !== '') errors.push(forbidden(path.child('selector'), EXCLUSIVE));
  } else if (name === '') errors.push(required(path, ONE_OF));
  const actionPath = path.child('parameterNotFoundAction');
  if (parameterNotFoundAction === '') errors.push(required(actionPath, ''));
  else if (!notFoundActions.includes(parameterNotFoundAction)) {
    errors.push(notSupported(actionPath, namedString(parameterNotFoundAction), notFoundActions));
  }
}
