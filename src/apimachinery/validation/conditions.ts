// What is wrong with metav1.Condition entries in a status.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go, Kubernetes v1.36.3.
import type { Condition } from '../conditions.ts';
import {
  duplicate,
  type ErrorPath,
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../field-error.ts';
import { childOf, indexOf } from '../field-path.ts';
import { byteLength } from '../go/utf8.ts';
import { validateLabelName } from './labels.ts';
import { isValidConditionReason } from './names.ts';

const STATUSES = ['False', 'True', 'Unknown'];
const MAX_REASON_LENGTH = 1024;
const MAX_MESSAGE_LENGTH = 32 * 1024;

export function validateConditions(
  conditions: readonly Condition[] | undefined,
  path: ErrorPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  (conditions ?? []).forEach((condition, i) => {
    const at = indexOf(path, i);
    const type = condition.type ?? '';
    if (seen.has(type)) errors.push(duplicate(at.child('type'), type));
    seen.add(type);
    errors.push(...validateCondition(condition, at));
  });
  return errors;
}

function validateCondition(condition: Condition, path: ErrorPath): readonly FieldError[] {
  const { type = '', status = '', reason = '', message = '', observedGeneration = 0, lastTransitionTime } = condition;
  const errors: FieldError[] = [...validateLabelName(type, childOf(path, 'type'))];
  if (!STATUSES.includes(status)) errors.push(notSupported(childOf(path, 'status'), status, STATUSES));
  if (observedGeneration < 0) {
    const detail = 'must be greater than or equal to zero';
    errors.push(invalid(childOf(path, 'observedGeneration'), observedGeneration, detail));
  }
  if (lastTransitionTime === undefined) errors.push(required(childOf(path, 'lastTransitionTime'), ''));
  const reasonPath = childOf(path, 'reason');
  if (reason === '') errors.push(required(reasonPath, ''));
  else {
    for (const wrong of isValidConditionReason(reason)) errors.push(invalid(reasonPath, reason, wrong));
    if (byteLength(reason) > MAX_REASON_LENGTH) errors.push(tooLong(reasonPath, MAX_REASON_LENGTH));
  }
  if (byteLength(message) > MAX_MESSAGE_LENGTH) errors.push(tooLong(childOf(path, 'message'), MAX_MESSAGE_LENGTH));
  return errors;
}
