// What is wrong with a count of pods that may be a percentage: maxSurge, maxUnavailable, minAvailable.
// Behaviour: pkg/apis/apps/validation/validation.go (ValidatePositiveIntOrPercent, IsNotMoreThan100Percent), Kubernetes v1.36.3.
import { type FieldError, GoValue, invalid } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { goJsonString } from '../../apimachinery/go/json.ts';
import { type IntOrString, intValue } from '../../apimachinery/int-or-string.ts';
import { isValidPercent } from '../../apimachinery/validation/names.ts';
import { validateNonnegativeField } from '../../apimachinery/validation/object-meta.ts';

const MORE_THAN_ALL = 'must not be greater than 100%';

/** An IntOrString as a bad value: Go marshals it. */
export function intOrStringValue(value: IntOrString): number | GoValue {
  return typeof value === 'number' ? value : new GoValue(goJsonString(value));
}

export function validatePositiveIntOrPercent(value: IntOrString, path: FieldPath): readonly FieldError[] {
  if (typeof value === 'number') return validateNonnegativeField(value, path);
  return isValidPercent(value).map((message) => invalid(path, intOrStringValue(value), message));
}

export function isNotMoreThan100Percent(value: IntOrString, path: FieldPath): readonly FieldError[] {
  const percent = percentOf(value);
  return percent === undefined || percent <= 100 ? [] : [invalid(path, intOrStringValue(value), MORE_THAN_ALL)];
}

/** The number or the percentage, whichever it is. */
export function intOrPercentValue(value: IntOrString): number {
  return percentOf(value) ?? intValue(value);
}

function percentOf(value: IntOrString): number | undefined {
  if (typeof value !== 'string' || isValidPercent(value).length > 0) return undefined;
  return intValue(value.slice(0, -1));
}
