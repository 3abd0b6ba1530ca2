// The steps of a program: each evaluates to a value and tells the cost tracker so.
// Behaviour: cel-go v0.26.0 interpreter/interpretable.go, cel/library.go (optional or).
import type { Implementation } from '../library/declaration.ts';
import { equal, keyOf, PlainList, PlainMap } from '../values/collections.ts';
import { valueText } from '../values/text.ts';
import {
  Abort,
  CelError,
  type CelValue,
  goTypeName,
  hasTrait,
  ListValue,
  MapValue,
  noSuchOverload,
  Optional,
  type Trait,
} from '../values/value.ts';
import type { Activation } from './activation.ts';

const LIST_COST = 10;
const MAP_COST = 30;
const STRUCT_COST = 40;

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
  // Whether evaluation stops at the first argument that fails.
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

export class ListStep implements Step {
  readonly id: number;
  readonly elements: readonly Step[];
  readonly #optionals: ReadonlySet<number>;
  constructor(id: number, elements: readonly Step[], optionals: ReadonlySet<number>) {
    this.id = id;
    this.elements = elements;
    this.#optionals = optionals;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.#value(activation);
    built(activation, this.id, this.elements, LIST_COST, value);
    return value;
  }
  #value(activation: Activation): CelValue {
    const items: CelValue[] = [];
    for (const [index, element] of this.elements.entries()) {
      const value = element.evaluate(activation);
      if (value instanceof CelError) return value;
      if (!this.#optionals.has(index)) {
        items.push(value);
      } else if (!(value instanceof Optional)) {
        return new CelError(`cannot initialize optional list element from non-optional value ${valueText(value)}`);
      } else if (value.value !== undefined) {
        items.push(value.value);
      }
    }
    return new PlainList(items);
  }
}

function built(activation: Activation, id: number, parts: readonly Step[], cost: number, value: CelValue): void {
  const { tracker } = activation;
  if (!tracker) return;
  tracker.dropArguments(parts.map((part) => part.id));
  tracker.cost += cost;
  tracker.done(value, id);
}

export interface EntrySteps {
  readonly key: Step;
  readonly value: Step;
  readonly optional: boolean;
}

export class MapStep implements Step {
  readonly id: number;
  readonly entries: readonly EntrySteps[];
  constructor(id: number, entries: readonly EntrySteps[]) {
    this.id = id;
    this.entries = entries;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.#value(activation);
    built(
      activation,
      this.id,
      this.entries.flatMap((entry) => [entry.key, entry.value]),
      MAP_COST,
      value,
    );
    return value;
  }
  #value(activation: Activation): CelValue {
    const entries = new Map<string, readonly [CelValue, CelValue]>();
    for (const entry of this.entries) {
      const key = entry.key.evaluate(activation);
      if (key instanceof CelError) return key;
      let value = entry.value.evaluate(activation);
      if (value instanceof CelError) return value;
      const name = keyOf(key) ?? `?${entries.size}`;
      if (entry.optional) {
        if (!(value instanceof Optional)) return notOptional(valueText(key), value);
        if (value.value === undefined) {
          entries.delete(name);
          continue;
        }
        value = value.value;
      }
      entries.set(name, [key, value]);
    }
    return new PlainMap(entries.values());
  }
}

function notOptional(name: string, value: CelValue): CelError {
  return new CelError(`cannot initialize optional entry '${name}' from non-optional value ${valueText(value)}`);
}

export interface FieldStep {
  readonly name: string;
  readonly value: Step;
  readonly optional: boolean;
}

