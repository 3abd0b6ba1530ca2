// What breaks a schema, before it is known which field of which object it is told of.
// Behaviour: k8s.io/kube-openapi/pkg/validation/errors, Kubernetes v1.36.3.
import { type FieldError, invalid } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';

/** One thing wrong with a value; without a name it is said of the whole. */
export interface Problem {
  readonly name?: string;
  readonly message: string;
  toFieldError(path: FieldPath | undefined): FieldError;
}

export function invalidProblem(name: string, value: unknown, text: string): Problem {
  const message = `${name} in body ${text}`;
  return { name, message, toFieldError: (path) => invalid(path, value, message) };
}

/** Whether a number counts as an integer: whole, and an int64. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}
