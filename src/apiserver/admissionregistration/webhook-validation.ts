// Whether the webhooks of a configuration may be stored: what they match and how they are called.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateValidatingWebhookConfiguration, validateMutatingWebhookConfiguration), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import { isDns1035Label, isFullyQualifiedName } from '../../apimachinery/validation/names.ts';
import { holdsGivenEmpty } from '../../schema/decode/given-empty.ts';
import type { MutatingWebhook, ValidatingWebhook } from '../../schema/generated/types/admissionregistration-v1.ts';
import { validateLabelSelector } from '../../selectors/label-selector-validation.ts';
import {
  validateFailurePolicy,
  validateMatchConditions,
  validateMatchPolicy,
  validateReinvocationPolicy,
} from './match-validation.ts';
import { validateRule } from './rule-validation.ts';
import { validateWebhookClient } from './webhook-client-validation.ts';

/** Every field but the reinvocation policy is common to both kinds. */
type Webhook = ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;
type Webhooks = readonly Webhook[] | undefined;

/** What an update may keep of an older configuration. */
interface Options {
  readonly skipsMatchConditions: boolean;
  readonly allowsSideEffects: boolean;
  readonly allowsUnknownReviewVersions: boolean;
  readonly allowsSameNames: boolean;
  readonly allowsInvalidLabelValues: boolean;
}

const DUPLICATE_VERSION = 'duplicate version';
const TIMEOUT_RANGE = 'the timeout value must be between 1 and 30 seconds';
const MIN_TIMEOUT_SECONDS = 1;
const MAX_TIMEOUT_SECONDS = 30;

const reviewVersions = ['v1', 'v1beta1'];
const sideEffectClasses = ['None', 'NoneOnDryRun', 'Some', 'Unknown'];
const harmlessClasses = ['None', 'NoneOnDryRun'];
const ACCEPTED_VERSIONS = reviewVersions.join(', ');

const WEBHOOKS = FieldPath.of('webhooks');
const STRICT: Options = {
  skipsMatchConditions: false,
  allowsSideEffects: false,
  allowsUnknownReviewVersions: false,
  allowsSameNames: false,
  allowsInvalidLabelValues: false,
};

export function validateWebhooks(webhooks: Webhooks = []): readonly FieldError[] {
  return validateAll(webhooks, STRICT);
}

export function validateWebhooksUpdate(webhooks: Webhooks = [], old: Webhooks = []): readonly FieldError[] {
  return validateAll(webhooks, {
    skipsMatchConditions: sameMatchConditions(webhooks, old),
    allowsSideEffects: !old.every(({ sideEffects = '' }) => harmlessClasses.includes(sideEffects)),
    allowsUnknownReviewVersions: old.some(hasOnlyUnknownReviewVersions),
    allowsSameNames: new Set(old.map(({ name }) => name)).size < old.length,
    allowsInvalidLabelValues: old.some(hasInvalidSelector),
  });
}

function validateAll(webhooks: readonly Webhook[], options: Options): readonly FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  webhooks.forEach((webhook, i) => {
    const path = WEBHOOKS.index(i);
    const { name } = webhook;
    validateWebhook(webhook, options, path, errors);
    validateReviewVersions(
      webhook.admissionReviewVersions ?? [],
      options,
      path.child('admissionReviewVersions'),
      errors,
    );
    if (!options.allowsSameNames && name !== '' && names.has(name)) errors.push(duplicate(path.child('name'), name));
    names.add(name);
  });
  return errors;
}

function validateWebhook(webhook: Webhook, options: Options, path: FieldPath, errors: FieldError[]): void {
  const { failurePolicy, matchPolicy, timeoutSeconds, reinvocationPolicy } = webhook;
  errors.push(...isFullyQualifiedName(path.child('name'), webhook.name));
  (webhook.rules ?? []).forEach((rule, i) => {
    validateRule(rule, path.child('rules').index(i), errors);
  });
  if (failurePolicy !== undefined) validateFailurePolicy(failurePolicy, path.child('failurePolicy'), errors);
  if (matchPolicy !== undefined) validateMatchPolicy(matchPolicy, path.child('matchPolicy'), errors);
  validateSideEffects(webhook, options, path.child('sideEffects'), errors);
  if (timeoutSeconds !== undefined && (timeoutSeconds < MIN_TIMEOUT_SECONDS || timeoutSeconds > MAX_TIMEOUT_SECONDS)) {
    errors.push(invalid(path.child('timeoutSeconds'), timeoutSeconds, TIMEOUT_RANGE));
  }
  const selectorOptions = { allowInvalidLabelValueInSelector: options.allowsInvalidLabelValues };
  for (const field of ['namespaceSelector', 'objectSelector'] as const) {
    errors.push(...validateLabelSelector(webhook[field], selectorOptions, path.child(field)));
  }
  if (reinvocationPolicy !== undefined) {
    validateReinvocationPolicy(reinvocationPolicy, path.child('reinvocationPolicy'), errors);
  }
  errors.push(...validateWebhookClient(webhook.clientConfig, path.child('clientConfig')));
  if (options.skipsMatchConditions) return;
  validateMatchConditions(webhook.matchConditions, false, path.child('matchConditions'), errors);
}

function validateSideEffects({ sideEffects }: Webhook, options: Options, path: FieldPath, errors: FieldError[]): void {
  const allowed = options.allowsSideEffects ? sideEffectClasses : harmlessClasses;
  // Null where the client left it out: the field has no omitempty.
  if (sideEffects === undefined || sideEffects === null) {
    errors.push(required(path, `must specify one of ${allowed.join(', ')}`));
  } else if (!allowed.includes(sideEffects)) errors.push(notSupported(path, namedString(sideEffects), allowed));
}

function validateReviewVersions(
  versions: readonly string[],
  options: Options,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (versions.length === 0) {
    errors.push(required(path, `must specify one of ${ACCEPTED_VERSIONS}`));
    return;
  }
  const seen = new Set<string>();
  versions.forEach((version, i) => {
    const at = path.index(i);
    if (seen.has(version)) errors.push(invalid(at, version, DUPLICATE_VERSION));
    else for (const text of isDns1035Label(version)) errors.push(invalid(at, version, text));
    seen.add(version);
  });
  if (!options.allowsUnknownReviewVersions && !versions.some(isKnownReviewVersion)) {
    errors.push(invalid(path, versions, `must include at least one of ${ACCEPTED_VERSIONS}`));
  }
}

function isKnownReviewVersion(version: string): boolean {
  return reviewVersions.includes(version);
}

function hasOnlyUnknownReviewVersions({ admissionReviewVersions: versions }: Webhook): boolean {
  return versions !== undefined && versions.length > 0 && !versions.some(isKnownReviewVersion);
}

function hasInvalidSelector({ namespaceSelector, objectSelector }: Webhook): boolean {
  return [namespaceSelector, objectSelector].some(
    (selector) => validateLabelSelector(selector, {}, undefined).length > 0,
  );
}

/** As reflect.DeepEqual sees it: an empty map that was given is not the absent one that is stored. */
export function isUnchanged(webhooks: Webhooks, old: Webhooks): boolean {
  return semanticDeepEqual(webhooks, old) && !holdsGivenEmpty(webhooks);
}

function sameMatchConditions(webhooks: readonly Webhook[], old: readonly Webhook[]): boolean {
  return (
    webhooks.length === old.length &&
    webhooks.every((webhook, i) => semanticDeepEqual(webhook.matchConditions, old[i]?.matchConditions))
  );
}
