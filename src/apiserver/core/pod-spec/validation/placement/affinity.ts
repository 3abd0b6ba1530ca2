// Whether a pod's node and pod affinities can be evaluated.
// Behaviour: pkg/apis/core/validation/validation.go (validateAffinity and below), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, namedString, required } from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import { validateLabelName } from '../../../../../apimachinery/validation/labels.ts';
import { isDns1123Label, isDns1123Subdomain, isValidLabelValue } from '../../../../../apimachinery/validation/names.ts';
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from '../../../../../schema/generated/types/core-v1.ts';
import type { LabelSelector } from '../../../../../selectors/label-selector.ts';
import { validateLabelSelector } from '../../../../../selectors/label-selector-validation.ts';
import { pushInvalid } from '../name.ts';
import type { PodValidationOptions } from '../options.ts';

const REQUIRED_TERMS = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED_TERMS = 'preferredDuringSchedulingIgnoredDuringExecution';
const WEIGHT_RANGE = 'must be in the range 1-100';
const A_TERM = 'must have at least one node selector term';
const VALUES_REQUIRED = "must be specified when `operator` is 'In' or 'NotIn'";
const VALUES_FORBIDDEN = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
const SINGLE_VALUE = "must be specified single value when `operator` is 'Lt' or 'Gt'";
const UNKNOWN_OPERATOR = 'not a valid selector operator';
const ONE_FIELD_VALUE = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
const UNKNOWN_FIELD = 'not a valid field selector key';
const EMPTY_TOPOLOGY_KEY = 'can not be empty';
const KEYS_WITHOUT_SELECTOR = 'must not be specified when labelSelector is not set';
const KEY_IN_BOTH = 'exists in both matchLabelKeys and labelSelector';
const KEY_MATCHED_AND_NOT = 'exists in both matchLabelKeys and mismatchLabelKeys';

export function validateAffinity(
  affinity: Affinity,
  options: PodValidationOptions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  if (nodeAffinity) {
    const nodePath = path.child('nodeAffinity');
    const terms = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    const anyValue = options.allowInvalidLabelValueInRequiredNodeAffinity;
    if (terms) validateNodeSelector(terms, anyValue, nodePath.child(REQUIRED_TERMS), errors);
    nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight, preference }, i) => {
      const termPath = nodePath.child(PREFERRED_TERMS).index(i);
      validateWeight(weight, termPath, errors);
      // A cluster of one node satisfies any preference, so label values may be anything here.
      validateNodeSelectorTerm(preference, true, termPath.child('preference'), errors);
    });
  }
  if (podAffinity) validatePodAffinity(podAffinity, options, path.child('podAffinity'), errors);
  if (podAntiAffinity) validatePodAffinity(podAntiAffinity, options, path.child('podAntiAffinity'), errors);
}

function validateWeight(weight: number, termPath: FieldPath, errors: FieldError[]): void {
  if (weight <= 0 || weight > 100) errors.push(invalid(termPath.child('weight'), weight, WEIGHT_RANGE));
}

/** ValidateNodeSelector, which volumes and device classes use too. */
export function validateNodeSelector(
  { nodeSelectorTerms = [] }: NodeSelector,
  allowInvalidLabelValue: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  const termsPath = path.child('nodeSelectorTerms');
  if (nodeSelectorTerms.length === 0) errors.push(required(termsPath, A_TERM));
  nodeSelectorTerms.forEach((term, i) => {
    validateNodeSelectorTerm(term, allowInvalidLabelValue, termsPath.index(i), errors);
  });
}

function validateNodeSelectorTerm(
  { matchExpressions, matchFields }: NodeSelectorTerm,
  allowInvalidLabelValue: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  matchExpressions?.forEach((requirement, i) => {
    validateExpression(requirement, allowInvalidLabelValue, path.child('matchExpressions').index(i), errors);
  });
  matchFields?.forEach((requirement, i) => {
    validateFieldRequirement(requirement, path.child('matchFields').index(i), errors);
  });
}

function validateExpression(
  { key, operator, values = [] }: NodeSelectorRequirement,
  allowInvalidLabelValue: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  const valuesPath = path.child('values');
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(valuesPath, VALUES_REQUIRED));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) errors.push(forbidden(valuesPath, VALUES_FORBIDDEN));
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) errors.push(required(valuesPath, SINGLE_VALUE));
      break;
    default:
      errors.push(invalid(path.child('operator'), namedString(operator), UNKNOWN_OPERATOR));
  }
  errors.push(...validateLabelName(key, path.child('key')));
  if (allowInvalidLabelValue) return;
  values.forEach((value, i) => {
    pushInvalid(isValidLabelValue(value), valuesPath.index(i), value, errors);
  });
}

