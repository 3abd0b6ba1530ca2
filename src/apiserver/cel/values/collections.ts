// Lists and maps of values, made by expressions or read from data, and equality of any two values.
// Behaviour: cel-go v0.26.0 common/types/{list,map,util,compare}.go.
import { isMap } from '../../../apimachinery/json.ts';
import { compareNumbers } from './numbers.ts';
import { valueText } from './text.ts';
import { CelType } from './types.ts';
import {
  CelError,
  type CelValue,
  Duration,
  DynamicObject,
  JsonPatchValue,
  KubernetesValue,
  ListValue,
  MapValue,
  Optional,
  Timestamp,
  typeOfValue,
  Uint,
  UnknownValue,
} from './value.ts';

export class PlainList extends ListValue {
  readonly items: CelValue[];
  override readonly native: boolean;
  readonly goName = '*types.baseList';
  /** Whether add changes this very list, as the accumulator of a comprehension does. */
  mutable = false;

  constructor(items: CelValue[], native = false) {
    super();
    this.items = items;
    this.native = native;
  }

  get size(): number {
    return this.items.length;
  }
  at(index: number): CelValue {
    return this.items[index] as CelValue;
  }
  add(other: ListValue): CelValue {
    if (this.mutable) {
      for (const item of other) this.items.push(item);
      return this;
    }
    if (this.size === 0) return other;
    if (other.size === 0) return this;
    return new PlainList([...this.items, ...other]);
  }
  equals(other: CelValue): boolean | CelError {
    if (!(other instanceof ListValue) || other.size !== this.size) return false;
    for (let i = 0; i < this.size; i++) if (equal(this.at(i), other.at(i)) === false) return false;
    return true;
  }
  contains(value: CelValue): boolean | CelError {
    return this.items.some((item) => equalMethod(value, item) === true);
  }
  get(index: CelValue): CelValue {
    const at = indexOrError(index);
    if (at instanceof CelError) return at;
    if (at < 0 || at >= this.size) return new CelError(`index '${at}' out of range in list size '${this.size}'`);
    return this.at(at);
  }
}

export function indexOrError(index: CelValue): number | CelError {
  if (typeof index === 'bigint') return Number(index);
  if (typeof index === 'number') {
    return Number.isInteger(index) ? index : new CelError(`unsupported index value ${valueText(index)} in list`);
  }
  if (index instanceof Uint) {
    return index.value < 1n << 63n
      ? Number(index.value)
      : new CelError(`unsupported index value ${valueText(index)} in list`);
  }
  return index instanceof CelError ? index : new CelError(`unsupported index type '${typeOfValue(index)}' in list`);
}

/** What tells keys apart: their type and value. */
export function keyOf(key: CelValue): string | undefined {
  switch (typeof key) {
    case 'string':
      return `s${key}`;
    case 'bigint':
      return `i${key}`;
    case 'number':
      return Number.isNaN(key) ? undefined : `d${key === 0 ? 0 : key}`;
    case 'boolean':
      return `b${key}`;
    default:
      if (key instanceof Uint) return `u${key.value}`;
      if (key instanceof Timestamp) return `t${key.nanos}`;
      if (key instanceof Duration) return `D${key.nanos}`;
      if (key === null) return 'n';
      return undefined;
  }
}

/** The ways in which another number type could write the same key. */
function numericKeys(key: CelValue): readonly string[] {
  if (typeof key === 'number' && Number.isInteger(key)) return [`i${BigInt(key)}`, `u${BigInt(key)}`];
  if (typeof key === 'bigint') return [`u${key}`];
  if (key instanceof Uint) return [`i${key.value}`];
  return [];
}

export class PlainMap extends MapValue {
  readonly #entries: Map<string, readonly [CelValue, CelValue]>;
  override readonly native: boolean;
  readonly goName = '*types.baseMap';
  mutable = false;

  constructor(entries: Iterable<readonly [CelValue, CelValue]>, native = false) {
    super();
    this.#entries = new Map();
    this.native = native;
    let unkeyed = 0;
    for (const entry of entries) this.#entries.set(keyOf(entry[0]) ?? `?${unkeyed++}`, entry);
  }

