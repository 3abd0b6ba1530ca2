// Where the CEL expressions of admission policies and match conditions are compiled.
// Behaviour: [apiserver]/pkg/admission/plugin/cel/compile.go, Kubernetes v1.36.3.
// Differs: no expression is compiled yet; every one passes.
import type { FieldError } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import type { Variable } from '../../schema/generated/types/admissionregistration-v1.ts';

export interface CelExpression {
  /** What the expression must return. */
  readonly purpose:
    | 'matchCondition'
    | 'variable'
    | 'validation'
    | 'message'
    | 'auditAnnotation'
    | 'applyConfiguration'
    | 'jsonPatch';
  readonly text: string;
  /** Whether `params` is known to it. */
  readonly hasParams: boolean;
  /** The expression was accepted before, perhaps by a newer version. */
  readonly isStored: boolean;
  /** The variables that stand before it. */
  readonly variables: readonly Variable[];
}

export function validateCel(_expression: CelExpression, _path: FieldPath, _errors: FieldError[]): void {}
