// What an expression made, as the JSON that goes into an object.
// Behaviour: [apiserver]/pkg/cel/mutation/dynamic/objects.go, google.golang.org/protobuf/types/known/structpb, cel-go v0.26.0
// common/types (ConvertToNative), Kubernetes v1.36.3.
import type { Json } from '../../../apimachinery/json.ts';
import { timestampText } from '../../cel/values/time.ts';
import { CelType } from '../../cel/values/types.ts';
import {
  type CelValue,
  Duration,
  DynamicObject,
  goTypeName,
  KubernetesValue,
  ListValue,
  MapValue,
  Optional,
  Timestamp,
  Uint,
} from '../../cel/values/value.ts';
import type { Atom, Scalar } from '../../field-management/types/type-schema.ts';
import type { SchemaError } from '../../field-management/values/typed-value.ts';

/** What cannot be put into an object. */
export class ConversionError extends Error {}

/** Larger integers do not fit a JSON number and become text. */
const MAX_JSON_INTEGER = 2n ** 53n - 1n;

/** How the error calls a type, where that is not its name. */
const SHORT_NAMES: Readonly<Record<string, string>> = { NamedFormat: 'Format' };

/** A value as JSON writes it. */
export function jsonOf(value: CelValue): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return integer(value);
  if (value instanceof Uint) return integer(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Timestamp) return timestampText(value, 0);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof ListValue) return [...value].map(jsonOf);
  if (value instanceof MapValue) return mapOf(value);
  if (value instanceof DynamicObject)
    return Object.fromEntries([...value.fields].map(([name, field]) => [name, jsonOf(field)]));
  if (value instanceof Optional) {
    if (value.value === undefined) throw new ConversionError('optional.none() dereference');
    return jsonOf(value.value);
  }
  if (value instanceof CelType) throw new ConversionError("type conversion not supported for 'type'");
  if (value instanceof KubernetesValue) {
    const name = value.type.name.slice(value.type.name.lastIndexOf('.') + 1);
    throw new ConversionError(`type conversion error from '${SHORT_NAMES[name] ?? name}' to '*structpb.Value'`);
  }
  throw new ConversionError(`type conversion error from '${goTypeName(value)}' to '*structpb.Value'`);
}

function integer(value: bigint): Json {
  const size = value < 0n ? -value : value;
  return size <= MAX_JSON_INTEGER ? Number(value) : String(value);
}

function mapOf(map: MapValue): Json {
  const entries = map.keys().map((key) => {
    if (typeof key !== 'string' && typeof key !== 'bigint' && typeof key !== 'boolean' && !(key instanceof Uint))
      throw new ConversionError('bad key type');
    return [String(key instanceof Uint ? key.value : key), jsonOf(map.find(key) ?? null)] as const;
  });
  return Object.fromEntries(entries);
}

/** As protobuf writes durations: seconds with the fraction that is there. */
function durationText({ nanos }: Duration): string {
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  const rest = size % 1_000_000_000n;
  if (rest === 0n) return `${sign}${size / 1_000_000_000n}s`;
  const digits = String(rest).padStart(9, '0');
  const fraction = digits.endsWith('000000')
    ? digits.slice(0, 3)
    : digits.endsWith('000')
      ? digits.slice(0, 6)
      : digits;
  return `${sign}${size / 1_000_000_000n}.${fraction}s`;
}

/** The type names of objects within objects must say which field they stand in: Object.spec.template under Object. */
export function wrongTypeNames(value: CelValue, path: string): string[] {
  if (value instanceof DynamicObject) {
    const { name } = value.type;
    const own =
      name === path
        ? []
        : [
            `unexpected type name ${JSON.stringify(name)}, expected ${JSON.stringify(path)}, which matches field name path from root Object type`,
          ];
    return [...own, ...[...value.fields].flatMap(([field, inner]) => wrongTypeNames(inner, `${path}.${field}`))];
  }
  if (value instanceof ListValue) return value.native ? [] : [...value].flatMap((item) => wrongTypeNames(item, path));
  if (value instanceof MapValue && !value.native)
    return value.keys().flatMap((key) => wrongTypeNames(value.find(key) ?? null, path));
  return [];
}

/** Whether a map in a configuration has keys that are no text. */
export function hasOtherKeys(value: CelValue): boolean {
  if (value instanceof DynamicObject) return [...value.fields.values()].some(hasOtherKeys);
  if (value instanceof ListValue) return !value.native && [...value].some(hasOtherKeys);
  if (!(value instanceof MapValue) || value.native) return false;
  return value.keys().some((key) => typeof key !== 'string' || hasOtherKeys(value.find(key) ?? null));
}

const NULL = '&{NULL_VALUE}';
const SCALARS: Readonly<Record<Scalar, string>> = {
  numeric: 'expected numeric (int or float), got structpb.NullValue',
  string: 'expected string, got &value.valueUnstructured{Value:0}',
  boolean: `expected boolean, got ${NULL}`,
  untyped: `expected any scalar, got ${NULL}`,
};

/** The null of an expression is an enumeration's value in Go, which fits no type. */
export function nullErrors(value: CelValue, atom: Atom, path: string): SchemaError[] {
  if (value === null) {
    if (atom.map) return [{ path, message: `expected map, got ${NULL}` }];
    if (atom.scalar) return [{ path, message: SCALARS[atom.scalar] }];
    return [{ path, message: `expected list, got ${NULL}` }];
  }
  if (!(value instanceof DynamicObject)) return [];
  return [...value.fields].flatMap(([name, field]) => {
    const type = (atom.map?.fields.get(name)?.type ?? atom.map?.elementType)?.();
    return type ? nullErrors(field, type, `${path}.${name}`) : [];
  });
}