export class StructStep implements Step {
  readonly id: number;
  readonly #fields: readonly FieldStep[];
  readonly #create: (fields: ReadonlyMap<string, CelValue>) => CelValue;
  constructor(id: number, fields: readonly FieldStep[], create: (fields: ReadonlyMap<string, CelValue>) => CelValue) {
    this.id = id;
    this.#fields = fields;
    this.#create = create;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.#value(activation);
    built(
      activation,
      this.id,
      this.#fields.map((field) => field.value),
      STRUCT_COST,
      value,
    );
    return value;
  }
  #value(activation: Activation): CelValue {
    const fields = new Map<string, CelValue>();
    for (const { name, value: step, optional } of this.#fields) {
      const value = step.evaluate(activation);
      if (value instanceof CelError) return value;
      if (!optional) {
        fields.set(name, value);
      } else if (!(value instanceof Optional)) {
        return notOptional(name, value);
      } else if (value.value === undefined) {
        fields.delete(name);
      } else {
        fields.set(name, value.value);
      }
    }
    return this.#create(fields);
  }
}

/** or and orValue, which read their second argument only when the first has no value. */
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

export interface FoldPlan {
  readonly id: number;
  readonly range: Step;
  readonly iterVar: string;
  readonly iterVar2: string;
  readonly accuVar: string;
  readonly accuInit: Step;
  readonly condition: Step;
  readonly step: Step;
  readonly result: Step;
}

export class Fold implements Step {
  readonly plan: FoldPlan;
  constructor(plan: FoldPlan) {
    this.plan = plan;
  }
  get id(): number {
    return this.plan.id;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.#value(activation);
    const { tracker } = activation;
    if (tracker) {
      tracker.drop(this.plan.range.id);
      tracker.done(value, this.id);
    }
    return value;
  }
  #value(activation: Activation): CelValue {
    const range = this.plan.range.evaluate(activation);
    if (range instanceof CelError) return range;
    const folder = new Folder(this.plan, activation);
    if (this.plan.iterVar2 !== '') {
      if (range instanceof MapValue) {
        for (const key of range.keys()) if (!folder.next(key, range.find(key) ?? null)) break;
      } else if (range instanceof ListValue) {
        for (let i = 0; i < range.size; i++) if (!folder.next(BigInt(i), range.at(i))) break;
      } else {
        return new CelError(`unsupported comprehension range type: ${goTypeName(range)}`);
      }
      return folder.finish();
    }
    if (!(range instanceof ListValue || range instanceof MapValue)) {
      return new CelError(`got '${goTypeName(range)}', expected iterable type`);
    }
    const values = range instanceof ListValue ? range : range.keys();
    for (const value of values) if (!folder.next(value, null)) break;
    return folder.finish();
  }
}

class Folder implements Activation {
  readonly tracker;
  readonly #plan: FoldPlan;
  readonly #outer: Activation;
  #accu: CelValue = null;
  #started = false;
  #finishing = false;
  #first: CelValue = null;
  #second: CelValue = null;

  constructor(plan: FoldPlan, outer: Activation) {
    this.#plan = plan;
    this.#outer = outer;
    this.tracker = outer.tracker;
  }

  next(first: CelValue, second: CelValue): boolean {
    this.#first = first;
    this.#second = second;
    const condition = this.#plan.condition.evaluate(this);
    if (typeof condition === 'boolean' && !condition) return false;
    this.#accu = this.#plan.step.evaluate(this);
    this.#started = true;
    return true;
  }

  finish(): CelValue {
    this.#finishing = true;
    const result = this.#plan.result.evaluate(this);
    if (result instanceof PlainList || result instanceof PlainMap) result.mutable = false;
    return result;
  }

  resolve(name: string): CelValue | undefined {
    if (name === this.#plan.accuVar) {
      if (!this.#started) {
        this.#started = true;
        this.#accu = growing(this.#plan.accuInit.evaluate(this.#outer));
      }
      return this.#accu;
    }
    if (!this.#finishing) {
      if (name === this.#plan.iterVar) return this.#first;
      if (name === this.#plan.iterVar2 && name !== '') return this.#second;
    }
    return this.#outer.resolve(name);
  }
}

/** An empty list or map as one that grows in place. */
function growing(value: CelValue): CelValue {
  if (value instanceof ListValue && value.size === 0) {
    const list = new PlainList([]);
    list.mutable = true;
    return list;
  }
  if (value instanceof MapValue && value.size === 0) {
    const map = new PlainMap([]);
    map.mutable = true;
    return map;
  }
  return value;
}
