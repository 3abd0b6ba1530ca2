// Reads a value into the fields of a Go struct as strict JSON decoding does, with its words for what does not fit.
// Behaviour: sigs.k8s.io/json, encoding/json (UnmarshalTypeError), Go 1.26; apimachinery/pkg/runtime/serializer/json, Kubernetes v1.36.3.
import { isMap } from '../../../apimachinery/json.ts';
import { parseDuration } from '../../../apimachinery/time/duration.ts';

/** The type of a field; `go` is how Go prints it. */
export type GoType =
  | { readonly kind: 'string' | 'bool' | 'number' | 'integer'; readonly go: string }
  | { readonly kind: 'duration' | 'any'; readonly go: string }
  | { readonly kind: 'list'; readonly go: string; readonly of: GoType }
  | { readonly kind: 'map'; readonly go: string; readonly of: GoType }
  | GoStructType;

export interface GoStructType {
  readonly kind: 'struct';
  readonly go: string;
  readonly fields: Readonly<Record<string, GoType>>;
}

export const STRING: GoType = { kind: 'string', go: 'string' };
export const BOOL: GoType = { kind: 'bool', go: 'bool' };
export const INT32: GoType = { kind: 'integer', go: 'int32' };
export const INT64: GoType = { kind: 'integer', go: 'int64' };
export const FLOAT32: GoType = { kind: 'number', go: 'float32' };
export const DURATION: GoType = { kind: 'duration', go: 'string' };
export const ANY: GoType = { kind: 'any', go: 'interface {}' };

export function named(go: string): GoType {
  return { kind: 'string', go };
}

export function struct(go: string, fields: Readonly<Record<string, GoType>>): GoStructType {
  return { kind: 'struct', go, fields };
}

export function listOf(of: GoType): GoType {
  return { kind: 'list', go: `[]${of.go}`, of };
}

export function mapOf(of: GoType): GoType {
  return { kind: 'map', go: `map[string]${of.go}`, of };
}

/** A value that no decoding makes fit; its message is the whole answer. */
export class DecodeError extends Error {}

interface Decoded {
  readonly value: Readonly<Record<string, unknown>>;
  /** Fields that the struct does not have. */
  readonly strictErrors: readonly string[];
}

export function decodeStruct(value: unknown, type: GoStructType): Decoded {
  if (!isMap(value)) throw new DecodeError(`json: cannot unmarshal ${nameOf(value)} into Go value of type ${type.go}`);
  const strictErrors: string[] = [];
  const place: Place = { owner: type.go, path: '', field: '', strictErrors };
  return { value: readStruct(value, type, place), strictErrors };
}

interface Place {
  /** The struct that the field belongs to. */
  readonly owner: string;
  /** Names of fields, as type errors tell them. */
  readonly path: string;
  /** Where the value is, as strict errors tell it. */
  readonly field: string;
  readonly strictErrors: string[];
}

function readStruct(
  value: Readonly<Record<string, unknown>>,
  { go, fields }: GoStructType,
  place: Place,
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const field = place.field === '' ? name : `${place.field}.${name}`;
    const type = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!type) place.strictErrors.push(`unknown field "${field}"`);
    // What is null is as good as absent.
    else if (item !== null && item !== undefined) {
      const path = place.path === '' ? name : `${place.path}.${name}`;
      result[name] = read(item, type, { owner: go, path, field, strictErrors: place.strictErrors });
    }
  }
  return result;
}

function read(value: unknown, type: GoType, place: Place): unknown {
  switch (type.kind) {
    case 'any':
      return value;
    case 'string':
      return typeof value === 'string' ? value : mismatch(value, type, place);
    case 'bool':
      return typeof value === 'boolean' ? value : mismatch(value, type, place);
    case 'number':
      return typeof value === 'number' ? value : mismatch(value, type, place);
    case 'integer':
      return isInteger(value, type.go) ? value : mismatch(value, type, place, true);
    case 'duration':
      return readDuration(value, type, place);
    case 'list':
      if (!Array.isArray(value)) return mismatch(value, type, place);
      return value.map((item, i) => read(item, type.of, { ...place, field: `${place.field}[${i}]` }));
    case 'map':
      if (!isMap(value)) return mismatch(value, type, place);
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item, type.of, place)]));
    case 'struct':
      return isMap(value) ? readStruct(value, type, place) : mismatch(value, type, place);
  }
}

function readDuration(value: unknown, type: GoType, place: Place): unknown {
  if (typeof value !== 'string') return mismatch(value, type, place);
  const parsed = parseDuration(value);
  if (!parsed.ok) throw new DecodeError(parsed.error);
  return value;
}

function isInteger(value: unknown, go: string): boolean {
  const limit = go === 'int32' ? 2 ** 31 : 2 ** 63;
  return Number.isInteger(value) && (value as number) >= -limit && (value as number) < limit; // whole: a number
}

function mismatch(value: unknown, { go }: GoType, { owner, path }: Place, showsNumber = false): never {
  const what = typeof value === 'number' && showsNumber ? `number ${value}` : nameOf(value);
  const short = owner.replace(/^.*\./, '');
  throw new DecodeError(`json: cannot unmarshal ${what} into Go struct field ${short}.${path} of type ${go}`);
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' || typeof value === 'number' ? typeof value : 'object';
}
