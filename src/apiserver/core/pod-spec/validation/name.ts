// Turns what is wrong with a name into errors of the field that holds it; and the names that only pods refer to.
// Behaviour: pkg/apis/core/validation/{validation,names}.go, Kubernetes v1.36.3.
import { type FieldError, invalid, required, tooLong } from '../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../apimachinery/field-path.ts';
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import { byteLength } from '../../../../apimachinery/go/utf8.ts';
import {
  DNS1123_SUBDOMAIN_MAX_LENGTH,
  isDns1123Label,
  isDns1123Subdomain,
} from '../../../../apimachinery/validation/names.ts';

const SIGNER_NAME_FORM = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
const SIGNER_DOMAIN_FORM = 'should be a domain with at least two segments separated by dots';
const TRUST_BUNDLE_COLON = 'ClusterTrustBundle without signer name must not have ":" in its name';
/** A namespace's label, a dot, and a resource's subdomain. */
const MAX_SIGNER_PATH_LENGTH = DNS1123_SUBDOMAIN_MAX_LENGTH + 63 + 1;

/** unicode.IsSpace */
const OUTER_SPACE =
  /^[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

export function hasOuterSpace(text: string): boolean {
  return OUTER_SPACE.test(text);
}

export function pushInvalid(messages: readonly string[], path: FieldPath, value: unknown, errors: FieldError[]): void {
  for (const message of messages) errors.push(invalid(path, value, message));
}

/** `child` is the field below `path` that holds the name; its path is only built for an error. */
export function validateName(
  check: (name: string) => readonly string[],
  name: string,
  path: FieldPath,
  child: string,
  errors: FieldError[],
): void {
  const messages = check(name);
  if (messages.length > 0) pushInvalid(messages, path.child(child), name, errors);
}

/** A reference to an object by a name that must not be empty. */
export function validateRequiredName(
  check: (name: string) => readonly string[],
  name: string | undefined,
  path: FieldPath,
  child: string,
  errors: FieldError[],
): void {
  if (!name) errors.push(required(path.child(child), ''));
  else validateName(check, name, path, child, errors);
}

export function isKubernetesSignerName(name: string): boolean {
  const host = name.split('/', 1)[0] ?? '';
  return host === 'kubernetes.io' || host.endsWith('.kubernetes.io');
}

export function validateSignerName(name: string, path: FieldPath, errors: FieldError[]): void {
  if (name === '') {
    errors.push(required(path, ''));
    return;
  }
  const [domain = '', rest = '', ...more] = name.split('/');
  if (!name.includes('/') || more.length > 0) {
    errors.push(invalid(path, name, SIGNER_NAME_FORM));
    return;
  }
  if (byteLength(domain) > DNS1123_SUBDOMAIN_MAX_LENGTH) {
    errors.push(tooLong(path, DNS1123_SUBDOMAIN_MAX_LENGTH));
  }
  validateDotted(domain, isDns1123Label, path, errors);
  if (!domain.includes('.')) errors.push(invalid(path, domain, SIGNER_DOMAIN_FORM));
  validateDotted(rest, isDns1123Subdomain, path, errors);
  const maxLength = DNS1123_SUBDOMAIN_MAX_LENGTH + MAX_SIGNER_PATH_LENGTH + 1;
  if (byteLength(name) > maxLength) errors.push(tooLong(path, maxLength));
}

/** Only the first wrong part is told: the others would read the same. */
function validateDotted(
  text: string,
  check: (part: string) => readonly string[],
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const part of text.split('.')) {
    const messages = check(part);
    if (messages.length === 0) continue;
    for (const message of messages) errors.push(invalid(path, text, `validating label ${goQuote(part)}: ${message}`));
    return;
  }
}

/** What is wrong with the name of a ClusterTrustBundle, whose signer's name, if it has one, is its prefix. */
export function isClusterTrustBundleName(name: string): readonly string[] {
  const colon = name.lastIndexOf(':');
  if (colon < 0) return isDns1123Subdomain(name);
  const signerName = name.slice(0, colon).replaceAll(':', '/');
  if (signerName === '') return [TRUST_BUNDLE_COLON];
  const prefix = `${signerName.replaceAll('/', ':')}:`;
  if (name.startsWith(prefix)) return isDns1123Subdomain(name.slice(prefix.length));
  return [`ClusterTrustBundle for signerName ${signerName} must be named with prefix ${prefix}`];
}
