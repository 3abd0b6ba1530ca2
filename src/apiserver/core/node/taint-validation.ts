// Whether the taints of a Node may be stored.
// Behaviour: pkg/apis/core/validation/validation.go (validateNodeTaints), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { goStruct } from '../../../apimachinery/go/json.ts';
import { validateLabelName } from '../../../apimachinery/validation/labels.ts';
import { isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import type { Taint } from '../../../schema/generated/types/core-v1.ts';

const DUPLICATE_TAINT = 'taints must be unique by key and effect pair';

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTaints(taints: readonly Taint[], path: FieldPath, errors: FieldError[]): void {
  const seen = new Set<string>();
  taints.forEach((taint, i) => {
    const { key, value = '', effect } = taint;
    const taintPath = path.index(i);
    errors.push(...validateLabelName(key, taintPath.child('key')));
    const messages = isValidLabelValue(value);
    if (messages.length > 0) errors.push(invalid(taintPath.child('value'), value, messages.join(';')));
    if (effect === '') errors.push(required(taintPath.child('effect'), ''));
    else if (!taintEffects.includes(effect)) {
      errors.push(notSupported(taintPath.child('effect'), namedString(effect), taintEffects));
    }
    const pair = `${effect}/${key}`;
    if (seen.has(pair)) errors.push({ ...duplicate(taintPath, taintValue(taint)), detail: DUPLICATE_TAINT });
    seen.add(pair);
  });
}

function taintValue({ key, value = '', effect, timeAdded }: Taint): unknown {
  return goStruct({ Key: key, Value: value, Effect: effect, TimeAdded: timeAdded ?? null });
}
