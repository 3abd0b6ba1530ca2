// Names and values with what is selected from them: fields, keys, indexes, optional ones too.
// Behaviour: cel-go v0.26.0 interpreter/attributes.go, interpretable.go (evalAttr, evalTestOnly and their watchers).
import { indexOrError } from '../values/collections.ts';
import { valueText } from '../values/text.ts';
import type { CelType } from '../values/types.ts';
import {
  CelError,
  type CelValue,
  DynamicObject,
  goTypeName,
  JsonPatchValue,
  ListValue,
  MapValue,
  NONE,
  noSuchOverload,
  Optional,
  Uint,
} from '../values/value.ts';
import type { Activation } from './activation.ts';
import type { Step } from './steps.ts';

/** What is selected: undefined when it is not there. */
type Selected = CelValue | undefined;

export interface Qualifier {
  readonly id: number;
  readonly optional: boolean;
  qualify(activation: Activation, value: CelValue): CelValue;
  qualifyIfPresent(activation: Activation, value: CelValue): Selected;
}

const isKey = (value: CelValue): boolean =>
  ['string', 'bigint', 'boolean', 'number'].includes(typeof value) || value instanceof Uint;

/** The text of the failure when a value cannot select anything. */
export function badQualifier(value: CelValue): string | undefined {
  if (isKey(value)) return undefined;
  if (value instanceof ListValue && value.native) return 'invalid qualifier type: []interface {}';
  if (value instanceof MapValue && value.native) return 'invalid qualifier type: map[string]interface {}';
  return `invalid qualifier type: ${goTypeName(value)}`;
}

function select(value: CelValue, key: CelValue, presence: boolean): Selected {
  if (value instanceof CelError) return value;
  if (value instanceof MapValue) {
    const found = value.find(key);
    return found === undefined && !presence ? missingKey(key) : found;
  }
  if (value instanceof ListValue) {
    const index = indexOrError(key);
    if (index instanceof CelError) return index;
    if (index >= 0 && index < value.size) return value.get(key);
    return presence ? undefined : new CelError(`index out of bounds: ${valueText(key)}`);
  }
  if (value instanceof JsonPatchValue) return patchField(value, key, presence);
  return presence ? undefined : missingKey(key);
}

const missingKey = (key: CelValue): CelError => new CelError(`no such key: ${valueText(key)}`);

function patchField(patch: JsonPatchValue, key: CelValue, presence: boolean): Selected {
  switch (key) {
    case 'op':
    case 'path':
    case 'from':
      return presence && patch[key] === '' ? undefined : patch[key];
    case 'value':
      return presence ? patch.value : (patch.value ?? null);
    default:
      return new CelError(`unsupported ${presence ? 'field' : 'indexer'}: ${valueText(key)}`);
  }
}

