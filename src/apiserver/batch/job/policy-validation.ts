// Whether the rules for when a Job has failed or succeeded make sense.
// Behaviour: pkg/apis/batch/validation/validation.go (validatePodFailurePolicy, validateSuccessPolicy), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  GoValue,
  invalid,
  namedString,
  notSupported,
  OMIT_VALUE,
  required,
  tooLong,
  tooMany,
} from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { validateNonnegativeField } from '../../../apimachinery/validation/object-meta.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type {
  JobSpec,
  PodFailurePolicy,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
  SuccessPolicy,
  SuccessPolicyRule,
} from '../../../schema/generated/types/batch-v1.ts';
import { countIndexes } from './index-intervals.ts';

const NEEDS_LIMIT_PER_INDEX = 'requires the backoffLimitPerIndex to be set';
const BOTH_REQUIREMENTS = 'specifying both OnExitCodes and OnPodConditions is not supported';
const NO_REQUIREMENT = 'specifying one of OnExitCodes and OnPodConditions is required';
const UNKNOWN_CONTAINER = 'must be one of the container or initContainer names in the pod template';
const A_VALUE = 'at least one value is required';
const NOT_ZERO = 'must not be 0 for the In operator';
const NOT_ORDERED = 'must be ordered';
const A_RULE = 'at least one rules must be specified when the successPolicy is specified';
const A_CRITERION = 'at least one of succeededCount or succeededIndexes must be specified';

const MAX_FAILURE_RULES = 20;
const MAX_EXIT_CODES = 255;
const MAX_CONDITION_PATTERNS = 20;
const MAX_SUCCESS_RULES = 20;
const MAX_SUCCEEDED_INDEXES_LENGTH = 64 * 1024;

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const exitCodeOperators = ['In', 'NotIn'];
const conditionStatuses = ['False', 'True', 'Unknown'];

function validValues(values: readonly string[]): string {
  return `valid values: [${values.map(goQuote).join(' ')}]`;
}

function validateMember(value: string, supported: readonly string[], path: FieldPath, errors: FieldError[]): void {
  if (value === '') errors.push(required(path, validValues(supported)));
  else if (!supported.includes(value)) errors.push(notSupported(path, namedString(value), supported));
}

export function validatePodFailurePolicy(spec: JobSpec, path: FieldPath, errors: FieldError[]): void {
  const { rules = [] } = spec.podFailurePolicy ?? {};
  const rulesPath = path.child('rules');
  if (rules.length > MAX_FAILURE_RULES) errors.push(tooMany(rulesPath, rules.length, MAX_FAILURE_RULES));
  const { containers = [], initContainers = [] } = spec.template.spec;
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  rules.forEach((rule, i) => {
    validateFailureRule(rule, spec, names, rulesPath.index(i), errors);
  });
}

function validateFailureRule(
  { action = '', onExitCodes, onPodConditions = [] }: PodFailurePolicyRule,
  spec: JobSpec,
  containerNames: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const actionPath = path.child('action');
  if (action !== 'FailIndex') validateMember(action, actions, actionPath, errors);
  else if (spec.backoffLimitPerIndex === undefined) {
    errors.push(invalid(actionPath, namedString(action), NEEDS_LIMIT_PER_INDEX));
  }
  if (onExitCodes) validateExitCodes(onExitCodes, containerNames, path.child('onExitCodes'), errors);
  if (onPodConditions.length > 0) validatePodConditions(onPodConditions, path.child('onPodConditions'), errors);
  if (onExitCodes && onPodConditions.length > 0) errors.push(invalid(path, OMIT_VALUE, BOTH_REQUIREMENTS));
  if (!onExitCodes && onPodConditions.length === 0) errors.push(invalid(path, OMIT_VALUE, NO_REQUIREMENT));
}

function validatePodConditions(
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
  path: FieldPath,
  errors: FieldError[],
): void {
  if (patterns.length > MAX_CONDITION_PATTERNS) {
    errors.push(tooMany(path, patterns.length, MAX_CONDITION_PATTERNS));
  }
  patterns.forEach(({ type = '', status = '' }, i) => {
    const patternPath = path.index(i);
    for (const message of isQualifiedName(type)) errors.push(invalid(patternPath.child('type'), type, message));
    validateMember(status, conditionStatuses, patternPath.child('status'), errors);
  });
}

