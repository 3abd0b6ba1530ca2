// Conversions between CEL's types.
// Behaviour: cel-go v0.26.0 ConvertToType of common/types.
import { goFloat } from '../../../apimachinery/go/quote.ts';
import { parseDuration } from '../../../apimachinery/time/duration.ts';
import {
  floorDivide,
  inInt,
  inUint,
  MAX_UNIX_SECONDS,
  MIN_UNIX_SECONDS,
  NANOS,
  TIMESTAMP_OVERFLOW,
} from './numbers.ts';
import { parseTimestamp, timestampText } from './time.ts';
import * as types from './types.ts';
import { CelType } from './types.ts';
import {
  CelError,
  type CelValue,
  Duration,
  DynamicObject,
  KubernetesValue,
  ListValue,
  MapValue,
  Timestamp,
  typeOfValue,
  Uint,
  UnknownValue,
} from './value.ts';

const TRUE_TEXTS = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE_TEXTS = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);
const INT_OVERFLOW = 'integer overflow';
const UINT_OVERFLOW = 'unsigned integer overflow';

export function convert(value: CelValue, target: CelType): CelValue {
  if (value instanceof CelError) return value;
  const own = typeOfValue(value);
  if (value instanceof UnknownValue) {
    return new CelError(
      `type conversion to '${target.name}' not supported for values preserved by x-kubernetes-preserve-unknown-fields`,
    );
  }
  if (target === types.TYPE) {
    return value instanceof DynamicObject || own.name === 'JSONPatch' ? types.typeOf(own) : own;
  }
  return attempt(value, target) ?? new CelError(`type conversion error from '${own.name}' to '${target.name}'`);
}

function attempt(value: CelValue, target: CelType): CelValue | undefined {
  if (target === typeOfValue(value)) return value;
  if (typeof value === 'string') return fromString(value, target);
  if (typeof value === 'bigint') return fromInt(value, target);
  if (typeof value === 'number') return fromDouble(value, target);
  if (value instanceof Uint) return fromUint(value.value, target);
  if (target === types.STRING) return toText(value);
  if (target === types.INT && value instanceof Timestamp) return floorDivide(value.nanos, NANOS);
  if (target === types.INT && value instanceof Duration) return value.nanos;
  if (target.kind === 'list' && value instanceof ListValue) return value;
  if (target.kind === 'map' && value instanceof MapValue) return value;
  return undefined;
}

function toText(value: CelValue): CelValue | undefined {
  if (typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  if (value instanceof Uint8Array) {
    const text = Buffer.from(value).toString('utf8');
    return Buffer.compare(Buffer.from(text), value) === 0
      ? text
      : new CelError('invalid UTF-8 in bytes, cannot convert to string');
  }
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return `${plainFloat(durationSeconds(value.nanos))}s`;
  if (value instanceof CelType) return value.name;
  if (value instanceof KubernetesValue && (value.type === types.IP || value.type === types.CIDR))
    return value.toString();
  return undefined;
}

/** Whole seconds and the fraction added as floats, as Go does. */
function durationSeconds(nanos: bigint): number {
  return Number(nanos / NANOS) + Number(nanos % NANOS) / 1e9;
}

/** A double in plain digits, the fewest that tell it apart. */
function plainFloat(value: number): string {
  if (!Number.isFinite(value)) return goFloat(value);
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  if (!text.includes('e')) return text;
  const [mantissa = '', exponentText = '0'] = text.split('e');
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const exponent = Number(exponentText);
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const plain =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : digits.padEnd(point, '0').slice(0, point) + (digits.length > point ? `.${digits.slice(point)}` : '');
  return negative ? `-${plain}` : plain;
}

function fromString(text: string, target: CelType): CelValue | undefined {
  switch (target) {
    case types.INT: {
      const value = /^[+-]?[0-9]+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
      return value !== undefined && inInt(value) ? value : undefined;
    }
    case types.UINT: {
      const value = /^[0-9]+$/.test(text) ? BigInt(text) : undefined;
      return value !== undefined && inUint(value) ? new Uint(value) : undefined;
    }
    case types.DOUBLE:
      return parseFloat64(text);
    case types.BOOL:
      return TRUE_TEXTS.has(text) ? true : FALSE_TEXTS.has(text) ? false : undefined;
    case types.BYTES:
      return new Uint8Array(Buffer.from(text));
    case types.DURATION: {
      const parsed = parseDuration(text);
      return parsed.ok ? new Duration(parsed.nanos) : undefined;
    }
    case types.TIMESTAMP: {
      const parsed = parseTimestamp(text);
      if (parsed === undefined) return undefined;
      const seconds = floorDivide(parsed.nanos, NANOS);
      return seconds < MIN_UNIX_SECONDS || seconds > MAX_UNIX_SECONDS ? new CelError(TIMESTAMP_OVERFLOW) : parsed;
    }
    default:
      return undefined;
  }
}

/** Underscores stand between digits, or between the prefix of a base and its first digit. */
function hasGoodUnderscores(text: string): boolean {
  const [, prefix = '', rest = ''] = /^[+-]?(0[bBoOxX])?(.*)$/s.exec(text) ?? [];
  const digit = /x/i.test(prefix) ? '[0-9a-fA-F]' : '[0-9]';
  return !new RegExp(`(?:^|(?!${digit}).)_|_(?!${digit})`, 's').test(prefix === '' ? rest : `0${rest}`);
}

/** What strconv.ParseFloat reads: decimal and hexadecimal. */
function parseFloat64(given: string): number | undefined {
  if (given.includes('_') && !hasGoodUnderscores(given)) return undefined;
  const text = given.replaceAll('_', '');
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (special !== null) {
    if (special[2]?.toLowerCase() === 'nan') return special[1] === '' ? Number.NaN : undefined;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  const hex = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/.exec(text);
  if (hex === null || `${hex[2]}${hex[3]}` === '') return undefined;
  const digits = `${hex[2]}${hex[3]}`;
  const value = Number(BigInt(`0x${digits}`)) * 2 ** (Number(hex[4]) - 4 * (hex[3]?.length ?? 0));
  if (!Number.isFinite(value)) return undefined;
  return hex[1] === '-' ? -value : value;
}

function fromInt(value: bigint, target: CelType): CelValue | undefined {
  switch (target) {
    case types.UINT:
      return value < 0n ? new CelError(UINT_OVERFLOW) : new Uint(value);
    case types.DOUBLE:
      return Number(value);
    case types.STRING:
      return String(value);
    case types.TIMESTAMP:
      return value < MIN_UNIX_SECONDS || value > MAX_UNIX_SECONDS
        ? new CelError(TIMESTAMP_OVERFLOW)
        : new Timestamp(value * NANOS);
    default:
      return undefined;
  }
}

function fromUint(value: bigint, target: CelType): CelValue | undefined {
  if (target === types.INT) return inInt(value) ? value : new CelError(INT_OVERFLOW);
  if (target === types.DOUBLE) return Number(value);
  return target === types.STRING ? String(value) : undefined;
}

function fromDouble(value: number, target: CelType): CelValue | undefined {
  if (target === types.INT) {
    const fits = value > -(2 ** 63) && value < 2 ** 63;
    return fits ? BigInt(Math.trunc(value)) : new CelError(INT_OVERFLOW);
  }
  if (target === types.UINT) {
    const fits = value >= 0 && value < 2 ** 64;
    return fits ? new Uint(BigInt(Math.trunc(value))) : new CelError(UINT_OVERFLOW);
  }
  return target === types.STRING ? goFloat(value) : undefined;
}
