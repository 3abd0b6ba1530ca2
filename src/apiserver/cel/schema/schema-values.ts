// Data read through its schema: typed strings, lists that are sets or maps, objects with escaped names.
// Behaviour: k8s.io/apiserver pkg/cel/common/valuesunstructured.go, Kubernetes v1.36.3.
import { isMap } from '../../../apimachinery/json.ts';
import { parseDuration } from '../../../apimachinery/time/duration.ts';
import { dataEqual, equalMethod } from '../values/collections.ts';
import { valueText } from '../values/text.ts';
import { parseTimestamp } from '../values/time.ts';
import {
  Abort,
  CelError,
  type CelValue,
  Duration,
  ListValue,
  MapValue,
  noSuchOverload,
  UnknownValue,
} from '../values/value.ts';
import { type CelSchema, escapeName, unescapeName, withTypeAndMeta } from './decl-type.ts';

const isInteger = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value);

/** The Go type that JSON data is decoded to, as %T prints it. */
function goData(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

export function schemaValue(data: unknown, schema: CelSchema): CelValue {
  if (data === null || data === undefined) {
    return schema.nullable ? null : new CelError('invalid data, got null for schema with nullable=false');
  }
  if (schema['x-kubernetes-int-or-string']) {
    if (typeof data === 'string') return data;
    return isInteger(data)
      ? BigInt(data)
      : new CelError('invalid data, expected XIntOrString value to be either a string or integer');
  }
  switch (schema.type) {
    case 'object':
      if (!isMap(data)) return new CelError('invalid data, expected a map for the provided schema with type=object');
      return new SchemaMap(data, schema['x-kubernetes-embedded-resource'] ? withTypeAndMeta(schema) : schema);
    case 'array':
      return arrayValue(data, schema);
    case 'string':
      return typeof data === 'string'
        ? stringValue(data, schema.format)
        : new CelError(`invalid data, expected string, got ${goData(data)}`);
    case 'number':
      return typeof data === 'number' ? data : new CelError(`invalid data, expected float, got ${goData(data)}`);
    case 'integer':
      return isInteger(data) ? BigInt(data) : new CelError(`invalid data, expected int, got ${goData(data)}`);
    case 'boolean':
      return typeof data === 'boolean' ? data : new CelError(`invalid data, expected bool, got ${goData(data)}`);
    default:
      break;
  }
  if (schema['x-kubernetes-preserve-unknown-fields']) return new UnknownValue(data);
  return new CelError(
    `invalid type, expected object, array, number, integer, boolean or string, or no type with x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ${schema.type ?? ''}`,
  );
}

function arrayValue(data: unknown, schema: CelSchema): CelValue {
  if (!Array.isArray(data))
    return new CelError('invalid data, expected an array for the provided schema with type=array');
  if (schema.items === undefined) return new CelError('invalid array type, expected Items with a non-empty Schema');
  const kind = schema['x-kubernetes-list-type'] ?? 'atomic';
  if (kind !== 'map' && kind !== 'set' && kind !== 'atomic') {
    return new CelError(`invalid x-kubernetes-list-type, expected 'map', 'set' or 'atomic' but got ${kind}`);
  }
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map((key) => escapeName(key) ?? key);
  return new SchemaList(data, schema.items, kind, keys);
}

function stringValue(text: string, format: string | undefined): CelValue {
  switch (format) {
    case 'duration': {
      const parsed = parseDuration(text);
      return parsed.ok ? new Duration(parsed.nanos) : new CelError(`Invalid duration ${text}: ${parsed.error}`);
    }
    case 'date': {
      const parsed = parseTimestamp(`${text}T00:00:00Z`);
      if (/^\d{4}-\d\d-\d\d$/.test(text) && parsed !== undefined) return parsed;
      return new CelError(
        `Invalid date formatted string ${text}: parsing time ${JSON.stringify(text)} as "2006-01-02": cannot parse ${JSON.stringify(text)} as "2006"`,
      );
    }
    case 'date-time': {
      const parsed = parseTimestamp(text);
      if (parsed !== undefined) return parsed;
      return new CelError(
        `Invalid date-time formatted string ${text}: parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05": cannot parse ${JSON.stringify(text)} as "2006"`,
      );
    }
    case 'byte': {
      const bad = /[^A-Za-z0-9+/]/.exec(text.replace(/=*$/, ''));
      if (bad !== null || text.length % 4 !== 0) {
        return new CelError(
          `Invalid byte formatted string ${text}: illegal base64 data at input byte ${bad?.index ?? Math.floor(text.length / 4) * 4}`,
        );
      }
      return new Uint8Array(Buffer.from(text, 'base64'));
    }
    default:
      return text;
  }
}

class SchemaList extends ListValue {
  override readonly native = true;
  readonly goName: string = '*common.unstructuredList';
  readonly data: readonly unknown[];
  readonly #schema: CelSchema;
  readonly #kind: 'map' | 'set' | 'atomic';
  readonly #keys: readonly string[];

  constructor(data: readonly unknown[], schema: CelSchema, kind: 'map' | 'set' | 'atomic', keys: readonly string[]) {
    super();
    this.data = data;
    this.#schema = schema;
    this.#kind = kind;
    this.#keys = keys;
    this.goName = {
      map: '*common.unstructuredMapList',
      set: '*common.unstructuredSetList',
      atomic: '*common.unstructuredList',
    }[kind];
  }

  get size(): number {
    return this.data.length;
  }
  at(index: number): CelValue {
    return schemaValue(this.data[index], this.#schema);
  }
  get(index: CelValue): CelValue {
    if (typeof index !== 'bigint')
      return index instanceof CelError ? index : new CelError(`unsupported index: ${valueText(index)}`);
    const at = Number(index);
    return at < 0 || at >= this.size ? new CelError(`index out of bounds: ${index}`) : this.at(at);
  }
  /** What tells the elements of a set or a map apart. */
  #keyOf(item: unknown): string {
    if (this.#kind === 'set') {
      if (typeof item === 'object' && item !== null)
        throw new Abort(`internal error: runtime error: hash of unhashable type ${goData(item)}`);
      return JSON.stringify(item);
    }
    const record = isMap(item) ? item : {};
    return JSON.stringify(this.#keys.map((key) => record[key] ?? null));
  }
  add(other: ListValue): CelValue {
    const items = [...this.data];
    const places = new Map(items.map((item, index) => [this.#keyOf(item), index] as const));
    for (const value of other) {
      const item = toData(value);
      const known = this.#kind === 'atomic' ? undefined : places.get(this.#keyOf(item));
      if (known === undefined) {
        places.set(this.#keyOf(item), items.length);
        items.push(item);
      } else if (this.#kind === 'map') {
        items[known] = item;
      }
    }
    return new SchemaList(items, this.#schema, this.#kind, this.#keys);
  }
  contains(value: CelValue): boolean | CelError {
    if (value instanceof CelError) return value;
    let error: CelError | undefined;
    for (const item of this) {
      const same = equalMethod(item, value);
      if (same === true) return true;
      if (same instanceof CelError) error ??= same;
    }
    return error ?? false;
  }
  equals(other: CelValue): boolean | CelError {
    if (!(other instanceof ListValue)) return noSuchOverload(other);
    if (other.size !== this.size) return false;
    if (this.#kind === 'atomic') {
      for (let i = 0; i < this.size; i++) {
        const same = equalMethod(this.at(i), other.get(BigInt(i)));
        if (same !== true) return same;
      }
      return true;
    }
    const known = new Map(this.data.map((item) => [this.#keyOf(item), item] as const));
    for (const value of other) {
      const key = this.#keyOf(toData(value));
      if (!known.has(key)) return false;
      if (this.#kind === 'set') continue;
      const same = equalMethod(schemaValue(known.get(key), this.#schema), value);
      if (same !== true) return same;
    }
    return true;
  }
}

class SchemaMap extends MapValue {
  override readonly native = true;
  readonly goName = '*common.unstructuredMap';
  readonly data: Readonly<Record<string, unknown>>;
  readonly #schema: CelSchema;

  constructor(data: Readonly<Record<string, unknown>>, schema: CelSchema) {
    super();
    this.data = data;
    this.#schema = schema;
  }

  get size(): number {
    return Object.keys(this.data).length;
  }
  get #isObject(): boolean {
    return this.#schema.properties !== undefined;
  }
  #property(key: string): CelSchema | undefined {
    const { properties, additionalProperties } = this.#schema;
    if (properties !== undefined) return Object.hasOwn(properties, key) ? properties[key] : undefined;
    return typeof additionalProperties === 'object' ? additionalProperties : undefined;
  }
  keys(): readonly CelValue[] {
    const known = Object.keys(this.data).filter((key) => this.#property(key) !== undefined);
    return this.#isObject ? known.map((key) => escapeName(key) ?? key) : known;
  }
  find(key: CelValue): CelValue | undefined {
    if (typeof key !== 'string') return noSuchOverload(key);
    const name = this.#isObject ? unescapeName(key) : key;
    if (name === undefined || !Object.hasOwn(this.data, name)) return undefined;
    const data = this.data[name];
    const schema = this.#property(name);
    if (schema === undefined || (this.#isObject && data === null)) return undefined;
    return schemaValue(data, schema);
  }
  equals(other: CelValue): boolean | CelError {
    if (!(other instanceof MapValue)) return noSuchOverload(other);
    if (other.size !== this.size) return false;
    for (const [key, data] of Object.entries(this.data)) {
      if (this.#property(key) === undefined) {
        if (!(other instanceof SchemaMap)) return noSuchOverload(other);
        if (Object.hasOwn(other.data, key) && !dataEqual(data, other.data[key])) return false;
        continue;
      }
      const mine = this.find(key);
      const theirs = other.find(key);
      if ((mine === undefined) !== (theirs === undefined)) return false;
      if (mine === undefined || theirs === undefined) continue;
      const same = equalMethod(mine, theirs);
      if (same !== true) return same;
    }
    return true;
  }
}

/** The data behind a value. */
function toData(value: CelValue): unknown {
  if (value instanceof SchemaMap || value instanceof SchemaList || value instanceof UnknownValue) return value.data;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof ListValue) return [...value].map(toData);
  if (value instanceof MapValue)
    return Object.fromEntries(value.keys().map((key) => [String(key), toData(value.find(key) ?? null)]));
  return value;
}
