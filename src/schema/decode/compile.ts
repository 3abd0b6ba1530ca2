// Turns the layout of a Go type into a function that decodes JSON into it, and says how its absence is written.
// Behaviour: sigs.k8s.io/json internal/golang/encoding/json/decode.go, encoding/json/encode.go of Go 1.26, and the UnmarshalJSON methods
// in staging/src/k8s.io/apimachinery and apiextensions-apiserver/pkg/apis/apiextensions/v1/marshal.go, Kubernetes v1.36.3.

import { compareBytes } from '../../apimachinery/go-json.ts';
import { parseQuantityOrError, quantityFromJson } from '../../apimachinery/quantity.ts';
import { type KubernetesVersion, type SpecialType, structLayout, type TypeRef } from '../layout.ts';
import { encodeBase64, parseBase64 } from './base64.ts';
import { DecodeFailure, DecodeRun, describeValue, type FieldStep, TypeMismatch } from './decode-run.ts';
import { noteGivenEmpty } from './given-empty.ts';
import { parseMicroTime, parseTime } from './go-time.ts';
import { isNumber, numberText, plainJson, RawNumber } from './json-tree.ts';

// Decodes a value. `previous` is what an earlier key of the same name left, which Go decodes on top of. The answer `undefined` is Go's
// nil, or no answer after a mismatch.
type Decode = (value: unknown, previous: unknown, run: DecodeRun) => unknown;

export interface CompiledType {
  readonly decode: Decode;
  // What Go writes for the zero value; `undefined` is null.
  readonly zero: () => unknown;
  // Whether `omitempty` drops a value that is present: for scalars the zero value, for lists and maps an empty one.
  readonly isEmpty: ((value: unknown) => boolean) | undefined;
}

interface CompiledField extends FieldStep {
  readonly index: number;
  readonly type: CompiledType;
  readonly omitEmpty: ((value: unknown) => boolean) | undefined;
  readonly zero: () => unknown;
}

type JsonObject = { readonly [key: string]: unknown };

const nothing = () => undefined;

const isPlainObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawNumber);

const isEmptyList = (value: unknown) => (value as readonly unknown[]).length === 0;

function isEmptyMap(value: unknown): boolean {
  for (const _ in value as object) return false;
  return true;
}

function defineOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

// The keys and values of an object in the order in which Go meets them.
function entriesOf(object: JsonObject, run: DecodeRun): readonly (readonly [string, unknown])[] {
  const entries = run.irregular?.get(object) ?? Object.entries(object);
  return run.sorted ? [...entries].sort((a, b) => compareBytes(a[0], b[0])) : entries;
}

const needsEntries = (object: JsonObject, run: DecodeRun) => run.sorted || (run.irregular?.has(object) ?? false);

const stringType = (goName: string): CompiledType => ({
  decode(value, previous, run) {
    if (typeof value === 'string') return value;
    if (value !== null) run.saveMismatch(value, goName);
    return previous;
  },
  zero: () => '',
  isEmpty: (value) => value === '',
});

const boolType = (goName: string): CompiledType => ({
  decode(value, previous, run) {
    if (typeof value === 'boolean') return value;
    if (value !== null) run.saveMismatch(value, goName);
    return previous;
  },
  zero: () => false,
  isEmpty: (value) => value === false,
});

const floatType = (goName: string): CompiledType => ({
  decode(value, previous, run) {
    if (value === null) return previous;
    if (!isNumber(value)) {
      run.saveMismatch(value, goName);
      return previous;
    }
    const number = Number(value);
    if (Number.isFinite(number)) return number;
    run.save(run.mismatch(`number ${numberText(value)}`, goName));
    return previous;
  },
  zero: () => 0,
  isEmpty: (value) => value === 0,
});

const INTEGER = /^-?\d+$/;