  get size(): number {
    return this.#entries.size;
  }
  keys(): readonly CelValue[] {
    return [...this.#entries.values()].map(([key]) => key);
  }
  entries(): readonly (readonly [CelValue, CelValue])[] {
    return [...this.#entries.values()];
  }
  find(key: CelValue): CelValue | undefined {
    const own = keyOf(key);
    const found = own === undefined ? undefined : this.#entries.get(own);
    if (found !== undefined) return found[1];
    if (own === undefined) return this.entries().find((entry) => entry[0] === key)?.[1];
    for (const other of numericKeys(key)) {
      const entry = this.#entries.get(other);
      if (entry !== undefined) return entry[1];
    }
    return undefined;
  }
  insert(key: CelValue, value: CelValue): CelValue {
    if (this.find(key) !== undefined) return new CelError(`insert failed: key ${valueText(key)} already exists`);
    const target = this.mutable ? this : new PlainMap(this.entries());
    target.#entries.set(keyOf(key) ?? `?${target.size}`, [key, value]);
    return target;
  }
  equals(other: CelValue): boolean | CelError {
    if (!(other instanceof MapValue) || other.size !== this.size) return false;
    for (const [key, value] of this.#entries.values()) {
      const theirs = other.find(key);
      if (theirs === undefined || equal(value, theirs) === false) return false;
    }
    return true;
  }
}

/** The == of CEL: null only equals null. */
export function equal(a: CelValue, b: CelValue): boolean | CelError {
  if (a === null || b === null) return a === b;
  return equalMethod(a, b);
}

/** Equality as the left value's type defines it. */
export function equalMethod(a: CelValue, b: CelValue): boolean | CelError {
  if (a instanceof CelError) return a;
  switch (typeof a) {
    case 'string':
    case 'boolean':
      return a === b;
    case 'bigint':
    case 'number':
      return numbersEqual(a, b);
    default:
      break;
  }
  if (a === null) return b === null;
  if (a instanceof Uint) return numbersEqual(a, b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof ListValue || a instanceof MapValue || a instanceof KubernetesValue) return a.equals(b);
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof CelType) return b instanceof CelType && a.name === b.name;
  if (a instanceof Optional) return optionalsEqual(a, b);
  if (a instanceof UnknownValue) return b instanceof UnknownValue && dataEqual(a.data, b.data);
  if (a instanceof DynamicObject) return objectsEqual(a, b);
  if (a instanceof JsonPatchValue) return patchesEqual(a, b);
  return false;
}

function numbersEqual(a: bigint | number | Uint, b: CelValue): boolean {
  if (typeof b !== 'bigint' && typeof b !== 'number' && !(b instanceof Uint)) return false;
  return compareNumbers(a, b) === 0;
}

function optionalsEqual(a: Optional, b: CelValue): boolean | CelError {
  if (!(b instanceof Optional)) return false;
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equalMethod(a.value, b.value);
}

function objectsEqual(a: DynamicObject, b: CelValue): boolean {
  if (!(b instanceof DynamicObject) || a.type.name !== b.type.name || a.fields.size !== b.fields.size) return false;
  return [...a.fields].every(([name, value]) => {
    const other = b.fields.get(name);
    return other !== undefined && typeOfValue(value).name === typeOfValue(other).name && equal(value, other) === true;
  });
}

function patchesEqual(a: JsonPatchValue, b: CelValue): boolean | CelError {
  if (!(b instanceof JsonPatchValue) || a.op !== b.op || a.from !== b.from || a.path !== b.path) return false;
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equalMethod(a.value, b.value);
}

/** Deep equality of JSON data; an absent and an empty collection are the same. */
export function dataEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => dataEqual(item, b[i]));
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && dataEqual(a[key], b[key]))
    );
  }
  return a === b;
}

/** JSON data as values: numbers without a fraction are int. */
export function fromData(data: unknown): CelValue {
  if (data === null || data === undefined) return null;
  if (typeof data === 'number') return Number.isSafeInteger(data) ? BigInt(data) : data;
  if (typeof data === 'string' || typeof data === 'boolean' || typeof data === 'bigint') return data;
  if (Array.isArray(data)) return new PlainList(data.map(fromData), true);
  if (isMap(data))
    return new PlainMap(
      Object.entries(data).map(([key, value]) => [key, fromData(value)]),
      true,
    );
  return null;
}
