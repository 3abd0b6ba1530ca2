// Whether the rule by which a device's capacity is shared out makes sense.
// Behaviour: pkg/apis/resource/validation/validation.go (validateRequestPolicy and what it calls), Kubernetes v1.36.3.
// Differs: a step of zero makes upstream panic; here it passes.
import { type FieldError, forbidden, invalid, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { mustParseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { CapacityRequestPolicy, CapacityRequestPolicyRange } from '../../../schema/generated/types/resource-v1.ts';
import { validateSet } from '../lists.ts';

const ONE_POLICY =
  'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';
const DEFAULT_OF_VALUES = 'required when validValues is defined';
const DEFAULT_OF_RANGE = 'required when validRange is defined';
const NOT_SORTED = 'values must be sorted in ascending order';
const DEFAULT_INVALID = 'default value is not valid according to the requestPolicy';

const MAX_OPTIONS = 10;

export function validateRequestPolicy(
  capacity: Quantity,
  { default: given, validValues = [], validRange }: CapacityRequestPolicy,
  path: FieldPath,
  errors: FieldError[],
): void {
  const byDefault = given === undefined ? undefined : mustParseQuantity(given);
  const defaultPath = path.child('default');
  if (validValues.length > 0 && validRange) errors.push(forbidden(path, ONE_POLICY));
  else if (validValues.length > 0) {
    if (byDefault) validateValues(byDefault, capacity, validValues, path.child('validValues'), errors);
    else errors.push(required(defaultPath, DEFAULT_OF_VALUES));
  } else if (validRange) {
    if (byDefault) validateRange(byDefault, capacity, validRange, path.child('validRange'), errors);
    else errors.push(required(defaultPath, DEFAULT_OF_RANGE));
  }
}

function validateValues(
  byDefault: Quantity,
  capacity: Quantity,
  texts: readonly string[],
  path: FieldPath,
  errors: FieldError[],
): void {
  const values = texts.map(mustParseQuantity);
  values.forEach((value, i) => {
    const before = values[i - 1];
    if (before && before.cmp(value) > 0) errors.push(invalid(path.index(i), value.toString(), NOT_SORTED));
  });
  let isValid = false;
  const option = (value: Quantity, valuePath: FieldPath) => {
    if (value.cmp(capacity) > 0) {
      const detail = `option is larger than capacity value: ${capacity}`;
      errors.push(invalid(valuePath, value.toString(), detail));
    }
    if (value.equals(byDefault)) isValid = true;
  };
  validateSet(
    values,
    { maxSize: MAX_OPTIONS, validateItem: option, keyOf: (value) => String(value.valueInt64()) },
    path,
    errors,
  );
  if (!isValid) errors.push(invalid(path, byDefault.toString(), DEFAULT_INVALID));
}

function validateRange(
  byDefault: Quantity,
  capacity: Quantity,
  range: CapacityRequestPolicyRange,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (range.min === undefined) {
    errors.push(required(path.child('min'), DEFAULT_OF_RANGE));
    return;
  }
  const min = mustParseQuantity(range.min);
  const max = range.max === undefined ? undefined : mustParseQuantity(range.max);
  const push = (field: keyof CapacityRequestPolicyRange, value: Quantity, detail: string) => {
    errors.push(invalid(path.child(field), value.toString(), detail));
  };
  if (min.cmp(capacity) > 0) push('min', min, `min is larger than capacity value: ${capacity}`);
  if (byDefault.cmp(min) < 0) push('min', byDefault, `default is less than min: ${min}`);
  if (max) {
    if (min.cmp(max) > 0) push('max', min, `min is larger than max: ${max}`);
    if (max.cmp(capacity) > 0) push('max', max, `max is larger than capacity value: ${capacity}`);
    if (byDefault.cmp(max) > 0) push('max', byDefault, `default is more than max: ${max}`);
  }
  if (range.step === undefined) return;
  const step = mustParseQuantity(range.step);
  const added = min.add(step);
  if (added.cmp(capacity) > 0) push('step', step, `one step ${added} is larger than capacity value: ${capacity}`);
  for (const value of max ? [byDefault, max] : [byDefault]) {
    if (!isReached(value, min, step)) {
      push('step', value, `value is not a multiple of a given step (${step}) from (${min})`);
    }
  }
}

function isReached(value: Quantity, min: Quantity, step: Quantity): boolean {
  const size = step.valueInt64();
  return size === 0n || (value.valueInt64() - min.valueInt64()) % size === 0n;
}