// The integer that a number's text stands for, or nothing where Go's ParseInt refuses it.
function readInteger(value: number | bigint | RawNumber, min: bigint, max: bigint): number | RawNumber | undefined {
  const text = numberText(value);
  if (!INTEGER.test(text)) return undefined;
  const exact = BigInt(text);
  if (exact < min || exact > max) return undefined;
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : new RawNumber(String(exact));
}

function integerType(goName: string, bits: number, signed: boolean): CompiledType {
  const span = 1n << BigInt(signed ? bits - 1 : bits);
  const [min, max] = [signed ? -span : 0n, span - 1n];
  const [low, high] = [Number(min), bits > 53 ? Number.MAX_SAFE_INTEGER : Number(max)];
  const lowest = Math.max(low, Number.MIN_SAFE_INTEGER);
  return {
    decode(value, previous, run) {
      if (
        typeof value === 'number' &&
        Number.isInteger(value) &&
        value >= lowest &&
        value <= high &&
        !Object.is(value, -0)
      )
        return value;
      if (value === null) return previous;
      if (!isNumber(value)) {
        run.saveMismatch(value, goName);
        return previous;
      }
      const integer = readInteger(value, min, max);
      if (integer !== undefined) return integer;
      run.save(run.mismatch(`number ${numberText(value)}`, goName));
      return previous;
    },
    zero: () => 0,
    isEmpty: (value) => value === 0,
  };
}

function scalarType(type: Extract<TypeRef, { kind: 'scalar' }>): CompiledType {
  const { scalar, goName } = type;
  if (scalar === 'string') return stringType(goName);
  if (scalar === 'bool') return boolType(goName);
  if (scalar.startsWith('float')) return floatType(goName);
  const match = /^(u?)int(\d*)$/.exec(scalar)!;
  return integerType(goName, match[2] === '' ? 64 : Number(match[2]), match[1] === '');
}

const byteType = integerType('uint8', 8, false);

const bytesType = (goName: string): CompiledType => ({
  decode(value, _previous, run) {
    if (value === null) return undefined;
    if (typeof value === 'string') {
      const parsed = parseBase64(value);
      return parsed.ok ? parsed.text : run.save(parsed.error);
    }
    if (!Array.isArray(value)) return run.saveMismatch(value, goName);
    const bytes = decodeElements(value, undefined, byteType, run);
    return encodeBase64(bytes as readonly number[]);
  },
  zero: nothing,
  isEmpty: (value) => value === '',
});

function decodeElements(
  value: readonly unknown[],
  previous: unknown,
  element: CompiledType,
  run: DecodeRun,
): readonly unknown[] {
  const out: unknown[] = new Array(value.length);
  const depth = run.depth++;
  for (let i = 0; i < value.length; i++) {
    run.steps[depth] = i;
    const before = previous === undefined ? undefined : (previous as readonly unknown[])[i];
    const decoded = element.decode(value[i], before, run);
    out[i] = decoded === undefined ? (element.zero() ?? null) : decoded;
  }
  run.depth = depth;
  return out;
}

const sliceType = (goName: string, element: CompiledType): CompiledType => ({
  decode(value, previous, run) {
    if (Array.isArray(value)) {
      if (run.shared === undefined || previous !== undefined || value.length === 0)
        return decodeElements(value, previous, element, run);
      return run.shared.decode(this, value, run, () => decodeElements(value, undefined, element, run));
    }
    if (value === null) return undefined;
    run.saveMismatch(value, goName);
    return previous;
  },
  zero: nothing,
  isEmpty: isEmptyList,
});

function sortedByKey(object: JsonObject): JsonObject {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(object).sort(compareBytes)) defineOwn(out, key, object[key]);
  return out;
}

// Whether an object may stand for a map[string]string as it is: strings only, keys in the order in which Go writes them.
function isSortedTextMap(object: JsonObject, run: DecodeRun): boolean {
  if (run.irregular?.has(object)) return false;
  let last = '';
  for (const key in object) {
    if (typeof object[key] !== 'string' || key < last) return false;
    last = key;
  }
  return true;
}

