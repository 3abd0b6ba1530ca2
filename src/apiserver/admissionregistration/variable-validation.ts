// Whether the variables of an admission policy have names and expressions.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateVariable), Kubernetes v1.36.3.
import { type FieldError, invalid, required } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import type { Variable } from '../../schema/generated/types/admissionregistration-v1.ts';
import type { Expressions } from './cel-validation.ts';

const NAME_MISSING = 'name is not specified';
const NO_IDENTIFIER = 'must be a valid CEL identifier';
export const EXPRESSION_MISSING = 'expression is not specified';

const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const reservedWords = new Set(
  (
    'true false null in as break const continue else for function if import let ' +
    'loop package namespace return var void while'
  ).split(' '),
);

export function validateVariables(
  variables: readonly Variable[],
  expressions: Expressions,
  path: FieldPath,
  errors: FieldError[],
): void {
  variables.forEach(({ name, expression }, i) => {
    const at = path.index(i);
    if (name.trim() === '') errors.push(required(at.child('name'), NAME_MISSING));
    else if (!IDENTIFIER.test(name) || reservedWords.has(name)) {
      errors.push(invalid(at.child('name'), name, NO_IDENTIFIER));
    }
    if (expression.trim() === '') errors.push(required(at.child('expression'), EXPRESSION_MISSING));
    else expressions.validateVariable(name, expression, at.child('expression'), errors);
  });
}
