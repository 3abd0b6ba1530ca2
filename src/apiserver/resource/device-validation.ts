// What claims, classes and slices say alike of devices: selectors, configuration, taints, tolerations, conditions for binding.
// Behaviour: pkg/apis/resource/validation/validation.go, Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
  tooLong,
} from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../apimachinery/go/json.ts';
import { byteLength } from '../../apimachinery/go/utf8.ts';
import { validateLabelName } from '../../apimachinery/validation/labels.ts';
import { isValidLabelValue } from '../../apimachinery/validation/names.ts';
import type {
  DeviceConfiguration,
  DeviceSelector,
  DeviceTaint,
  DeviceToleration,
} from '../../schema/generated/types/resource-v1.ts';
import { validateCelSelector } from './cel-validation.ts';
import { validateList } from './lists.ts';
import { validateDriverName } from './names.ts';

const NOT_AN_OBJECT = 'must be a valid JSON object';
const VALUE_WITH_EXISTS = 'must be empty for operator `Exists`';
const OVERLAP = 'bindingFailureConditions must not overlap with bindingConditions';
const NEEDS_CONDITIONS = 'bindingConditions are required to use bindingFailureConditions';
const NEEDS_FAILURE_CONDITIONS = 'bindingFailureConditions are required to use bindingConditions';
const OMITTED = '<value omitted>';

const MAX_SELECTORS = 32;
const MAX_BINDING_CONDITIONS = 4;
export const MAX_OPAQUE_LENGTH = 10 * 1024;

const taintEffects = ['NoExecute', 'NoSchedule', 'None'];
const tolerationOperators = ['Equal', 'Exists'];

export function validateSelectors(
  selectors: readonly DeviceSelector[] | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  const validateSelector = ({ cel }: DeviceSelector, selectorPath: FieldPath) => {
    const celPath = selectorPath.child('cel');
    if (!cel) errors.push(required(celPath, ''));
    else validateCelSelector(cel.expression ?? '', celPath.child('expression'), errors);
  };
  validateList(selectors, MAX_SELECTORS, validateSelector, path, errors);
}

export function validateConfiguration(
  { opaque }: DeviceConfiguration,
  isStored: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  const opaquePath = path.child('opaque');
  if (!opaque) {
    errors.push(required(opaquePath, ''));
    return;
  }
  validateDriverName(opaque.driver, opaquePath.child('driver'), errors);
  validateRawObject(opaque.parameters, isStored, MAX_OPAQUE_LENGTH, opaquePath.child('parameters'), errors);
}

/** JSON of any content, but it must be an object. The length counts once, when it is set. */
export function validateRawObject(
  value: unknown,
  isStored: boolean,
  maxLength: number,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (value === undefined || value === null) errors.push(required(path, ''));
  else if (!isStored && byteLength(goMarshalInOrder(value)) > maxLength) errors.push(tooLong(path, maxLength));
  else if (typeof value !== 'object' || Array.isArray(value)) errors.push(invalid(path, OMITTED, NOT_AN_OBJECT));
}

export function validateTaint(
  { key = '', value = '', effect = '' }: DeviceTaint,
  path: FieldPath,
  errors: FieldError[],
) {
  errors.push(...validateLabelName(key, path.child('key')));
  if (value !== '') validateLabelValue(value, path.child('value'), errors);
  const effectPath = path.child('effect');
  if (effect === '') errors.push(required(effectPath, ''));
  else validateEffect(effect, effectPath, errors);
}

function validateLabelValue(value: string, path: FieldPath, errors: FieldError[]): void {
  for (const message of isValidLabelValue(value)) errors.push(invalid(path, value, message));
}

function validateEffect(effect: string, path: FieldPath, errors: FieldError[]): void {
  if (!taintEffects.includes(effect)) errors.push(notSupported(path, namedString(effect), taintEffects));
}

export function validateToleration(
  { key = '', operator = '', value = '', effect = '' }: DeviceToleration,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (key !== '') errors.push(...validateLabelName(key, path.child('key')));
  const valuePath = path.child('value');
  switch (operator) {
    case 'Exists':
      if (value !== '') errors.push(invalid(valuePath, value, VALUE_WITH_EXISTS));
      break;
    case 'Equal':
      validateLabelValue(value, valuePath, errors);
      break;
    case '':
      errors.push(required(path.child('operator'), ''));
      break;
    default:
      errors.push(notSupported(path.child('operator'), namedString(operator), tolerationOperators));
  }
  if (effect !== '') validateEffect(effect, path.child('effect'), errors);
}

export function validateBindingConditions(
  conditions: readonly string[] = [],
  failures: readonly string[] = [],
  path: FieldPath,
  errors: FieldError[],
): void {
  const conditionsPath = path.child('bindingConditions');
  const failuresPath = path.child('bindingFailureConditions');
  const validateName = (name: string, namePath: FieldPath) => {
    errors.push(...validateLabelName(name, namePath));
  };
  validateList(conditions, MAX_BINDING_CONDITIONS, validateName, conditionsPath, errors);
  validateList(failures, MAX_BINDING_CONDITIONS, validateName, failuresPath, errors);
  conditions.forEach((condition, i) => {
    if (conditions.indexOf(condition) < i) errors.push(duplicate(conditionsPath.index(i), condition));
  });
  failures.forEach((failure, i) => {
    if (failures.indexOf(failure) < i) errors.push(duplicate(failuresPath.index(i), failure));
    if (conditions.includes(failure)) errors.push(invalid(failuresPath.index(i), failure, OVERLAP));
  });
  if (conditions.length === 0 && failures.length > 0) {
    errors.push(invalid(conditionsPath, null, NEEDS_CONDITIONS));
  }
  if (failures.length === 0 && conditions.length > 0) {
    errors.push(invalid(failuresPath, null, NEEDS_FAILURE_CONDITIONS));
  }
}
