// Compiles the expressions of admission policies and match conditions: what they may name, what they must return, and
// the variables of a policy, each known to those that stand after it.
// Behaviour: [apiserver]/pkg/admission/plugin/cel/{compile,composition}.go, Kubernetes v1.36.3.
import type { Environment } from './checker/environment.ts';
import { compile, type Program } from './compile.ts';
import { admissionEnvironment, variablesType } from './environments.ts';
import type { DeclType } from './schema/decl-type.ts';
import * as types from './values/types.ts';
import { JSON_PATCH } from './values/value.ts';

/** What each kind of expression may return; a variable returns anything. */
const RETURNS: Readonly<Record<Exclude<Purpose, 'variable'>, readonly types.CelType[]>> = {
  matchCondition: [types.BOOL],
  validation: [types.BOOL],
  message: [types.STRING],
  auditAnnotation: [types.STRING, types.NULL],
  applyConfiguration: [types.struct('Object')],
  jsonPatch: [types.list(JSON_PATCH)],
};

export type Purpose =
  | 'matchCondition'
  | 'variable'
  | 'validation'
  | 'message'
  | 'auditAnnotation'
  | 'applyConfiguration'
  | 'jsonPatch';

export type CompiledExpression =
  | { readonly ok: true; readonly type: types.CelType; readonly program: Program }
  /** `isInternal`: the fault is not the expression's. */
  | { readonly ok: false; readonly detail: string; readonly isInternal: boolean };

const INSTANTIATION = 'program instantiation failed: ';

export class PolicyCompiler {
  readonly #hasParams: boolean;
  readonly #fields: Map<string, DeclType> | undefined;
  readonly #variables: DeclType | undefined;
  readonly #environments = new Map<string, Environment>();

  constructor(options: { readonly hasParams: boolean; readonly composes: boolean }) {
    this.#hasParams = options.hasParams;
    if (!options.composes) return;
    this.#fields = new Map();
    this.#variables = variablesType(this.#fields);
  }

  /** One more variable; what it cannot tell of its type is dynamic. */
  declare(name: string, expression: string): CompiledExpression {
    const compiled = this.compile('variable', expression);
    const type = compiled.ok ? fieldType(compiled.type) : types.DYN;
    // No estimate is asked for: sizes do not matter.
    this.#fields?.set(name, { type, maxElements: 0n, minSerializedSize: 1 });
    return compiled;
  }

  compile(purpose: Purpose, expression: string): CompiledExpression {
    const compiled = compile(expression, this.#environmentOf(purpose));
    if (!compiled.ok) {
      if (compiled.error.startsWith(INSTANTIATION)) return { ok: false, detail: compiled.error, isInternal: true };
      return { ok: false, detail: `compilation failed: ${compiled.error}`, isInternal: false };
    }
    const { type, program } = compiled;
    const wanted = purpose === 'variable' ? undefined : RETURNS[purpose];
    if (!wanted || wanted.some((one) => types.isExact(type, one))) return { ok: true, type, program };
    const expected = wanted.length === 1 ? String(wanted[0]) : `one of [${wanted.join(' ')}]`;
    return { ok: false, detail: `must evaluate to ${expected} but got ${type}`, isInternal: false };
  }

  #environmentOf(purpose: Purpose): Environment {
    const hasPatchTypes = purpose === 'applyConfiguration' || purpose === 'jsonPatch';
    const hasAuthorizer = purpose !== 'message';
    const key = `${hasPatchTypes} ${hasAuthorizer}`;
    let environment = this.#environments.get(key);
    if (!environment) {
      const composed = this.#variables ? { variables: this.#variables } : {};
      environment = admissionEnvironment({ hasParams: this.#hasParams, hasAuthorizer, hasPatchTypes, ...composed });
      this.#environments.set(key, environment);
    }
    return environment;
  }
}

const SCALARS: ReadonlySet<types.CelType> = new Set([
  types.ANY,
  types.BOOL,
  types.BYTES,
  types.DOUBLE,
  types.DURATION,
  types.INT,
  types.NULL,
  types.STRING,
  types.TIMESTAMP,
  types.UINT,
]);

/** Lists and maps keep what they hold; every other type with parts of its own is dynamic. */
export function fieldType(type: types.CelType): types.CelType {
  if (SCALARS.has(type)) return type;
  const [first, second] = type.params;
  if (type.kind === 'list' && first) return types.list(fieldType(first));
  if (type.kind === 'map' && first && second) return types.map(fieldType(first), fieldType(second));
  return types.DYN;
}