export class ConstantQualifier implements Qualifier {
  readonly id: number;
  readonly optional: boolean;
  readonly #key: CelValue;
  readonly #dynamic: boolean;
  constructor(id: number, key: CelValue, optional: boolean, dynamic = false) {
    this.id = id;
    this.#key = key;
    this.optional = optional;
    this.#dynamic = dynamic;
  }
  qualify({ tracker }: Activation, value: CelValue): CelValue {
    const result = this.select(value, false) ?? null;
    if (tracker) tracker.cost++;
    tracker?.done(result, this.id);
    return result;
  }
  qualifyIfPresent({ tracker }: Activation, value: CelValue): Selected {
    const result = this.select(value, true);
    if (result !== undefined && !(result instanceof CelError)) {
      if (tracker) tracker.cost++;
      tracker?.done(result, this.id);
    }
    return result;
  }
  select(value: CelValue, presence: boolean): Selected {
    if (this.#dynamic && value instanceof DynamicObject) {
      const field = value.fields.get(this.#key as string);
      return field === undefined && !presence ? null : field;
    }
    return select(value, this.#key, presence);
  }
}

/** Tells whether the last selected part is there. */
class TestQualifier implements Qualifier {
  readonly id: number;
  readonly optional: boolean;
  readonly #inner: ConstantQualifier;
  constructor(inner: ConstantQualifier) {
    this.id = inner.id;
    this.optional = inner.optional;
    this.#inner = inner;
  }
  qualify({ tracker }: Activation, value: CelValue): CelValue {
    const found = this.#inner.select(value, true);
    const result = found instanceof CelError ? found : found !== undefined;
    if (tracker) tracker.cost++;
    tracker?.done(result, this.id);
    return result;
  }
  qualifyIfPresent({ tracker }: Activation, value: CelValue): Selected {
    const found = this.#inner.select(value, true);
    if (found !== undefined) {
      if (tracker) tracker.cost++;
      tracker?.done(found, this.id);
    }
    return found;
  }
}

/** Selects by what another step yields. */
export class StepQualifier implements Qualifier {
  readonly id: number;
  readonly optional: boolean;
  readonly #key: AttributeStep;
  /** Whether the key is a computed value rather than a path of names: its watcher counts it as an attribute. */
  readonly #relative: boolean;
  constructor(id: number, key: AttributeStep, optional: boolean, relative: boolean) {
    this.id = id;
    this.#key = key;
    this.optional = optional;
    this.#relative = relative;
  }
  #key_(activation: Activation): CelValue {
    const key = this.#key.attribute.resolve(activation);
    if (key instanceof CelError) return key;
    const bad = badQualifier(key);
    return bad === undefined ? key : new CelError(bad);
  }
  #watch({ tracker }: Activation, value: CelValue): void {
    if (!tracker) return;
    if (this.#relative) {
      countAttribute(tracker, this.#key.attribute);
    } else {
      tracker.cost++;
    }
    tracker.done(value, this.id);
  }
  qualify(activation: Activation, value: CelValue): CelValue {
    const key = this.#key_(activation);
    const result = key instanceof CelError ? key : (select(value, key, false) ?? null);
    this.#watch(activation, result);
    return result;
  }
  qualifyIfPresent(activation: Activation, value: CelValue): Selected {
    const key = this.#key_(activation);
    const result = key instanceof CelError ? key : select(value, key, true);
    if (result !== undefined && !(result instanceof CelError)) this.#watch(activation, result);
    return result;
  }
}

export interface Attribute {
  readonly id: number;
  addQualifier(qualifier: Qualifier): void;
  resolve(activation: Activation): CelValue;
}

function countAttribute(tracker: NonNullable<Activation['tracker']>, attribute: Attribute): void {
  if (attribute instanceof Conditional) {
    tracker.drop(attribute.falsy.id, attribute.truthy.id, attribute.condition.id);
  } else {
    tracker.drop(attribute.id);
    tracker.cost++;
  }
}

function applyQualifiers(activation: Activation, start: CelValue, qualifiers: readonly Qualifier[]): CelValue {
  let value: CelValue = start;
  let optional = false;
  if (start instanceof Optional) {
    if (start.value === undefined) return start;
    optional = true;
    value = start.value;
  }
  for (const qualifier of qualifiers) {
    optional ||= qualifier.optional;
    if (optional) {
      const found = qualifier.qualifyIfPresent(activation, value);
      if (found === undefined) return NONE;
      value = found;
    } else {
      value = qualifier.qualify(activation, value);
    }
    if (value instanceof CelError) return value;
  }
  return optional ? new Optional(value) : value;
}

abstract class Qualified implements Attribute {
  readonly #id: number;
  protected readonly qualifiers: Qualifier[] = [];
  constructor(id: number) {
    this.#id = id;
  }
  get id(): number {
    return this.qualifiers.at(-1)?.id ?? this.#id;
  }
  addQualifier(qualifier: Qualifier): void {
    this.qualifiers.push(qualifier);
  }
  abstract resolve(activation: Activation): CelValue;
}

export class Named extends Qualified {
  readonly #name: string;
  readonly #typeValue: CelType | undefined;
  constructor(id: number, name: string, typeValue: CelType | undefined) {
    super(id);
    this.#name = name;
    this.#typeValue = typeValue;
  }
  resolve(activation: Activation): CelValue {
    const value = activation.resolve(this.#name);
    if (value === undefined) {
      if (this.#typeValue !== undefined && this.qualifiers.length === 0) return this.#typeValue;
      return new CelError(`no such attribute(s): ${this.#name}`);
    }
    if (value instanceof CelError) return value;
    return applyQualifiers(activation, value, this.qualifiers);
  }
}

export class Relative extends Qualified {
  readonly #operand: Step;
  constructor(id: number, operand: Step) {
    super(id);
    this.#operand = operand;
  }
  resolve(activation: Activation): CelValue {
    const value = this.#operand.evaluate(activation);
    return value instanceof CelError ? value : applyQualifiers(activation, value, this.qualifiers);
  }
}

export class Conditional implements Attribute {
  readonly #id: number;
  readonly condition: Step;
  readonly truthy: Attribute;
  readonly falsy: Attribute;
  constructor(id: number, condition: Step, truthy: Attribute, falsy: Attribute) {
    this.#id = id;
    this.condition = condition;
    this.truthy = truthy;
    this.falsy = falsy;
  }
  get id(): number {
    return this.truthy.id === this.falsy.id ? this.truthy.id : this.#id;
  }
  addQualifier(qualifier: Qualifier): void {
    this.truthy.addQualifier(qualifier);
    this.falsy.addQualifier(qualifier);
  }
  resolve(activation: Activation): CelValue {
    const value = this.condition.evaluate(activation);
    if (value === true) return this.truthy.resolve(activation);
    if (value === false) return this.falsy.resolve(activation);
    return noSuchOverload(value);
  }
}

/** An attribute as a step. */
export class AttributeStep implements Step {
  readonly attribute: Attribute;
  constructor(attribute: Attribute) {
    this.attribute = attribute;
  }
  get id(): number {
    return this.attribute.id;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.attribute.resolve(activation);
    const { tracker } = activation;
    if (tracker) {
      countAttribute(tracker, this.attribute);
      tracker.done(value, this.id);
    }
    return value;
  }
}

/** has(): an attribute whose last qualifier is only tested. Testing itself is free. */
export class PresenceStep implements Step {
  readonly id: number;
  readonly #attribute: Attribute;
  constructor(id: number, attribute: Attribute, last: ConstantQualifier) {
    this.id = id;
    this.#attribute = attribute;
    attribute.addQualifier(new TestQualifier(last));
  }
  evaluate(activation: Activation): CelValue {
    const resolved = this.#attribute.resolve(activation);
    const value = resolved instanceof Optional ? resolved.value !== undefined : resolved;
    const { tracker } = activation;
    if (tracker) {
      countAttribute(tracker, this.#attribute);
      tracker.cost--;
      tracker.done(value, this.id);
    }
    return value;
  }
}