function mapType(goName: string, element: CompiledType, isText: boolean): CompiledType {
  return {
    decode(value, previous, run) {
      if (!isPlainObject(value)) {
        if (value === null) return undefined;
        run.saveMismatch(value, goName);
        return previous;
      }
      if (isText && previous === undefined && isSortedTextMap(value, run))
        return run.shared ? run.shared.likeLast(this, value) : value;
      const out: Record<string, unknown> = { ...(previous as JsonObject | undefined) };
      const seen = needsEntries(value, run) ? new Set<string>() : undefined;
      const entries = seen ? entriesOf(value, run) : Object.entries(value);
      const depth = run.depth;
      let ordered = previous === undefined;
      let last = '';
      for (const [key, each] of entries) {
        if (seen?.has(key)) run.duplicateField(key);
        seen?.add(key);
        run.steps[depth] = key;
        run.depth = depth + 1;
        const decoded = element.decode(each, undefined, run);
        run.depth = depth;
        defineOwn(out, key, decoded === undefined ? (element.zero() ?? null) : decoded);
        ordered &&= compareBytes(last, key) <= 0;
        last = key;
      }
      return ordered ? out : sortedByKey(out);
    },
    zero: nothing,
    isEmpty: isEmptyMap,
  };
}

const pointerType = (element: CompiledType): CompiledType => ({
  decode(value, previous, run) {
    if (value === null) return undefined;
    const errors = run.error;
    const decoded = element.decode(value, previous, run);
    // A pointer is allocated before its target is read, so only a type that reads itself can leave it without a value.
    return decoded === undefined && run.error === errors ? element.zero() : decoded;
  },
  zero: nothing,
  isEmpty: undefined,
});

const goStringMismatch = (value: unknown) => new TypeMismatch(describeValue(value), 'string', '', '');

const timeType = (parse: typeof parseTime): CompiledType => ({
  decode(value, _previous, run) {
    if (value === null) return undefined;
    if (typeof value !== 'string') throw run.fail(goStringMismatch(value));
    const parsed = parse(value);
    if (!parsed.ok) throw run.fail(parsed.error);
    return parsed.text;
  },
  zero: nothing,
  isEmpty: undefined,
});

// Quantity reads the text of any JSON value; only a text that starts like a number can be one.
function quantityOf(value: unknown) {
  if (typeof value === 'string') return quantityFromJson(value);
  if (isNumber(value)) return parseQuantityOrError(numberText(value));
  if (typeof value === 'boolean') return parseQuantityOrError(String(value));
  return parseQuantityOrError(Array.isArray(value) ? '[' : '{');
}

// Differs: Go reads the text between the quotes unescaped, so an amount that is written with \u escapes is refused there.
const quantityType: CompiledType = {
  decode(value, previous, run) {
    if (value === null) return previous === undefined ? undefined : '0';
    const parsed = quantityOf(value);
    if (!parsed.ok) throw run.fail(parsed.error);
    return parsed.value.toString();
  },
  zero: () => '0',
  isEmpty: undefined,
};

const INT32 = 1n << 31n;

const intOrStringType: CompiledType = {
  decode(value, previous, run) {
    if (typeof value === 'string') return value;
    if (value === null) return typeof previous === 'number' ? previous : 0;
    if (!isNumber(value)) throw run.fail(new TypeMismatch(describeValue(value), 'int32', '', ''));
    const integer = readInteger(value, -INT32, INT32 - 1n);
    if (integer === undefined) throw run.fail(new TypeMismatch(`number ${numberText(value)}`, 'int32', '', ''));
    return integer;
  },
  zero: () => 0,
  isEmpty: undefined,
};

// Fields that keep JSON as it is: RawExtension, FieldsV1 and JSON.
const freeFormType: CompiledType = {
  decode: (value, previous, run) => (value === null ? previous : run.rawNumbers ? plainJson(value) : value),
  zero: nothing,
  isEmpty: undefined,
};