function validateFieldRequirement(
  { key, operator, values = [] }: NodeSelectorRequirement,
  path: FieldPath,
  errors: FieldError[],
): void {
  const valuesPath = path.child('values');
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalid(path.child('operator'), namedString(operator), UNKNOWN_OPERATOR));
  } else if (values.length !== 1) errors.push(required(valuesPath, ONE_FIELD_VALUE));
  if (key !== 'metadata.name') {
    errors.push(invalid(path.child('key'), key, UNKNOWN_FIELD));
    return;
  }
  values.forEach((value, i) => {
    pushInvalid(isDns1123Subdomain(value), valuesPath.index(i), value, errors);
  });
}

function validatePodAffinity(
  affinity: PodAffinity,
  options: PodValidationOptions,
  path: FieldPath,
  errors: FieldError[],
): void {
  affinity.requiredDuringSchedulingIgnoredDuringExecution?.forEach((term, i) => {
    validatePodAffinityTerm(term, options, path.child(REQUIRED_TERMS).index(i), errors);
  });
  affinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight, podAffinityTerm }, i) => {
    const termPath = path.child(PREFERRED_TERMS).index(i);
    validateWeight(weight, termPath, errors);
    validatePodAffinityTerm(podAffinityTerm, options, termPath.child('podAffinityTerm'), errors);
  });
}

function validatePodAffinityTerm(
  term: PodAffinityTerm,
  options: PodValidationOptions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [], topologyKey } = term;
  errors.push(...validatePodAffinityTermSelectors(term, options.allowInvalidLabelValueInSelector, path));
  for (const name of term.namespaces ?? []) pushInvalid(isDns1123Label(name), path.child('namespace'), name, errors);
  validateMatchLabelKeys(matchLabelKeys, mismatchLabelKeys, labelSelector, path, errors);
  if (!topologyKey) errors.push(required(path.child('topologyKey'), EMPTY_TOPOLOGY_KEY));
  errors.push(...validateLabelName(topologyKey, path.child('topologyKey')));
}

export function validatePodAffinityTermSelectors(
  { labelSelector, namespaceSelector }: PodAffinityTerm,
  allowInvalidLabelValueInSelector: boolean,
  path: FieldPath,
): FieldError[] {
  const options = { allowInvalidLabelValueInSelector };
  return [
    ...validateLabelSelector(labelSelector, options, path.child('labelSelector')),
    ...validateLabelSelector(namespaceSelector, options, path.child('namespaceSelector')),
  ];
}

/** ValidateMatchLabelKeysAndMismatchLabelKeys; the selector has by now taken in what the matched keys stand for. */
export function validateMatchLabelKeys(
  matchLabelKeys: readonly string[],
  mismatchLabelKeys: readonly string[],
  selector: LabelSelector | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateLabelKeys(matchLabelKeys, selector, path, 'matchLabelKeys', errors);
  validateLabelKeys(mismatchLabelKeys, selector, path, 'mismatchLabelKeys', errors);
  if (selector && matchLabelKeys.length > 0) {
    const known = new Set(Object.keys(selector.matchLabels ?? {}));
    for (const { key } of selector.matchExpressions ?? []) {
      const index = matchLabelKeys.lastIndexOf(key);
      // The merged expression is the first with its key; another one was the user's.
      if (index >= 0 && known.has(key)) errors.push(invalid(path.index(index), key, KEY_IN_BOTH));
      known.add(key);
    }
  }
  matchLabelKeys.forEach((key, i) => {
    if (!mismatchLabelKeys.includes(key)) return;
    errors.push(invalid(path.child('matchLabelKeys').index(i), key, KEY_MATCHED_AND_NOT));
  });
}

function validateLabelKeys(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: FieldPath,
  child: string,
  errors: FieldError[],
): void {
  if (keys.length === 0) return;
  const keysPath = path.child(child);
  if (!selector) {
    errors.push(forbidden(keysPath, KEYS_WITHOUT_SELECTOR));
    return;
  }
  keys.forEach((key, i) => {
    errors.push(...validateLabelName(key, keysPath.index(i)));
  });
}

/** ValidateMatchLabelKeysInTopologySpread: the rule from before keys were merged into the selector. */
export function validateUnmergedMatchLabelKeys(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (keys.length === 0) return;
  if (!selector) errors.push(forbidden(path, KEYS_WITHOUT_SELECTOR));
  const known = new Set([
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map((requirement) => requirement.key),
  ]);
  keys.forEach((key, i) => {
    errors.push(...validateLabelName(key, path.index(i)));
    if (known.has(key)) errors.push(invalid(path.index(i), key, KEY_IN_BOTH));
  });
}
