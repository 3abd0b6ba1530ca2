// Steps that build a list, a map or a message of what their parts evaluate to.
// Behaviour: cel-go v0.26.0 interpreter/interpretable.go (evalList, evalMap, evalObj).
import { keyOf, PlainList, PlainMap } from '../values/collections.ts';
import { valueText } from '../values/text.ts';
import { CelError, type CelValue, Optional } from '../values/value.ts';
import type { Activation } from './activation.ts';
import type { Step } from './steps.ts';

const LIST_COST = 10;
const MAP_COST = 30;
const STRUCT_COST = 40;

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

interface EntrySteps {
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

interface FieldStep {
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
