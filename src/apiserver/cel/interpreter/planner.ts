// Turns a checked expression into steps; parts without variables are evaluated here already.
// Behaviour: cel-go v0.26.0 interpreter/{planner,decorators,optimizations}.go.
import type { Checked, Reference } from '../checker/checked.ts';

import { type Environment, standardIdentifier } from '../checker/environment.ts';
import {
  type FunctionDecl,
  type Implementation,
  matchesArguments,
  noMatch,
  type Overload,
} from '../library/declaration.ts';
import { compilePattern, findEvery, findFirst } from '../library/regex.ts';
import type { CallExpr, Expr } from '../parser/ast.ts';
import { keyOf } from '../values/collections.ts';
import { convert } from '../values/convert.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import { CelError, type CelValue, ListValue, noSuchOverload, textOf, Uint } from '../values/value.ts';
import { NOTHING } from './activation.ts';
import {
  type Attribute,
  AttributeStep,
  badQualifier,
  Conditional,
  ConstantQualifier,
  Named,
  PresenceStep,
  type Qualifier,
  Relative,
  StepQualifier,
} from './attributes.ts';
import { ListStep, MapStep, StructStep } from './composite-steps.ts';
import { Fold } from './fold-step.ts';
import { Call, type CallPlan, Constant, Equality, Logic, Membership, OptionalOr, type Step } from './steps.ts';

/** A program that cannot be made although the expression compiled. */
export class PlanError extends Error {}

const CONVERSIONS = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'dyn',
  'int',
  'string',
  'timestamp',
  'type',
  'uint',
]);
const PATTERN_FUNCTIONS = new Set(['matches', 'find', 'findAll']);

export function plan(checked: Checked, environment: Environment): Step {
  return new Planner(checked, environment).plan(checked.expr);
}

class Planner {
  readonly #types: ReadonlyMap<number, CelType>;
  readonly #references: ReadonlyMap<number, Reference>;
  readonly #environment: Environment;

  constructor(checked: Checked, environment: Environment) {
    this.#types = checked.types;
    this.#references = checked.references;
    this.#environment = environment;
  }

  plan(expr: Expr): Step {
    switch (expr.kind) {
      case 'literal':
        return new Constant(expr.id, expr.value);
      case 'ident':
        return this.#name(expr.id, this.#references.get(expr.id)?.name ?? expr.name);
      case 'select': {
        const name = this.#references.get(expr.id)?.name;
        return name === undefined ? this.#select(expr) : this.#name(expr.id, name);
      }
      case 'call':
        return this.#call(expr);
      case 'list':
        return folded(
          new ListStep(
            expr.id,
            expr.elements.map((part) => this.plan(part)),
            expr.optionals,
          ),
        );
      case 'map':
        return foldedMap(
          new MapStep(
            expr.id,
            expr.entries.map((entry) => ({
              key: this.plan(entry.key),
              value: this.plan(entry.value),
              optional: entry.optional,
            })),
          ),
        );
      case 'struct': {
        const typeName = this.#references.get(expr.id)?.name ?? expr.typeName;
        const create = this.#environment.structType(typeName)?.create;
        const fields = expr.fields.map((field) => ({
          name: field.name,
          value: this.plan(field.value),
          optional: field.optional,
        }));
        return new StructStep(expr.id, fields, create ?? (() => new CelError(`unknown type '${typeName}'`)));
      }
      case 'comprehension':
        return new Fold({
          ...expr,
          accuInit: this.plan(expr.accuInit),
          range: this.plan(expr.range),
          condition: this.plan(expr.condition),
          step: this.plan(expr.step),
          result: this.plan(expr.result),
        });
      default:
        throw new PlanError('unsupported expr');
    }
  }

