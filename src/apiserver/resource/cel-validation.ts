// Whether a CEL expression that selects devices is one, and not too dear.
// Behaviour: pkg/apis/resource/validation/validation.go (validateCELSelector), Kubernetes v1.36.3.
import { type FieldError, forbidden, internalError, invalid, tooLong } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { byteLength } from '../../apimachinery/go/utf8.ts';
import { cel } from '../cel/loaded.ts';

const MAX_EXPRESSION_LENGTH = 10 * 1024;
const TOO_COMPLEX = 'too complex, exceeds cost limit';

export function validateCelSelector(expression: string, path: FieldPath, errors: FieldError[]): void {
  if (byteLength(expression) > MAX_EXPRESSION_LENGTH) {
    errors.push(tooLong(path, MAX_EXPRESSION_LENGTH));
    return;
  }
  const compiled = cel().devices.compileSelector(expression);
  if (compiled.ok) {
    if (compiled.isTooExpensive) errors.push(forbidden(path, TOO_COMPLEX));
  } else
    errors.push(compiled.isInternal ? internalError(path, compiled.error) : invalid(path, expression, compiled.error));
}
