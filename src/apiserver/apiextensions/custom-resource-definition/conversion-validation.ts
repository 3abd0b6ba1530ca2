// Whether a definition says how its versions are converted, and by whom.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/validation/validation.go (validateCustomResourceConversion), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { isDns1035Label } from '../../../apimachinery/validation/names.ts';
import type { CustomResourceDefinition } from '../../../schema/generated/types/apiextensions-v1.ts';
import { validateWebhookService, validateWebhookUrl } from '../../admissionregistration/webhook-client-validation.ts';
import type { InternalConversion } from './internal-definition.ts';
import { isEstablished } from './status.ts';

const STRATEGIES = ['None', 'Webhook'];
const REVIEW_VERSIONS = ['v1', 'v1beta1'];
const CLIENT_REQUIRED = 'required when strategy is set to Webhook';
const ONE_OF = 'exactly one of url or service is required';
const ONLY_FOR_WEBHOOK = 'should not be set when strategy is not set to Webhook';
const NO_PEM = 'unable to load root certificates: unable to parse bytes as PEM block';

interface ConversionOptions {
  readonly requireRecognizedReviewVersion: boolean;
  readonly allowInvalidCaBundle: boolean;
}

export function validateConversion(
  { strategy, webhookClientConfig: client, conversionReviewVersions: versions }: InternalConversion,
  path: FieldPath,
  { requireRecognizedReviewVersion, allowInvalidCaBundle }: ConversionOptions,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const at = path.child('strategy');
  if (strategy === '') errors.push(required(at, ''));
  else if (!STRATEGIES.includes(strategy)) errors.push(notSupported(at, strategy, STRATEGIES));
  const clientPath = path.child('webhookClientConfig');
  const versionsPath = path.child('conversionReviewVersions');
  if (strategy !== 'Webhook') {
    if (client) errors.push(forbidden(clientPath, ONLY_FOR_WEBHOOK));
    if (versions && versions.length > 0) errors.push(forbidden(versionsPath, ONLY_FOR_WEBHOOK));
    return errors;
  }
  if (!client) errors.push(required(clientPath, CLIENT_REQUIRED));
  else {
    const { url, service, caBundle = '' } = client;
    if ((url === undefined) === (service === undefined)) errors.push(required(clientPath, ONE_OF));
    else if (url !== undefined) validateWebhookUrl(url, clientPath.child('url'), errors);
    else if (service) {
      // The name is checked under the namespace's field and the other way round.
      const { name, namespace } = service;
      validateWebhookService({ ...service, name: namespace, namespace: name }, clientPath.child('service'), errors);
    }
    if (caBundle !== '' && !allowInvalidCaBundle && !isPem(caBundle))
      errors.push(invalid(clientPath.child('caBundle'), caBundle, NO_PEM));
  }
  return [...errors, ...validateReviewVersions(versions, requireRecognizedReviewVersion, versionsPath)];
}

function validateReviewVersions(
  versions: readonly string[] | undefined,
  requireRecognized: boolean,
  path: FieldPath,
): readonly FieldError[] {
  if (!versions || versions.length === 0) return [required(path, '')];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, version] of versions.entries()) {
    if (seen.has(version)) {
      errors.push(invalid(path.index(i), version, 'duplicate version'));
      continue;
    }
    seen.add(version);
    for (const text of isDns1035Label(version)) errors.push(invalid(path.index(i), version, text));
  }
  if (requireRecognized && !hasRecognizedReviewVersion(versions))
    errors.push(invalid(path, versions, `must include at least one of ${REVIEW_VERSIONS.join(', ')}`));
  return errors;
}

/** An empty list breaks another rule. */
export function hasRecognizedReviewVersion(versions: readonly string[] | undefined): boolean {
  return !versions || versions.length === 0 || versions.some((version) => REVIEW_VERSIONS.includes(version));
}

/** Until a definition serves its resources, and while its bundle is bad already. */
export function allowsInvalidCaBundle(
  old: CustomResourceDefinition,
  conversion: InternalConversion | undefined,
): boolean {
  if (!isEstablished(old)) return true;
  const { caBundle = '' } = conversion?.webhookClientConfig ?? {};
  return caBundle !== '' && !isPem(caBundle);
}

function isPem(base64: string): boolean {
  return atob(base64).includes('-----BEGIN ');
}
