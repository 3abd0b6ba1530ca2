// Where the expressions of admission policies and match conditions are compiled before they are stored.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateCELCondition), Kubernetes v1.36.3.
//
// Upstream lets stored expressions use what the previous version does not know yet; the newest part of CEL is older than that
// in every version simulated here, so that stored and new expressions are judged alike.
import { type FieldError, internalError, invalid } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { cel } from '../cel/loaded.ts';
import type { CompiledExpression, PolicyCompiler, Purpose } from '../cel/policy-compiler.ts';

/** The expressions of one policy or webhook: CEL is touched when the first is there. */
export class Expressions {
  readonly #options: ConstructorParameters<typeof PolicyCompiler>[0];
  #compiler: PolicyCompiler | undefined;

  /** `composes`: whether variables are known to the expressions. */
  constructor(options: { readonly hasParams: boolean; readonly composes: boolean }) {
    this.#options = options;
  }

  /** `shown`: the expression as the error quotes it, where that is not what is compiled. */
  validate(
    purpose: Exclude<Purpose, 'variable'>,
    text: string,
    path: FieldPath,
    errors: FieldError[],
    shown = text,
  ): void {
    note(this.#get().compile(purpose, text), path, shown, errors);
  }

  validateVariable(name: string, text: string, path: FieldPath, errors: FieldError[]): void {
    note(this.#get().declare(name, text), path, text, errors);
  }

  #get(): PolicyCompiler {
    this.#compiler ??= new (cel().PolicyCompiler)(this.#options);
    return this.#compiler;
  }
}

function note(compiled: CompiledExpression, path: FieldPath, shown: string, errors: FieldError[]): void {
  if (compiled.ok) return;
  errors.push(compiled.isInternal ? internalError(path, compiled.detail) : invalid(path, shown, compiled.detail));
}
