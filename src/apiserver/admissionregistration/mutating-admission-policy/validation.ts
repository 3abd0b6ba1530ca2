// Whether a MutatingAdmissionPolicy may be stored.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateMutatingAdmissionPolicy), Kubernetes v1.36.3.
import { type FieldError, invalid, namedString, notSupported, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { MutatingAdmissionPolicy, Mutation } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { Expressions } from '../cel-validation.ts';
import {
  validateFailurePolicy,
  validateMatchConditions,
  validateMatchConstraints,
  validateMutatingOperations,
  validateReinvocationPolicy,
} from '../match-validation.ts';
import { validateParamKind } from '../parameter-validation.ts';
import { hasSameConditions } from '../same-conditions.ts';
import { validateVariables } from '../variable-validation.ts';

type PatchField = 'applyConfiguration' | 'jsonPatch';

const NO_MUTATION = 'mutations must contain at least one item';
const APPLY_CONFIGURATION = 'ApplyConfiguration';
const JSON_PATCH = 'JSONPatch';
const patchTypes = [APPLY_CONFIGURATION, JSON_PATCH];

const SPEC = FieldPath.of('spec');

export function validateMutatingPolicy(
  { spec }: MutatingAdmissionPolicy,
  old?: MutatingAdmissionPolicy,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { failurePolicy, paramKind, matchConstraints, mutations = [], reinvocationPolicy = '' } = spec;
  const hasParams = paramKind !== undefined;
  const expressions = new Expressions({ hasParams, composes: true });
  if (failurePolicy === undefined) errors.push(required(SPEC.child('failurePolicy'), ''));
  else validateFailurePolicy(failurePolicy, SPEC.child('failurePolicy'), errors);
  if (paramKind) validateParamKind(paramKind, SPEC.child('paramKind'), errors);
  validateMatchConstraints(matchConstraints, SPEC.child('matchConstraints'), errors);
  validateMutatingOperations(matchConstraints, SPEC.child('matchConstraints'), errors);
  if (!old || !hasSameConditions(spec, old.spec)) {
    validateMatchConditions(spec.matchConditions, hasParams, SPEC.child('matchConditions'), errors);
  }
  validateVariables(spec.variables ?? [], expressions, SPEC.child('variables'), errors);
  if (mutations.length === 0) errors.push(required(SPEC.child('mutations'), NO_MUTATION));
  mutations.forEach((mutation, i) => {
    validateMutation(mutation, expressions, SPEC.child('mutations').index(i), errors);
  });
  if (reinvocationPolicy === '') errors.push(required(SPEC.child('reinvocationPolicy'), ''));
  else validateReinvocationPolicy(reinvocationPolicy, SPEC.child('reinvocationPolicy'), errors);
  return errors;
}

function validateMutation(mutation: Mutation, expressions: Expressions, path: FieldPath, errors: FieldError[]): void {
  const { patchType } = mutation;
  if (patchType === '') errors.push(required(path.child('patchType'), ''));
  else if (patchType === JSON_PATCH) validateFields('jsonPatch', 'applyConfiguration');
  else if (patchType === APPLY_CONFIGURATION) validateFields('applyConfiguration', 'jsonPatch');
  else errors.push(notSupported(path.child('patchType'), namedString(patchType), patchTypes));

  function validateFields(wanted: PatchField, other: PatchField): void {
    const patch = mutation[wanted];
    if (!patch) errors.push(required(path.child(wanted), `must be specified when patchType is ${patchType}`));
    else validatePatch(patch.expression ?? '', wanted, expressions, path.child(wanted).child('expression'), errors);
    if (mutation[other]) {
      errors.push(invalid(path.child(other), `{${other}}`, `must not be specified when patchType is ${patchType}`));
    }
  }
}

function validatePatch(
  expression: string,
  purpose: PatchField,
  expressions: Expressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const text = expression.trim();
  if (text === '') errors.push(required(path, ''));
  else expressions.validate(purpose, text, path, errors);
}