const BOOLEAN_OR_SCHEMA = 'boolean or JSON schema expected';

class Compiler {
  readonly version: KubernetesVersion;
  readonly structs = new Map<string, CompiledType>();

  constructor(version: KubernetesVersion) {
    this.version = version;
  }

  compile(type: TypeRef): CompiledType {
    switch (type.kind) {
      case 'scalar':
        return scalarType(type);
      case 'bytes':
        return bytesType(type.goName);
      case 'pointer':
        return pointerType(this.compile(type.element));
      case 'slice':
        return sliceType(type.goName, this.compile(type.element));
      case 'map':
        return mapType(
          type.goName,
          this.compile(type.element),
          type.element.kind === 'scalar' && type.element.scalar === 'string',
        );
      case 'struct':
        return this.struct(type.typeId);
      case 'special':
        return this.special(type.special);
      case 'interface':
        return freeFormType;
    }
  }

  special(special: SpecialType): CompiledType {
    switch (special) {
      case 'Quantity':
        return quantityType;
      case 'IntOrString':
        return intOrStringType;
      case 'Time':
        return timeType(parseTime);
      case 'MicroTime':
        return timeType(parseMicroTime);
      case 'RawExtension':
      case 'FieldsV1':
      case 'JSON':
        return freeFormType;
      case 'JSONSchemaPropsOrBool':
        return this.schemaOr(true, undefined);
      case 'JSONSchemaPropsOrArray':
        return this.schemaOr(false, () =>
          sliceType('[]v1.JSONSchemaProps', this.struct('apiextensions/v1.JSONSchemaProps')),
        );
      case 'JSONSchemaPropsOrStringArray':
        return this.schemaOr(false, () => sliceType('[]string', stringType('string')));
    }
  }

  // A JSON schema or something else. Inside, a decoder of its own runs that finds no strict errors.
  schemaOr(boolean: boolean, list: (() => CompiledType) | undefined): CompiledType {
    const schema = () => this.struct('apiextensions/v1.JSONSchemaProps');
    return {
      decode: (value, _previous, run) => {
        if (isPlainObject(value)) return decodeApart(schema(), value, run);
        if (boolean) {
          if (typeof value === 'boolean') return value;
          throw run.fail(BOOLEAN_OR_SCHEMA);
        }
        // Any other value leaves a pointer to nothing, which Go writes as null.
        if (!list || !Array.isArray(value)) return null;
        const decoded = decodeApart(list(), value, run) as readonly unknown[];
        return decoded.length === 0 ? null : decoded;
      },
      zero: boolean ? () => false : nothing,
      isEmpty: undefined,
    };
  }

  struct(typeId: string): CompiledType {
    let compiled = this.structs.get(typeId);
    if (!compiled) {
      // Entered before its fields are compiled: types such as JSONSchemaProps hold themselves.
      const holder: { type?: CompiledType } = {};
      compiled = {
        decode: (value, previous, run) => (holder.type ??= this.compileStruct(typeId)).decode(value, previous, run),
        zero: () => (holder.type ??= this.compileStruct(typeId)).zero(),
        isEmpty: undefined,
      };
      this.structs.set(typeId, compiled);
    }
    return compiled;
  }

  collectFields(typeId: string, structName: string, embedded: readonly string[], out: CompiledField[]): void {
    for (const field of structLayout(this.version, typeId).fields) {
      if (field.jsonName === '-') continue;
      if (field.inline && field.type.kind === 'struct') {
        this.collectFields(field.type.typeId, structName, [...embedded, field.goName], out);
        continue;
      }
      const type = this.compile(field.type);
      const omitEmpty = field.omitEmpty ? type.isEmpty : undefined;
      // With omitempty the zero value of a scalar is dropped, but a struct, a Quantity or an IntOrString has no empty value.
      const zero = field.omitZero || omitEmpty ? nothing : type.zero;
      out.push({ jsonName: field.jsonName, structName, embedded, index: out.length, type, omitEmpty, zero });
    }
  }