function validateExitCodes(
  { operator = '', containerName, values }: PodFailurePolicyOnExitCodesRequirement,
  containerNames: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateMember(operator, exitCodeOperators, path.child('operator'), errors);
  if (containerName !== undefined && !containerNames.has(containerName)) {
    errors.push(invalid(path.child('containerName'), containerName, UNKNOWN_CONTAINER));
  }
  const valuesPath = path.child('values');
  const codes = values ?? [];
  if (codes.length === 0) errors.push(invalid(valuesPath, values ?? null, A_VALUE));
  else if (codes.length > MAX_EXIT_CODES) errors.push(tooMany(valuesPath, codes.length, MAX_EXIT_CODES));
  const seen = new Set<number>();
  codes.forEach((code, i) => {
    const codePath = valuesPath.index(i);
    if (operator === 'In' && code === 0) errors.push(invalid(codePath, code, NOT_ZERO));
    if (seen.has(code)) errors.push(duplicate(codePath, code));
    seen.add(code);
  });
  const isOrdered = codes.every((code, i) => i === 0 || (codes[i - 1] ?? code) <= code);
  if (!isOrdered) errors.push(invalid(valuesPath, codes, NOT_ORDERED));
}

export function validateSuccessPolicy(spec: JobSpec, path: FieldPath, errors: FieldError[]): void {
  const { rules = [] } = spec.successPolicy ?? {};
  const rulesPath = path.child('rules');
  if (rules.length === 0) errors.push(required(rulesPath, A_RULE));
  if (rules.length > MAX_SUCCESS_RULES) errors.push(tooMany(rulesPath, rules.length, MAX_SUCCESS_RULES));
  rules.forEach((rule, i) => {
    validateSuccessRule(rule, spec.completions ?? 0, rulesPath.index(i), errors);
  });
}

function validateSuccessRule(
  { succeededCount: count, succeededIndexes: indexes }: SuccessPolicyRule,
  completions: number,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (count === undefined && indexes === undefined) errors.push(required(path, A_CRITERION));
  let total = 0;
  if (indexes !== undefined) {
    const indexesPath = path.child('succeededIndexes');
    if (byteLength(indexes) > MAX_SUCCEEDED_INDEXES_LENGTH) {
      errors.push(tooLong(indexesPath, MAX_SUCCEEDED_INDEXES_LENGTH));
    }
    const counted = countIndexes(indexes, completions);
    if (typeof counted === 'number') total = counted;
    else errors.push(invalid(indexesPath, indexes, `error parsing succeededIndexes: ${counted}`));
  }
  if (count === undefined) return;
  const countPath = path.child('succeededCount');
  errors.push(...validateNonnegativeField(count, countPath));
  const atMost = (limit: number, what: string) =>
    invalid(countPath, count, `must be less than or equal to ${limit} (the number of ${what})`);
  if (count > completions) errors.push(atMost(completions, 'specified completions'));
  if (indexes !== undefined && count > total) {
    errors.push(atMost(total, 'indexes in the specified succeededIndexes field'));
  }
}

/** The policies as bad values: Go's internal structs. */
export function podFailurePolicyValue(policy: PodFailurePolicy | undefined): GoValue {
  const rules = policy?.rules?.map((rule) => ({
    Action: rule.action,
    OnExitCodes: rule.onExitCodes
      ? {
          ContainerName: rule.onExitCodes.containerName ?? null,
          Operator: rule.onExitCodes.operator,
          Values: shownField(rule.onExitCodes, 'values'),
        }
      : null,
    OnPodConditions:
      rule.onPodConditions?.map(({ type, status }) => ({ Type: type, Status: status })) ??
      shownField(rule, 'onPodConditions'),
  }));
  return new GoValue(goMarshalInOrder(policy ? { Rules: rules ?? shownField(policy, 'rules') } : null));
}

export function successPolicyValue(policy: SuccessPolicy | undefined): GoValue {
  const rules = policy?.rules?.map(({ succeededIndexes, succeededCount }) => ({
    SucceededIndexes: succeededIndexes ?? null,
    SucceededCount: succeededCount ?? null,
  }));
  return new GoValue(goMarshalInOrder(policy ? { Rules: rules ?? shownField(policy, 'rules') } : null));
}
