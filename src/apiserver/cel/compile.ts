// The one entry to CEL: compiles an expression in an environment and evaluates the program within a cost limit.
// Behaviour: cel-go v0.26.0 cel/{env,program}.go; k8s.io/apiserver pkg/cel/environment, Kubernetes v1.36.3.
import type { Checked } from './checker/checked.ts';
import { check } from './checker/checker.ts';
import type { Range } from './checker/cost-range.ts';
import type { Environment } from './checker/environment.ts';
import { estimate } from './checker/estimate.ts';
import { validate } from './checker/validators.ts';
import { CostTracker } from './interpreter/cost-tracker.ts';
import { PlanError, plan } from './interpreter/planner.ts';
import type { Step } from './interpreter/steps.ts';
import { parse } from './parser/parser.ts';
import * as types from './values/types.ts';
import { Abort, CelError, type CelValue } from './values/value.ts';

/** The limit that Kubernetes sets for one expression. */
export const PER_CALL_LIMIT = 1_000_000;
const INSTANTIATION = 'program instantiation failed: ';

type Evaluated =
  | { readonly ok: true; readonly value: CelValue; readonly cost: number }
  | { readonly ok: false; readonly error: string; readonly cost: number };

export interface Program {
  evaluate(variables: ReadonlyMap<string, CelValue>, costLimit?: number): Evaluated;
}

export type Compiled =
  | {
      readonly ok: true;
      readonly type: types.CelType;
      readonly estimatedCost: Range;
      /** The variables that the expression names. */
      readonly names: ReadonlySet<string>;
      readonly program: Program;
    }
  | {
      readonly ok: false;
      readonly error: string;
      /** The expression itself is right, but no program can be made of it. */
      readonly unplanned?: {
        readonly type: types.CelType;
        readonly names: ReadonlySet<string>;
        readonly reason: string;
      };
    };

export function compile(source: string, environment: Environment): Compiled {
  const parsed = parse(source, environment.macros);
  if (parsed.issues.count > 0) return { ok: false, error: parsed.issues.toString() };
  const checked = check(parsed.expr, environment, parsed.builder, parsed.issues);
  if (parsed.issues.count === 0) validate(checked, parsed.builder, parsed.issues);
  if (parsed.issues.count > 0) return { ok: false, error: parsed.issues.toString() };
  const type = checked.types.get(checked.expr.id) ?? types.DYN;
  const names = new Set([...checked.references.values()].flatMap(({ name }) => name ?? []));
  const step = planned(checked, environment);
  if (typeof step === 'string')
    return { ok: false, error: INSTANTIATION + step, unplanned: { type, names, reason: step } };
  return {
    ok: true,
    type,
    names,
    estimatedCost: estimate(checked, environment.sizes),
    program: { evaluate: (variables, costLimit) => evaluate(step, variables, costLimit) },
  };
}

function planned(checked: Checked, environment: Environment): Step | string {
  try {
    return plan(checked, environment);
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
}

function evaluate(step: Step, variables: ReadonlyMap<string, CelValue>, limit = PER_CALL_LIMIT): Evaluated {
  const tracker = new CostTracker(limit);
  try {
    const value = step.evaluate({ tracker, resolve: (name) => variables.get(name) });
    if (value instanceof CelError) return { ok: false, error: value.message, cost: tracker.cost };
    return { ok: true, value, cost: tracker.cost };
  } catch (error) {
    if (!(error instanceof Abort)) throw error;
    return { ok: false, error: error.message, cost: tracker.cost };
  }
}
