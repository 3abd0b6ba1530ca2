// Whether a PodDisruptionBudget may be stored.
// Behaviour: pkg/apis/policy/validation/validation.go, Kubernetes v1.36.3.
import { type FieldError, invalid, namedString, notSupported } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goStruct } from '../../../apimachinery/go/json.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import { validateNonnegativeField } from '../../../apimachinery/validation/object-meta.ts';
import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from '../../../schema/generated/types/policy-v1.ts';
import { labelSelectorValue, validateLabelSelector } from '../../../selectors/label-selector-validation.ts';
import { isNotMoreThan100Percent, validatePositiveIntOrPercent } from '../../apps/int-or-percent-validation.ts';

const BOTH_SET = 'minAvailable and maxUnavailable cannot be both set';

const SPEC = FieldPath.of('spec');
const STATUS = FieldPath.of('status');

const evictionPolicies = ['AlwaysAllow', 'IfHealthyBudget'];

export function validatePodDisruptionBudget({ spec }: PodDisruptionBudget): readonly FieldError[] {
  return validateSpec(spec, false);
}

/** A selector that was stored with wrong label values may keep them. */
export function validatePodDisruptionBudgetUpdate(
  { spec }: PodDisruptionBudget,
  old: PodDisruptionBudget,
): readonly FieldError[] {
  return validateSpec(spec, validateLabelSelector(old.spec.selector, {}, undefined).length > 0);
}

export function validatePodDisruptionBudgetStatus({ status }: PodDisruptionBudget): readonly FieldError[] {
  return [
    ...validateConditions(status.conditions, STATUS.child('conditions')),
    ...validateNonnegativeField(status.disruptionsAllowed, STATUS.child('disruptionsAllowed')),
    ...validateNonnegativeField(status.currentHealthy, STATUS.child('currentHealthy')),
    ...validateNonnegativeField(status.desiredHealthy, STATUS.child('desiredHealthy')),
    ...validateNonnegativeField(status.expectedPods, STATUS.child('expectedPods')),
  ];
}

function validateSpec(spec: PodDisruptionBudgetSpec, allowInvalidLabelValueInSelector: boolean): readonly FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  const errors: FieldError[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) errors.push(invalid(SPEC, specValue(spec), BOTH_SET));
  for (const [name, value] of [
    ['minAvailable', minAvailable],
    ['maxUnavailable', maxUnavailable],
  ] as const) {
    if (value === undefined) continue;
    errors.push(...validatePositiveIntOrPercent(value, SPEC.child(name)));
    errors.push(...isNotMoreThan100Percent(value, SPEC.child(name)));
  }
  errors.push(...validateLabelSelector(selector, { allowInvalidLabelValueInSelector }, SPEC.child('selector')));
  if (policy !== undefined && !evictionPolicies.includes(policy)) {
    errors.push(notSupported(SPEC.child('unhealthyPodEvictionPolicy'), namedString(policy), evictionPolicies));
  }
  return errors;
}

function specValue(spec: PodDisruptionBudgetSpec): unknown {
  return goStruct({
    MinAvailable: spec.minAvailable ?? null,
    Selector: labelSelectorValue(spec.selector),
    MaxUnavailable: spec.maxUnavailable ?? null,
    UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
  });
}
