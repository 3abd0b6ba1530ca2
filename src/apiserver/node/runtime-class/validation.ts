// Whether a RuntimeClass may be stored.
// Behaviour: pkg/apis/node/validation/validation.go, Kubernetes v1.36.3.
import { duplicate, type FieldError, invalid, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { validateLabels } from '../../../apimachinery/validation/labels.ts';
import { isDns1123Label } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type { Toleration } from '../../../schema/generated/types/core-v1.ts';
import type { RuntimeClass } from '../../../schema/generated/types/node-v1.ts';
import { structValue } from '../../core/pod-spec/internal-value.ts';
import { validateOverhead } from '../../core/pod-spec/validation/containers/resource.ts';
import { pushInvalid } from '../../core/pod-spec/validation/name.ts';
import { podValidationOptions } from '../../core/pod-spec/validation/options.ts';
import { validateTolerations } from '../../core/pod-spec/validation/placement/toleration.ts';
import type { StrategyContext } from '../../resource.ts';

const HANDLER = FieldPath.of('handler');
const TOLERATIONS = FieldPath.of('scheduling', 'tolerations');

export function validateRuntimeClass(
  { handler, overhead, scheduling }: RuntimeClass,
  { features }: StrategyContext,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (handler === '') errors.push(required(HANDLER, ''));
  else pushInvalid(isDns1123Label(handler), HANDLER, handler, errors);
  const options = podValidationOptions(undefined, undefined, undefined, features);
  if (overhead?.podFixed) validateOverhead(overhead.podFixed, FieldPath.of('overhead'), options, errors);
  if (scheduling?.nodeSelector) {
    errors.push(...validateLabels(scheduling.nodeSelector, FieldPath.of('scheduling', 'nodeSelector')));
  }
  if (scheduling?.tolerations) validateSchedulingTolerations(scheduling.tolerations, errors);
  return errors;
}

export function validateRuntimeClassUpdate(
  runtimeClass: RuntimeClass,
  old: RuntimeClass,
  context: StrategyContext,
): readonly FieldError[] {
  const errors = validateRuntimeClass(runtimeClass, context);
  if (runtimeClass.handler === old.handler) return errors;
  return [...errors, invalid(HANDLER, runtimeClass.handler, FIELD_IMMUTABLE)];
}

function validateSchedulingTolerations(tolerations: readonly Toleration[], errors: FieldError[]): void {
  validateTolerations(tolerations, TOLERATIONS, { allowTaintTolerationComparisonOperators: false }, errors);
  const seen = new Set<string>();
  tolerations.forEach((toleration, i) => {
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    const listKey = [key, operator, value, effect].join('\n');
    if (seen.has(listKey)) errors.push(duplicate(TOLERATIONS.index(i), structValue('Toleration', toleration)));
    seen.add(listKey);
  });
}
