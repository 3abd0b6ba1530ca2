// The values of CEL. Booleans, strings and null are JavaScript's, int is a bigint, double a number; the rest are classes.
// Behaviour: cel-go v0.26.0 common/types; k8s.io/apiserver pkg/cel/{quantity,ip,cidr,url,semver,format}.go, Kubernetes v1.36.3.
import type { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import * as types from './types.ts';
import { CelType } from './types.ts';

export type CelValue =
  | null
  | boolean
  | string
  | bigint
  | number
  | Uint
  | Uint8Array
  | ListValue
  | MapValue
  | Timestamp
  | Duration
  | CelType
  | Optional
  | CelError
  | KubernetesValue
  | UnknownValue
  | DynamicObject
  | JsonPatchValue;

export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** Nanoseconds since 1970; the offset is kept for printing only. */
export class Timestamp {
  readonly nanos: bigint;
  readonly offsetSeconds: number;
  constructor(nanos: bigint, offsetSeconds = 0) {
    this.nanos = nanos;
    this.offsetSeconds = offsetSeconds;
  }
}

export class Duration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class Optional {
  readonly value: CelValue | undefined;
  constructor(value: CelValue | undefined) {
    this.value = value;
  }
}
export const NONE = new Optional(undefined);

/** A failure that travels as a value, so that || and && can absorb it. */
export class CelError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}
const NO_SUCH_OVERLOAD = 'no such overload';
export const noSuchOverload = (value?: CelValue): CelError =>
  value instanceof CelError ? value : new CelError(NO_SUCH_OVERLOAD);

/** Ends the evaluation at once, whatever stands around. */
export class Abort extends Error {}

export abstract class ListValue {
  abstract readonly size: number;
  /** Whether it came as data: Go names such values otherwise in a few messages. */
  readonly native: boolean = false;
  abstract readonly goName: string;
  abstract at(index: number): CelValue;
  abstract add(other: ListValue): CelValue;
  abstract equals(other: CelValue): boolean | CelError;
  abstract contains(value: CelValue): boolean | CelError;
  abstract get(index: CelValue): CelValue;

  *[Symbol.iterator](): Iterator<CelValue> {
    for (let i = 0; i < this.size; i++) yield this.at(i);
  }
}

export abstract class MapValue {
  abstract readonly size: number;
  readonly native: boolean = false;
  abstract readonly goName: string;
  abstract keys(): readonly CelValue[];
  abstract find(key: CelValue): CelValue | undefined;
  abstract equals(other: CelValue): boolean | CelError;
  /** What the operator `in` asks. */
  has(key: CelValue): boolean | CelError {
    const found = this.find(key);
    return found instanceof CelError ? found : found !== undefined;
  }
}

/** Something preserved by x-kubernetes-preserve-unknown-fields: it can only be compared. */
export class UnknownValue {
  readonly data: unknown;
  constructor(data: unknown) {
    this.data = data;
  }
}

/** An Object{} of the mutation environment. */
export class DynamicObject {
  readonly type: CelType;
  readonly fields: ReadonlyMap<string, CelValue>;
  constructor(type: CelType, fields: ReadonlyMap<string, CelValue>) {
    this.type = type;
    this.fields = fields;
  }
}

export class JsonPatchValue {
  readonly op: string;
  readonly path: string;
  readonly from: string;
  readonly value: CelValue | undefined;
  constructor(op: string, path: string, from: string, value: CelValue | undefined) {
    this.op = op;
    this.path = path;
    this.from = from;
    this.value = value;
  }
}
export const JSON_PATCH = types.struct('JSONPatch');

/** Kubernetes' own kinds of value: they have a type, a text and equality. */
export abstract class KubernetesValue {
  abstract readonly type: CelType;
  abstract equals(other: CelValue): boolean | CelError;
  abstract toString(): string;
}

export class QuantityValue extends KubernetesValue {
  readonly type = types.QUANTITY;
  readonly quantity: Quantity;
  /** What add and sub make is a pointer in Go, which no quantity equals. */
  readonly pointer: boolean;
  constructor(quantity: Quantity, pointer = false) {
    super();
    this.quantity = quantity;
    this.pointer = pointer;
  }
  equals(other: CelValue): boolean | CelError {
    if (!(other instanceof QuantityValue) || other.pointer) return noSuchOverload(other);
    return this.quantity.cmp(other.quantity) === 0;
  }
  toString(): string {
    return this.quantity.toString();
  }
}

