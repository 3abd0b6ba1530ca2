// Whether a ValidatingAdmissionPolicy may be stored.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateValidatingAdmissionPolicy), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  GoValue,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import type {
  AuditAnnotation,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicySpec,
  Validation,
} from '../../../schema/generated/types/admissionregistration-v1.ts';
import { Expressions } from '../cel-validation.ts';
import { validateFailurePolicy, validateMatchConditions, validateMatchConstraints } from '../match-validation.ts';
import { validateParamKind } from '../parameter-validation.ts';
import { hasSameConditions } from '../same-conditions.ts';
import { EXPRESSION_MISSING, validateVariables } from '../variable-validation.ts';

const NOTHING_TO_DO = 'validations or auditAnnotations must contain at least one item';
const NOT_BLANK = 'must be non-empty if specified';
const NO_LINE_BREAKS = 'must not contain line breaks';
const NAME_MISSING = 'requires metadata.name be non-empty';
const VALUE_MISSING = 'valueExpression is not specified';

const MAX_AUDIT_ANNOTATIONS = 20;
const MAX_VALUE_EXPRESSION_BYTES = 5 * 1024;

const SPEC = FieldPath.of('spec');
const LINE_BREAK = /[\n\r]/;
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

export function validateValidatingPolicy(policy: ValidatingAdmissionPolicy): readonly FieldError[] {
  return validatePolicy(policy, undefined);
}

export function validateValidatingPolicyUpdate(
  policy: ValidatingAdmissionPolicy,
  { spec }: ValidatingAdmissionPolicy,
): readonly FieldError[] {
  return validatePolicy(policy, spec);
}

function validatePolicy(
  { metadata, spec }: ValidatingAdmissionPolicy,
  stored: ValidatingAdmissionPolicySpec | undefined,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { failurePolicy, paramKind, validations = [], auditAnnotations = [] } = spec;
  const { variables = [] } = spec;
  const hasParams = paramKind !== undefined;
  const expressions = new Expressions({ hasParams, composes: variables.length > 0 });
  if (failurePolicy === undefined) errors.push(required(SPEC.child('failurePolicy'), ''));
  else validateFailurePolicy(failurePolicy, SPEC.child('failurePolicy'), errors);
  if (paramKind) validateParamKind(paramKind, SPEC.child('paramKind'), errors);
  validateMatchConstraints(spec.matchConstraints, SPEC.child('matchConstraints'), errors);
  if (!stored || !hasSameConditions(spec, stored))
    validateMatchConditions(spec.matchConditions, hasParams, SPEC.child('matchConditions'), errors);
  validateVariables(variables, expressions, SPEC.child('variables'), errors);
  if (validations.length === 0 && auditAnnotations.length === 0) {
    errors.push(required(SPEC.child('validations'), NOTHING_TO_DO));
    errors.push(required(SPEC.child('auditAnnotations'), NOTHING_TO_DO));
    return errors;
  }
  validations.forEach((validation, i) => {
    validateValidation(validation, expressions, SPEC.child('validations').index(i), errors);
  });
  validateAuditAnnotations(auditAnnotations, metadata.name ?? '', expressions, errors);
  return errors;
}

function validateValidation(
  { expression, message = '', messageExpression = '', reason }: Validation,
  expressions: Expressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (expression.trim() === '') errors.push(required(path.child('expression'), EXPRESSION_MISSING));
  else expressions.validate('validation', expression, path.child('expression'), errors);
  const messagePath = path.child('messageExpression');
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(invalid(messagePath, messageExpression, NOT_BLANK));
  } else if (messageExpression !== '') expressions.validate('message', messageExpression, messagePath, errors);
  if (message !== '' && message.trim() === '') errors.push(invalid(path.child('message'), message, NOT_BLANK));
  else if (LINE_BREAK.test(message.trim())) errors.push(invalid(path.child('message'), message, NO_LINE_BREAKS));
  if (reason !== undefined && !reasons.includes(reason)) {
    errors.push(notSupported(path.child('reason'), namedString(reason), reasons));
  }
}

function validateAuditAnnotations(
  annotations: readonly AuditAnnotation[],
  policyName: string,
  expressions: Expressions,
  errors: FieldError[],
): void {
  const path = SPEC.child('auditAnnotations');
  if (annotations.length > MAX_AUDIT_ANNOTATIONS) {
    const detail = `must not have more than ${MAX_AUDIT_ANNOTATIONS} auditAnnotations`;
    errors.push(invalid(path, annotationsValue(annotations), detail));
  }
  const keys = new Set<string>();
  annotations.forEach((annotation, i) => {
    const { key } = annotation;
    const keyPath = path.index(i).child('key');
    if (policyName === '') errors.push(invalid(keyPath, key, NAME_MISSING));
    else {
      const name = `${policyName}/${key}`;
      for (const text of isQualifiedName(name)) errors.push(invalid(keyPath, name, text));
    }
    validateAuditValue(annotation, expressions, path.index(i).child('valueExpression'), errors);
    if (keys.has(key)) errors.push(duplicate(keyPath, key));
    keys.add(key);
  });
}

function validateAuditValue(
  { valueExpression }: AuditAnnotation,
  expressions: Expressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const text = valueExpression.trim();
  if (text === '') errors.push(required(path, VALUE_MISSING));
  else if (byteLength(text) > MAX_VALUE_EXPRESSION_BYTES) {
    errors.push(required(path, `must not exceed ${MAX_VALUE_EXPRESSION_BYTES} bytes in length`));
  } else expressions.validate('auditAnnotation', text, path, errors, valueExpression);
}

function annotationsValue(annotations: readonly AuditAnnotation[]): GoValue {
  return new GoValue(
    goMarshalInOrder(annotations.map(({ key, valueExpression }) => ({ Key: key, ValueExpression: valueExpression }))),
  );
}
