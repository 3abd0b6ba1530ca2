// The rules of one place in a schema, compiled: what they may cost, how often they may run, what is wrong with them.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/cel/compilation.go, Kubernetes v1.36.3.
// Differs: expressions are compiled for the newest environment, in whichever Kubernetes version a definition was stored.
import type { ValidationRule } from '../../../schema/generated/types/apiextensions-v1.ts';
import { resolveJsonPath } from '../../apiextensions/custom-resource-definition/json-path.ts';
import type { Environment } from '../../cel/checker/environment.ts';
import { type Compiled, compile, type Program } from '../../cel/compile.ts';
import { typedEnvironment } from '../../cel/environments.ts';
import { type DeclType, declTypeOf } from '../../cel/schema/decl-type.ts';
import type { CelType } from '../../cel/values/types.ts';
import type { StructuralSchema } from '../structural-schema.ts';

export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Why the rule cannot be used. */
  readonly error?: string;
  readonly usesOldSelf: boolean;
  readonly maxCost: bigint;
  /** Absent for an empty rule. */
  readonly program?: Program;
  readonly messageError?: string;
  readonly message?: { readonly program: Program; readonly maxCost: bigint };
  /** Where the rule says that the error is, below the value. */
  readonly fieldPath: string;
}

export type CompiledRules =
  | {
      readonly ok: true;
      readonly rules: readonly CompiledRule[];
      /** How often a value of the type fits into the largest request. */
      readonly maxCardinality: bigint;
    }
  | { readonly ok: false; readonly error: string };

const MAX_REQUEST_BYTES = 3 * 1024 * 1024;
/** Upstream makes up a new name every time. */
const SELF_TYPE = 'selfType';
const OLD_SELF = 'oldSelf';

const known = {
  root: new WeakMap<StructuralSchema, CompiledRules>(),
  inner: new WeakMap<StructuralSchema, CompiledRules>(),
};

/** `declared` is the type of the schema where it is known; `isRoot` for the schema of a whole resource. */
export function compileRules(
  schema: StructuralSchema,
  isRoot: boolean,
  declared = typeOf(schema, isRoot),
): CompiledRules {
  const cache = isRoot ? known.root : known.inner;
  let result = cache.get(schema);
  if (!result) cache.set(schema, (result = compileAll(schema, declared)));
  return result;
}

export function typeOf(schema: StructuralSchema, isRoot: boolean): DeclType | undefined {
  return declTypeOf(schema, isRoot);
}

function compileAll(schema: StructuralSchema, declared: DeclType | undefined): CompiledRules {
  if (!declared) return { ok: false, error: 'failed to convert to declType for CEL validation rules' };
  const environments = new Map<boolean, Environment>();
  const environmentFor = (optionalOldSelf: boolean): Environment => {
    let environment = environments.get(optionalOldSelf);
    if (!environment)
      environments.set(
        optionalOldSelf,
        (environment = typedEnvironment(declared, { typeName: SELF_TYPE, optionalOldSelf })),
      );
    return environment;
  };
  const rules = (schema['x-kubernetes-validations'] ?? []).map((rule) =>
    compileRule(rule, schema, () => environmentFor(rule.optionalOldSelf === true)),
  );
  const maxCardinality = BigInt(Math.floor(MAX_REQUEST_BYTES / (declared.minSerializedSize + 1)));
  return { ok: true, rules, maxCardinality };
}

function compileRule(rule: ValidationRule, schema: StructuralSchema, environment: () => Environment): CompiledRule {
  const nothing = { rule, usesOldSelf: false, maxCost: 0n, fieldPath: '' };
  if (rule.rule.trim() === '') return nothing;
  const compiled = compileTo('bool', rule.rule, environment());
  const usesOldSelf = compiled.names.has(OLD_SELF);
  if ('error' in compiled) return { ...nothing, usesOldSelf, error: ruleError(compiled) };
  const result = { rule, usesOldSelf, maxCost: compiled.maxCost, program: compiled.program, fieldPath: '' };
  const { messageExpression = '', fieldPath = '' } = rule;
  const message = messageExpression === '' ? undefined : compileTo('string', messageExpression, environment());
  if (message && 'error' in message) return { ...result, messageError: messageError(message) };
  return {
    ...result,
    ...(message ? { message: { program: message.program, maxCost: message.maxCost } } : {}),
    ...(fieldPath === '' ? {} : { fieldPath: normalizedPath(fieldPath, schema) }),
  };
}

type Fitting = { readonly names: ReadonlySet<string>; readonly program: Program; readonly maxCost: bigint } | Failure;
interface Failure {
  readonly names: ReadonlySet<string>;
  readonly problem: 'compilation' | 'type' | 'instantiation';
  readonly error: string;
}

function compileTo(kind: CelType['kind'], source: string, environment: Environment): Fitting {
  const compiled: Compiled = compile(source, environment);
  const typed = compiled.ok ? compiled : compiled.unplanned;
  if (!typed) return { names: new Set(), problem: 'compilation', error: compiled.ok ? '' : compiled.error };
  if (typed.type.kind !== kind) return { names: new Set(), problem: 'type', error: '' };
  if (!compiled.ok) return { names: typed.names, problem: 'instantiation', error: compiled.unplanned?.reason ?? '' };
  return { names: typed.names, program: compiled.program, maxCost: compiled.estimatedCost.max };
}

function ruleError({ problem, error }: Failure): string {
  if (problem === 'type') return 'cel expression must evaluate to a bool';
  return problem === 'compilation' ? `compilation failed: ${error}` : `program instantiation failed: ${error}`;
}

function messageError({ problem, error }: Failure): string {
  if (problem === 'type') return 'messageExpression must evaluate to a string';
  return `messageExpression ${problem} failed: ${error}`;
}

function normalizedPath(fieldPath: string, schema: StructuralSchema): string {
  // A structural schema is one of OpenAPI's.
  const resolved = resolveJsonPath(fieldPath, schema as Parameters<typeof resolveJsonPath>[1], {
    allowArrayNotation: true,
  });
  return resolved.ok ? String(resolved.path ?? '') : '';
}
