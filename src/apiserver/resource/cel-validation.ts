// Where the CEL expressions that select devices are compiled.
// Behaviour: pkg/apis/resource/validation/validation.go (validateCELSelector), Kubernetes v1.36.3.
// Differs: no expression is compiled yet; every one that is not too long passes.
import { type FieldError, tooLong } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { byteLength } from '../../apimachinery/utf8.ts';

const MAX_EXPRESSION_LENGTH = 10 * 1024;

/** `isStored`: the expression was accepted before, perhaps by a newer version. */
export function validateCelSelector(
  expression: string,
  _isStored: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (byteLength(expression) > MAX_EXPRESSION_LENGTH) errors.push(tooLong(path, '', MAX_EXPRESSION_LENGTH));
}
