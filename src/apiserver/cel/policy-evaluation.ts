// Evaluates the compiled expressions of a policy one after the other within a common budget; variables are evaluated when an
// expression first asks for them, and what they cost is charged as well.
// Behaviour: [apiserver]/pkg/admission/plugin/cel/{activation,condition,composition}.go, [apiserver]/pkg/cel/lazy/lazy.go,
// Kubernetes v1.36.3.
import type { CompiledExpression } from './policy-compiler.ts';
import { CelError, type CelValue, MapValue } from './values/value.ts';

/** What all expressions of a policy may cost together. */
export const COST_BUDGET = 10_000_000;
export const MATCH_CONDITIONS_BUDGET = 2_500_000;

const OUT_OF_BUDGET = 'validation failed due to running out of cost budget, no further validation rules will be run';

/** An expression as it was written, and what became of it. */
export interface PolicyExpression {
  readonly text: string;
  readonly compiled: CompiledExpression;
}

export type Outcome = { readonly value: CelValue } | { readonly error: string };

/** The outcomes in order, or why none of them counts: the budget is spent. */
export type Evaluated =
  | { readonly ok: true; readonly outcomes: readonly (Outcome | undefined)[]; readonly remaining: number }
  | { readonly ok: false; readonly error: string };

export type PolicyVariables = ReadonlyMap<string, CompiledExpression>;

/** `variables` is undefined where expressions know none. An expression that is undefined only keeps its place. */
export function evaluateAll(
  expressions: readonly (PolicyExpression | undefined)[],
  bindings: ReadonlyMap<string, CelValue>,
  variables: PolicyVariables | undefined,
  budget: number,
): Evaluated {
  const lazy = variables && new LazyVariables(variables);
  const bound = lazy ? new Map([...bindings, ['variables', lazy as CelValue] as const]) : bindings;
  if (lazy) lazy.bindings = bound;
  const outcomes: (Outcome | undefined)[] = [];
  let remaining = budget;
  for (const expression of expressions) {
    if (!expression) {
      outcomes.push(undefined);
      continue;
    }
    const { compiled, text } = expression;
    if (!compiled.ok) {
      outcomes.push({ error: `compilation error: ${compiled.detail}` });
      continue;
    }
    const result = compiled.program.evaluate(bound);
    remaining -= lazy?.takeCost() ?? 0;
    if (remaining >= 0) remaining -= result.cost;
    if (remaining < 0) return { ok: false, error: OUT_OF_BUDGET };
    outcomes.push(
      result.ok ? { value: result.value } : { error: `expression '${text}' resulted in error: ${result.error}` },
    );
  }
  return { ok: true, outcomes, remaining };
}

/** The value of `variables`: each is evaluated once, when it is first asked for. */
class LazyVariables extends MapValue {
  readonly goName = '*lazy.MapValue';
  bindings: ReadonlyMap<string, CelValue> = new Map();
  readonly #variables: PolicyVariables;
  readonly #values = new Map<string, CelValue>();
  #cost = 0;

  constructor(variables: PolicyVariables) {
    super();
    this.#variables = variables;
  }

  get size(): number {
    return this.#variables.size;
  }

  keys(): readonly CelValue[] {
    return [...this.#variables.keys()];
  }

  find(key: CelValue): CelValue | undefined {
    if (typeof key !== 'string') return new CelError('no such overload');
    const compiled = this.#variables.get(key);
    if (!compiled) return undefined;
    let value = this.#values.get(key);
    if (value === undefined) this.#values.set(key, (value = this.#evaluate(key, compiled)));
    return value;
  }

  equals(other: CelValue): boolean {
    return this === other;
  }

  /** What variables have cost since this was last asked. */
  takeCost(): number {
    const cost = this.#cost;
    this.#cost = 0;
    return cost;
  }

  #evaluate(name: string, compiled: CompiledExpression): CelValue {
    if (!compiled.ok) return new CelError(`composited variable "${name}" fails to compile: ${compiled.detail}`);
    const result = compiled.program.evaluate(this.bindings);
    this.#cost += result.cost;
    return result.ok ? result.value : new CelError(`composited variable "${name}" fails to evaluate: ${result.error}`);
  }
}
