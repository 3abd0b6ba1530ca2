// Whether the requests that a webhook or policy wants are well described: match conditions and match resources.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateMatchConditions, validateMatchResources), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
  tooMany,
} from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { isQualifiedName } from '../../apimachinery/validation/names.ts';
import type { MatchCondition, MatchResources } from '../../schema/generated/types/admissionregistration-v1.ts';
import { validateLabelSelector } from '../../selectors/label-selector-validation.ts';
import { Expressions } from './cel-validation.ts';
import { validateNamedRule } from './rule-validation.ts';

const MAX_MATCH_CONDITIONS = 64;

const failurePolicies = ['Fail', 'Ignore'];
const reinvocationPolicies = ['IfNeeded', 'Never'];
const matchPolicies = ['Equivalent', 'Exact'];
/** A policy that changes objects cannot do so when they go. */
const mutatingOperations = ['*', 'CONNECT', 'CREATE', 'UPDATE'];

export function validateMatchConditions(
  conditions: readonly MatchCondition[] = [],
  hasParams: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (conditions.length > MAX_MATCH_CONDITIONS) errors.push(tooMany(path, conditions.length, MAX_MATCH_CONDITIONS));
  const expressions = new Expressions({ hasParams, composes: false });
  const names = new Set<string>();
  conditions.forEach(({ name, expression }, i) => {
    const at = path.index(i);
    const text = expression.trim();
    if (text === '') errors.push(required(at.child('expression'), ''));
    else expressions.validate('matchCondition', text, at.child('expression'), errors);
    if (name === '') {
      errors.push(required(at.child('name'), ''));
      return;
    }
    for (const error of isQualifiedName(name)) errors.push(invalid(at.child('name'), name, error));
    if (names.has(name)) errors.push(duplicate(at.child('name'), name));
    names.add(name);
  });
}

export function validateFailurePolicy(policy: string, path: FieldPath, errors: FieldError[]): void {
  if (!failurePolicies.includes(policy)) errors.push(notSupported(path, namedString(policy), failurePolicies));
}

export function validateMatchPolicy(policy: string, path: FieldPath, errors: FieldError[]): void {
  if (!matchPolicies.includes(policy)) errors.push(notSupported(path, namedString(policy), matchPolicies));
}

export function validateReinvocationPolicy(policy: string, path: FieldPath, errors: FieldError[]): void {
  if (!reinvocationPolicies.includes(policy))
    errors.push(notSupported(path, namedString(policy), reinvocationPolicies));
}

export function validateMatchResources(match: MatchResources | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!match) return;
  const { matchPolicy, namespaceSelector, objectSelector } = match;
  if (matchPolicy === undefined) errors.push(required(path.child('matchPolicy'), ''));
  else validateMatchPolicy(matchPolicy, path.child('matchPolicy'), errors);
  if (!namespaceSelector) errors.push(required(path.child('namespaceSelector'), ''));
  errors.push(...validateLabelSelector(namespaceSelector, {}, path.child('namespaceSelector')));
  if (!objectSelector) errors.push(required(path.child('objectSelector'), ''));
  errors.push(...validateLabelSelector(objectSelector, {}, path.child('objectSelector')));
  (match.resourceRules ?? []).forEach((rule, i) => {
    validateNamedRule(rule, path.child('resourceRules').index(i), errors);
  });
  (match.excludeResourceRules ?? []).forEach((rule, i) => {
    validateNamedRule(rule, path.child('excludeResourceRules').index(i), errors);
  });
}

/** The match constraints of a policy: at least one rule tells it which types it meets. */
export function validateMatchConstraints(
  match: MatchResources | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!match) {
    errors.push(required(path, ''));
    return;
  }
  validateMatchResources(match, path, errors);
  if (!match.resourceRules?.length) errors.push(required(path.child('resourceRules'), ''));
}

export function validateMutatingOperations(
  match: MatchResources | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  const at = path.child('resourceRules').child('operations');
  for (const operation of (match?.resourceRules ?? []).flatMap((rule) => rule.operations ?? [])) {
    if (!mutatingOperations.includes(operation)) {
      errors.push(notSupported(at, namedString(operation), mutatingOperations));
    }
  }
}
