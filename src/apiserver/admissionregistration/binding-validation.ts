// Whether a binding names its policy and matches requests well.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateValidatingAdmissionPolicyBindingSpec, validateMutatingAdmissionPolicyBindingSpec), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import { isDns1123Subdomain } from '../../apimachinery/validation/names.ts';
import type {
  MutatingAdmissionPolicyBinding,
  MutatingAdmissionPolicyBindingSpec,
  ValidatingAdmissionPolicyBinding,
} from '../../schema/generated/types/admissionregistration-v1.ts';
import { validateMatchResources, validateMutatingOperations } from './match-validation.ts';
import { validateParamRef } from './parameter-validation.ts';

const ACTION_MISSING = 'at least one validation action is required';
const DENY_AND_WARN =
  'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';

const validationActions = ['Audit', 'Deny', 'Warn'];

const SPEC = FieldPath.of('spec');

export function validateMutatingBinding({ spec }: MutatingAdmissionPolicyBinding): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateBindingSpec(spec, errors);
  validateMutatingOperations(spec.matchResources, SPEC.child('matchResources'), errors);
  return errors;
}

export function validateValidatingBinding({ spec }: ValidatingAdmissionPolicyBinding): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateBindingSpec(spec, errors);
  validateActions(spec.validationActions ?? [], errors);
  return errors;
}

function validateBindingSpec(spec: MutatingAdmissionPolicyBindingSpec, errors: FieldError[]): void {
  const { policyName = '' } = spec;
  const path = SPEC.child('policyName');
  if (policyName === '') errors.push(required(path, ''));
  else for (const text of isDns1123Subdomain(policyName)) errors.push(invalid(path, policyName, text));
  validateParamRef(spec.paramRef, SPEC.child('paramRef'), errors);
  validateMatchResources(spec.matchResources, SPEC.child('matchResources'), errors);
}

function validateActions(actions: readonly string[], errors: FieldError[]): void {
  const path = SPEC.child('validationActions');
  const seen = new Set<string>();
  actions.forEach((action, i) => {
    if (!validationActions.includes(action)) {
      errors.push(notSupported(path.index(i), namedString(action), validationActions));
    }
    if (seen.has(action)) errors.push(duplicate(path.index(i), namedString(action)));
    seen.add(action);
  });
  if (seen.has('Deny') && seen.has('Warn')) errors.push(invalid(path, actions, DENY_AND_WARN));
  if (seen.size === 0) errors.push(required(path, ACTION_MISSING));
}