const TYPES_BY_CLASS: readonly (readonly [abstract new (...args: never[]) => object, CelType])[] = [
  [Uint, types.UINT],
  [ListValue, types.LIST],
  [MapValue, types.MAP],
  [Timestamp, types.TIMESTAMP],
  [Duration, types.DURATION],
  [Optional, types.OPTIONAL],
  [CelType, types.TYPE],
  [CelError, types.ERROR],
  [UnknownValue, types.UNKNOWN],
  [JsonPatchValue, JSON_PATCH],
  [Uint8Array, types.BYTES],
];

export function typeOfValue(value: CelValue): CelType {
  switch (typeof value) {
    case 'string':
      return types.STRING;
    case 'boolean':
      return types.BOOL;
    case 'bigint':
      return types.INT;
    case 'number':
      return types.DOUBLE;
    default:
      break;
  }
  if (value === null) return types.NULL;
  if (value instanceof KubernetesValue || value instanceof DynamicObject) return value.type;
  return TYPES_BY_CLASS.find(([kind]) => value instanceof kind)?.[1] ?? types.UNKNOWN;
}

/** Operations a type knows; an operator asks before it is applied. */
export type Trait =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'modulo'
  | 'negate'
  | 'compare'
  | 'size'
  | 'contain'
  | 'index'
  | 'iterate'
  | 'match'
  | 'receive'
  | 'list';

const TRAITS: Readonly<Record<string, readonly Trait[]>> = {
  bool: ['compare', 'negate'],
  bytes: ['add', 'compare', 'size'],
  double: ['add', 'compare', 'divide', 'multiply', 'negate', 'subtract'],
  duration: ['add', 'compare', 'negate', 'receive', 'subtract'],
  int: ['add', 'compare', 'divide', 'modulo', 'multiply', 'negate', 'subtract'],
  list: ['add', 'contain', 'index', 'iterate', 'size', 'list'],
  map: ['contain', 'index', 'iterate', 'size'],
  string: ['add', 'compare', 'match', 'receive', 'size'],
  timestamp: ['add', 'compare', 'receive', 'subtract'],
  uint: ['add', 'compare', 'divide', 'modulo', 'multiply', 'subtract'],
  struct: ['index'],
};

export function hasTrait(value: CelValue, trait: Trait): boolean {
  if (value instanceof KubernetesValue) return false;
  return TRAITS[typeOfValue(value).kind]?.includes(trait) ?? false;
}

/** How the cost functions count a value that has a size, by code points, bytes or elements; otherwise undefined. */
export function sizeOf(value: CelValue): number | undefined {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof ListValue || value instanceof MapValue) return value.size;
  if (value instanceof KubernetesValue && 'costSize' in value) return value.costSize as number; // IP and CIDR only
  return undefined;
}

export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** What the Go value's Value() holds as text: strings, and types by their name. */
export function textOf(value: CelValue): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof CelType ? value.name : undefined;
}

const GO_NAMES: Readonly<Record<string, string>> = {
  string: 'types.String',
  bool: 'types.Bool',
  int: 'types.Int',
  double: 'types.Double',
  uint: 'types.Uint',
  bytes: 'types.Bytes',
  null: 'types.Null',
  timestamp: 'types.Timestamp',
  duration: 'types.Duration',
  list: '*types.baseList',
  map: '*types.baseMap',
  type: '*types.Type',
  error: '*types.Err',
};
const GO_KUBERNETES: Readonly<Record<string, string>> = {
  'kubernetes.Quantity': 'cel.Quantity',
  'kubernetes.URL': 'cel.URL',
  'net.IP': 'cel.IP',
  'net.CIDR': 'cel.CIDR',
  'kubernetes.Semver': 'cel.Semver',
  'kubernetes.NamedFormat': 'cel.Format',
  JSONPatch: '*mutation.JSONPatchVal',
};

/** The name of the Go type that holds such a value, as %T prints it. */
export function goTypeName(value: CelValue): string {
  if (value instanceof Optional) return '*types.Optional';
  if (value instanceof UnknownValue) return '*common.unknownPreserved';
  if (value instanceof DynamicObject) return '*dynamic.ObjectVal';
  if (value instanceof QuantityValue && value.pointer) return '*cel.Quantity';
  if (value instanceof ListValue || value instanceof MapValue) return value.goName;
  const type = typeOfValue(value);
  return GO_NAMES[type.kind] ?? GO_KUBERNETES[type.name] ?? type.name;
}