  #name(id: number, name: string): Step {
    const type = this.#types.get(id);
    const value = standardIdentifier(name)?.params[0];
    if (type?.kind === 'type' && !this.#environment.variables.has(name)) {
      if (value === undefined) throw new PlanError(`reference to undefined type: ${name}`);
      return new Constant(id, value);
    }
    return new AttributeStep(new Named(id, name, value));
  }

  /** The attribute of a step, so that something can be selected from it. */
  #attribute(step: Step): Attribute {
    return step instanceof AttributeStep ? step.attribute : new Relative(step.id, step);
  }

  #constantQualifier(operand: CelType | undefined, id: number, key: CelValue, optional: boolean): ConstantQualifier {
    const dynamic = operand?.kind === 'struct' && this.#environment.structType(operand.name)?.dynamic === true;
    return new ConstantQualifier(id, key, optional, dynamic);
  }

  #select(expr: Expr & { kind: 'select' }): Step {
    const attribute = this.#attribute(this.plan(expr.operand));
    const qualifier = this.#constantQualifier(this.#types.get(expr.operand.id), expr.id, expr.field, false);
    if (expr.testOnly) return new PresenceStep(expr.id, attribute, qualifier);
    attribute.addQualifier(qualifier);
    return new AttributeStep(attribute);
  }

  #index(expr: CallExpr, args: readonly Step[], optional: boolean): Step {
    const [operand, index] = args as readonly [Step, Step];
    const attribute = this.#attribute(operand);
    attribute.addQualifier(this.#indexQualifier(expr, index, optional));
    return new AttributeStep(attribute);
  }

  #indexQualifier(expr: CallExpr, index: Step, optional: boolean): Qualifier {
    if (index instanceof Constant) {
      const bad = badQualifier(index.value);
      if (bad !== undefined) throw new PlanError(bad);
      return this.#constantQualifier(this.#types.get((expr.args[0] as Expr).id), expr.id, index.value, optional);
    }
    if (index instanceof AttributeStep) return new StepQualifier(expr.id, index, optional, false);
    return new StepQualifier(expr.id, new AttributeStep(new Relative(expr.id, index)), optional, true);
  }

  #call(expr: CallExpr): Step {
    const reference = this.#references.get(expr.id);
    const name = reference?.function ?? expr.name;
    const target = reference?.member === false ? undefined : expr.target;
    const args = (target === undefined ? expr.args : [target, ...expr.args]).map((arg) => this.plan(arg));
    const [first, second, third] = args as [Step, Step, Step];
    switch (name) {
      case '_&&_':
        return new Logic(expr.id, false, args);
      case '_||_':
        return new Logic(expr.id, true, args);
      case '_?_:_':
        return new AttributeStep(new Conditional(expr.id, first, this.#branch(second), this.#branch(third)));
      case '_==_':
      case '_!=_':
        return new Equality(expr.id, name === '_!=_', first, second);
      case '_[_]':
        return this.#index(expr, args, false);
      case '_?._':
      case '_[?_]':
        return this.#index(expr, args, true);
      default:
        break;
    }
    const overload = reference?.overloads?.length === 1 ? (reference.overloads[0] ?? '') : '';
    if (args.length === 2 && (name === 'or' || name === 'orValue'))
      return new OptionalOr(expr.id, name === 'orValue', first, second);
    return this.#optimize(this.#callPlan(expr.id, name, overload, args));
  }

  #branch(step: Step): Attribute {
    return step instanceof AttributeStep ? step.attribute : new Relative(step.id, step);
  }

  #callPlan(id: number, name: string, overloadId: string, args: readonly Step[]): CallPlan {
    const decl = this.#environment.functions.get(name);
    const base = { id, name, overload: overloadId, args };
    if (decl?.singleton) {
      return {
        ...base,
        call: decl.singleton.call,
        trait: decl.singleton.trait,
        nonStrict: false,
        variadic: args.length > 2,
      };
    }
    const bound = decl?.overloads.filter((candidate) => candidate.call !== undefined) ?? [];
    const only = bound.find((candidate) => candidate.id === overloadId) ?? (bound.length === 1 ? bound[0] : undefined);
    if (decl === undefined || bound.length === 0) {
      return { ...base, call: undefined, trait: undefined, nonStrict: false, variadic: args.length > 2 };
    }
    if (only !== undefined) {
      return {
        ...base,
        call: guarded(decl, only),
        trait: undefined,
        nonStrict: only.nonStrict,
        variadic: only.variadic || args.length > 2,
      };
    }
    return {
      ...base,
      call: dispatch(decl, bound),
      trait: undefined,
      nonStrict: bound.some((candidate) => candidate.nonStrict),
      variadic: true,
    };
  }

  #optimize(call: CallPlan): Step {
    const [first, second] = call.args;
    if (call.overload === 'in_list' && second instanceof Constant && first !== undefined) {
      return membership(call, first, second.value) ?? new Call(call);
    }
    if (CONVERSIONS.has(call.name) && call.args.length === 1 && first instanceof Constant) {
      const value = new Call(call).evaluate(NOTHING);
      if (value instanceof CelError) throw new PlanError(value.message);
      return new Constant(call.id, value);
    }
    if (PATTERN_FUNCTIONS.has(call.name) && second instanceof Constant && typeof second.value === 'string') {
      return new Call(withPattern(call, second.value));
    }
    return new Call(call);
  }
}

