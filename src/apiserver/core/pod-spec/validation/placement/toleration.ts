// Whether the tolerations of a pod can be matched with taints.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateTolerations), Kubernetes v1.36.3.
import { type FieldError, invalid, namedString, notSupported } from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import { parseGoInt } from '../../../../../apimachinery/go/int.ts';
import { validateLabelName } from '../../../../../apimachinery/validation/labels.ts';
import { isDecimalInteger, isValidLabelValue } from '../../../../../apimachinery/validation/names.ts';
import type { Toleration } from '../../../../../schema/generated/types/core-v1.ts';
import { pushInvalid } from '../name.ts';
import type { PodValidationOptions } from '../options.ts';

const EXISTS_WITHOUT_KEY = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
const SECONDS_NEED_NO_EXECUTE = "effect must be 'NoExecute' when `tolerationSeconds` is set";
const EXISTS_WITH_VALUE = "value must be empty when `operator` is 'Exists'";

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const operators = ['Equal', 'Exists'];
const operatorsWithComparison = ['Equal', 'Exists', 'Lt', 'Gt'];

export function validateTolerations(
  tolerations: readonly Toleration[],
  path: FieldPath,
  options: Pick<PodValidationOptions, 'allowTaintTolerationComparisonOperators'>,
  errors: FieldError[],
): void {
  tolerations.forEach((toleration, i) => {
    const { key = '', operator = '', effect = '', tolerationSeconds } = toleration;
    const entryPath = path.index(i);
    if (key !== '') errors.push(...validateLabelName(key, entryPath.child('key')));
    else if (operator !== 'Exists') {
      errors.push(invalid(entryPath.child('operator'), namedString(operator), EXISTS_WITHOUT_KEY));
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.push(invalid(entryPath.child('effect'), namedString(effect), SECONDS_NEED_NO_EXECUTE));
    }
    validateOperator(toleration, entryPath, options.allowTaintTolerationComparisonOperators, errors);
    if (effect !== '' && !taintEffects.includes(effect)) {
      errors.push(notSupported(entryPath.child('effect'), namedString(effect), taintEffects));
    }
  });
}

function validateOperator(
  { operator = '', value = '' }: Toleration,
  path: FieldPath,
  allowComparison: boolean,
  errors: FieldError[],
): void {
  switch (operator) {
    case 'Equal':
    case '': {
      const messages = isValidLabelValue(value);
      if (messages.length > 0) errors.push(invalid(path.child('operator'), value, messages.join(';')));
      return;
    }
    case 'Exists':
      if (value !== '') errors.push(invalid(path.child('operator'), value, EXISTS_WITH_VALUE));
      return;
    case 'Lt':
    case 'Gt': {
      if (!allowComparison) {
        errors.push(notSupported(path.child('operator'), namedString(operator), operatorsWithComparison));
        return;
      }
      pushInvalid(isDecimalInteger(value), path.child('value'), value, errors);
      const parsed = parseGoInt(value, 64, 'ParseInt');
      if (!parsed.ok) errors.push(invalid(path.child('value'), value, parsed.error));
      return;
    }
    default:
      errors.push(notSupported(path.child('operator'), namedString(operator), operators));
  }
}
