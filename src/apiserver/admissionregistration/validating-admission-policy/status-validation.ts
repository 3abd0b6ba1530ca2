// Whether the status of a ValidatingAdmissionPolicy may be written.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateValidatingAdmissionPolicyStatus), Kubernetes v1.36.3.
// Differs: fieldRef may be any text, upstream parses it as a JSONPath.
import { type FieldError, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import type { ValidatingAdmissionPolicy } from '../../../schema/generated/types/admissionregistration-v1.ts';

const WARNINGS = FieldPath.of('status', 'typeChecking', 'expressionWarnings');
const CONDITIONS = FieldPath.of('status', 'conditions');

export function validateValidatingPolicyStatus({ status }: ValidatingAdmissionPolicy): readonly FieldError[] {
  const errors: FieldError[] = [];
  (status.typeChecking?.expressionWarnings ?? []).forEach(({ warning, fieldRef }, i) => {
    if (warning === '') errors.push(required(WARNINGS.index(i).child('warning'), ''));
    if (fieldRef.trim() === '') errors.push(required(WARNINGS.index(i).child('fieldRef'), ''));
  });
  return [...errors, ...validateConditions(status.conditions ?? [], CONDITIONS)];
}