function guarded(decl: FunctionDecl, overload: Overload): Implementation {
  return (...args) =>
    matchesArguments(decl, overload, args) ? (overload.call as Implementation)(...args) : noMatch(decl.name, args);
}

function dispatch(decl: FunctionDecl, overloads: readonly Overload[]): Implementation {
  return (...args) => {
    const found = overloads.find((overload) => matchesArguments(decl, overload, args));
    return found?.call === undefined ? noMatch(decl.name, args) : found.call(...args);
  };
}

function folded(step: ListStep): Step {
  return step.elements.every((element) => element instanceof Constant)
    ? new Constant(step.id, step.evaluate(NOTHING))
    : step;
}

function foldedMap(step: MapStep): Step {
  const constant = step.entries.every(({ key, value }) => key instanceof Constant && value instanceof Constant);
  return constant ? new Constant(step.id, step.evaluate(NOTHING)) : step;
}

/** A set for in, when every element of the list is a simple value. */
function membership(call: CallPlan, value: Step, list: CelValue): Step | undefined {
  if (!(list instanceof ListValue)) return undefined;
  if (list.size === 0) return new Constant(call.id, false);
  const keys = new Set<string>();
  const add = (key: CelValue): void => {
    const text = key instanceof CelError ? undefined : keyOf(key);
    if (text !== undefined) keys.add(text);
  };
  for (const element of list) {
    const simple = ['string', 'bigint', 'number', 'boolean'].includes(typeof element) || element instanceof Uint;
    if (!simple) return undefined;
    add(element);
    if (typeof element === 'number') {
      if (Number.isInteger(element)) for (const type of [types.INT, types.UINT]) add(convert(element, type));
    } else if (typeof element === 'bigint') {
      for (const type of [types.DOUBLE, types.UINT]) add(convert(element, type));
    } else if (element instanceof Uint) {
      for (const type of [types.DOUBLE, types.INT]) add(convert(element, type));
    }
  }
  return new Membership(call.id, value, keys);
}

/** The pattern is compiled once, while the program is made. */
function withPattern(call: CallPlan, source: string): CallPlan {
  const compiled = compilePattern(source);
  if (!compiled.ok) throw new PlanError(compiled.error);
  const { pattern } = compiled;
  const run: Implementation = (...args) => {
    const [value, , limit] = args as [CelValue, CelValue, CelValue?];
    const text = textOf(value);
    if (text === undefined) return noSuchOverload(call.name === 'matches' ? undefined : value);
    if (call.name === 'matches') return pattern.matcher(text).find();
    if (call.name === 'find') return findFirst(pattern, text);
    if (limit === undefined) return findEvery(pattern, text, -1n);
    return typeof limit === 'bigint' ? findEvery(pattern, text, limit) : noSuchOverload(limit);
  };
  return { ...call, call: run, trait: undefined, nonStrict: false, variadic: true };
}