  compileStruct(typeId: string): CompiledType {
    const { goName } = structLayout(this.version, typeId);
    const fields: CompiledField[] = [];
    this.collectFields(typeId, goName.slice(goName.lastIndexOf('.') + 1), [], fields);
    const byName = new Map(fields.map((field) => [field.jsonName, field]));
    const count = fields.length;

    const note = (out: object, field: string, value: object, run: DecodeRun | undefined): void => {
      noteGivenEmpty(out, field, value);
      if (run) run.hasGivenEmpty = true;
    };

    const build = (slots: readonly unknown[], run?: DecodeRun): JsonObject => {
      const out: Record<string, unknown> = {};
      for (let i = 0; i < count; i++) {
        const field = fields[i]!;
        let value = slots[i];
        if (value === undefined) {
          if (field.zero === nothing) continue;
          value = field.zero();
          if (value === undefined) continue;
        } else if (field.omitEmpty?.(value)) {
          if (typeof value === 'object') note(out, field.jsonName, value as object, run);
          continue;
        } else if (Array.isArray(value) && value.length === 0) {
          note(out, field.jsonName, value, run);
        }
        out[field.jsonName] = value;
      }
      return out;
    };

    const decodeField = (
      key: string,
      value: unknown,
      slots: unknown[],
      seen: Set<string> | undefined,
      run: DecodeRun,
    ) => {
      const field = byName.get(key);
      if (field === undefined) {
        if (run.strict) run.unknownField(key);
        return;
      }
      if (seen?.has(key)) run.duplicateField(key);
      seen?.add(key);
      const depth = run.depth;
      run.steps[depth] = field;
      run.depth = depth + 1;
      slots[field.index] = field.type.decode(value, slots[field.index], run);
      run.depth = depth;
    };

    let zero: JsonObject | undefined;
    // The empty slots of a decoding that has ended, for the next one; a type that holds itself needs several at a time.
    let spare: unknown[] | undefined;
    return {
      decode(value, previous, run) {
        if (!isPlainObject(value)) {
          if (value !== null) run.saveMismatch(value, goName);
          return previous;
        }
        const slots: unknown[] = spare ?? new Array(count).fill(undefined);
        spare = undefined;
        if (previous !== undefined) {
          for (const field of fields) slots[field.index] = (previous as JsonObject)[field.jsonName];
        }
        if (needsEntries(value, run)) {
          const seen = new Set<string>();
          for (const [key, each] of entriesOf(value, run)) decodeField(key, each, slots, seen, run);
        } else {
          for (const key in value) decodeField(key, value[key], slots, undefined, run);
        }
        const built = build(slots, run);
        spare = slots.fill(undefined);
        return built;
      },
      // Shared by all absent structs of the type, so frozen.
      zero: () => (zero ??= Object.freeze(build([]))),
      isEmpty: undefined,
    };
  }
}

// Decodes as a separate call of Unmarshal would: its first error ends the outer decoding.
function decodeApart(type: CompiledType, value: unknown, run: DecodeRun): unknown {
  const inner = new DecodeRun({
    strict: false,
    sorted: run.sorted,
    rawNumbers: run.rawNumbers,
    irregular: run.irregular,
  });
  let decoded: unknown;
  try {
    decoded = type.decode(value, undefined, inner);
  } catch (error) {
    if (error instanceof DecodeFailure) throw run.fail(error.error);
    throw error;
  }
  if (inner.error !== undefined) throw run.fail(inner.error);
  return decoded;
}

const compilers = new Map<KubernetesVersion, Compiler>();

// The decoder of a struct type; compiled once for each Kubernetes version.
export function compiledStruct(version: KubernetesVersion, typeId: string): CompiledType {
  let compiler = compilers.get(version);
  if (!compiler) {
    compiler = new Compiler(version);
    compilers.set(version, compiler);
  }
  return compiler.struct(typeId);
}
