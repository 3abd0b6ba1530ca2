// Whether the API server could call a webhook where its configuration says: by URL or through a service.
// Behaviour: [apiserver]/pkg/util/webhook/validation.go, Kubernetes v1.36.3.
import { type FieldError, invalid, required } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { isDns1123Subdomain, isValidPortNum } from '../../apimachinery/validation/names.ts';
import type { ServiceReference, WebhookClientConfig } from '../../schema/generated/types/admissionregistration-v1.ts';
import { parseUrl } from './url.ts';

const ONE_OF = 'exactly one of url or service is required';
const DESIRED_FORM = '; desired format: https://host[/path]';
const HTTPS_ONLY = "'https' is the only allowed URL scheme";
const HOST_MISSING = 'host must be specified';
const NO_USER = 'user information is not permitted in the URL';
const NO_FRAGMENT = 'fragments are not permitted in the URL';
const NO_QUERY = 'query parameters are not permitted in the URL';
const EMPTY_FIRST_SEGMENT = 'segment[0] may not be empty';
const LEADING_SLASH = "must start with a '/'";

export function validateWebhookClient({ url, service }: WebhookClientConfig, path: FieldPath): readonly FieldError[] {
  if ((url === undefined) === (service === undefined)) return [required(path, ONE_OF)];
  const errors: FieldError[] = [];
  if (url !== undefined) validateWebhookUrl(url, path.child('url'), errors);
  // The name is checked under the namespace's field and the other way round.
  else if (service) {
    const { name, namespace } = service;
    validateWebhookService({ ...service, name: namespace, namespace: name }, path.child('service'), errors);
  }
  return errors;
}

export function validateWebhookUrl(text: string, path: FieldPath, errors: FieldError[]): void {
  const parsed = parseUrl(text);
  if (!parsed.ok) {
    errors.push(required(path, `url must be a valid URL: ${parsed.error}${DESIRED_FORM}`));
    return;
  }
  const { scheme, host, user, fragment, query } = parsed.url;
  if (scheme !== 'https') errors.push(invalid(path, scheme, HTTPS_ONLY + DESIRED_FORM));
  if (host === '') errors.push(invalid(path, host, HOST_MISSING + DESIRED_FORM));
  if (user !== undefined) errors.push(invalid(path, user, NO_USER));
  if (fragment !== '') errors.push(invalid(path, fragment, NO_FRAGMENT));
  if (query !== '') errors.push(invalid(path, query, NO_QUERY));
}

export function validateWebhookService(service: ServiceReference, at: FieldPath, errors: FieldError[]): void {
  const { name, namespace, path: urlPath, port = 0 } = service;
  if (name === '') errors.push(required(at.child('name'), ''));
  if (namespace === '') errors.push(required(at.child('namespace'), ''));
  const portErrors = isValidPortNum(port);
  if (portErrors.length > 0) {
    errors.push(invalid(at.child('port'), port, `port is not valid: ${portErrors.join(', ')}`));
  }
  if (urlPath !== undefined) validateUrlPath(urlPath, at.child('path'), errors);
}

function validateUrlPath(urlPath: string, path: FieldPath, errors: FieldError[]): void {
  if (urlPath === '' || urlPath === '/') return;
  if (urlPath === '//') {
    errors.push(invalid(path, urlPath, EMPTY_FIRST_SEGMENT));
    return;
  }
  if (!urlPath.startsWith('/')) errors.push(invalid(path, urlPath, LEADING_SLASH));
  // The first character goes whatever it is.
  const segments = urlPath.slice(1).replace(/\/$/, '').split('/');
  segments.forEach((segment, i) => {
    if (segment === '') errors.push(invalid(path, urlPath, `segment[${i}] may not be empty`));
    else for (const text of isDns1123Subdomain(segment)) errors.push(invalid(path, urlPath, `segment[${i}]: ${text}`));
  });
}
