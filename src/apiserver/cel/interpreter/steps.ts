// The steps of a program: each evaluates to a value and tells the cost tracker so.
// Behaviour: cel-go v0.26.0 interpreter/interpretable.go, cel/library.go (optional or).
import type { Implementation } from '../library/declaration.ts';
import { equal, keyOf } from '../values/collections.ts';
import { Abort, CelError, type CelValue, hasTrait, noSuchOverload, Optional, type Trait } from '../values/value.ts';
import type { Activation } from './activation.ts';

export interface Step {
  readonly id: number;
  evaluate(activation: Activation): CelValue;
}

export class Constant implements Step {
  readonly id: number;
  readonly value: CelValue;
  constructor(id: number, value: CelValue) {
    this.id = id;
    this.value = value;
  }
  evaluate({ tracker }: Activation): CelValue {
    tracker?.done(this.value, this.id);
    return this.value;
  }
}

/** && and ||: an error only counts when no other term decides. */
export class Logic implements Step {
  readonly id: number;
  readonly #decisive: boolean;
  readonly #terms: readonly Step[];
  constructor(id: number, decisive: boolean, terms: readonly Step[]) {
    this.id = id;
    this.#decisive = decisive;
    this.#terms = terms;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.#value(activation);
    const { tracker } = activation;
    if (tracker) {
      for (const term of this.#terms) tracker.drop(term.id);
      tracker.done(value, this.id);
    }
    return value;
  }
  #value(activation: Activation): CelValue {
    let error: CelError | undefined;
    for (const term of this.#terms) {
      const value = term.evaluate(activation);
      if (value === this.#decisive) return value;
      if (typeof value !== 'boolean') error ??= noSuchOverload(value);
    }
    return error ?? !this.#decisive;
  }
}

export interface CallPlan {
  readonly id: number;
  readonly name: string;
  readonly overload: string;
  readonly args: readonly Step[];
  readonly call: Implementation | undefined;
  readonly trait: Trait | undefined;
  readonly nonStrict: boolean;
  /** Whether evaluation stops at the first argument that fails. */
  readonly variadic: boolean;
}

export class Call implements Step {
  readonly plan: CallPlan;
  constructor(plan: CallPlan) {
    this.plan = plan;
  }
  get id(): number {
    return this.plan.id;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.#value(activation);
    const { tracker } = activation;
    if (tracker) {
      const { name, overload, args, id } = this.plan;
      tracker.call(
        name,
        overload,
        args.map((arg) => arg.id),
        value,
      );
      tracker.done(value, id);
    }
    return value;
  }
  #value(activation: Activation): CelValue {
    const { args, nonStrict, variadic } = this.plan;
    const values: CelValue[] = [];
    for (const arg of args) {
      const value = arg.evaluate(activation);
      if (variadic && !nonStrict && value instanceof CelError) return value;
      values.push(value);
    }
    if (!nonStrict) {
      const error = values.find((value) => value instanceof CelError);
      if (error !== undefined) return error;
    }
    return this.#apply(values);
  }
  #apply(values: readonly CelValue[]): CelValue {
    const { call, trait, nonStrict, name, variadic, id } = this.plan;
    const [first] = values as readonly [CelValue];
    const fits = trait === undefined || (nonStrict && first instanceof CelError) || hasTrait(first, trait);
    if (call !== undefined && fits) return call(...values);
    if (hasTrait(first, 'receive')) return noSuchOverload();
    return new CelError(`no such overload: ${name}${variadic ? ` ${id}` : ''}`);
  }
}

export class Equality implements Step {
  readonly id: number;
  readonly #negated: boolean;
  readonly #left: Step;
  readonly #right: Step;
  constructor(id: number, negated: boolean, left: Step, right: Step) {
    this.id = id;
    this.#negated = negated;
    this.#left = left;
    this.#right = right;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.#value(activation);
    const { tracker } = activation;
    if (tracker) {
      const name = this.#negated ? '_!=_' : '_==_';
      tracker.call(name, this.#negated ? 'not_equals' : 'equals', [this.#left.id, this.#right.id], value);
      tracker.done(value, this.id);
    }
    return value;
  }
  #value(activation: Activation): CelValue {
    const left = this.#left.evaluate(activation);
    const right = this.#right.evaluate(activation);
    if (left instanceof CelError) return left;
    if (right instanceof CelError) return right;
    const result = equal(left, right);
    return this.#negated ? result !== true : result;
  }
}

/** in over a list that is known from the start. */
export class Membership implements Step {
  readonly id: number;
  readonly #value: Step;
  readonly #keys: ReadonlySet<string>;
  constructor(id: number, value: Step, keys: ReadonlySet<string>) {
    this.id = id;
    this.#value = value;
    this.#keys = keys;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.#value.evaluate(activation);
    if (value instanceof Uint8Array) {
      throw new Abort('internal error: runtime error: hash of unhashable type types.Bytes');
    }
    const key = keyOf(value);
    const result = value instanceof CelError ? value : key !== undefined && this.#keys.has(key);
    activation.tracker?.done(result, this.id);
    return result;
  }
}

export class OptionalOr implements Step {
  readonly id: number;
  readonly #unwrap: boolean;
  readonly #left: Step;
  readonly #right: Step;
  constructor(id: number, unwrap: boolean, left: Step, right: Step) {
    this.id = id;
    this.#unwrap = unwrap;
    this.#left = left;
    this.#right = right;
  }
  evaluate(activation: Activation): CelValue {
    const left = this.#left.evaluate(activation);
    let value: CelValue = left;
    if (left instanceof Optional) {
      if (left.value === undefined) value = this.#right.evaluate(activation);
      else if (this.#unwrap) value = left.value;
    }
    activation.tracker?.done(value, this.id);
    return value;
  }
}
