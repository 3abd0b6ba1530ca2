// string.format(): what each clause prints, and the check of literal formats at compile time.
// Behaviour: cel-go v0.26.0 ext/formatting.go.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { convert } from '../values/convert.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import { CelError, type CelValue, ListValue, MapValue, typeOfValue, Uint } from '../values/value.ts';

const DEFAULT_PRECISION = 6;

export class FormatFailure extends Error {
  /** The part of the expression that it is about, if one is. */
  readonly at: number | undefined;
  constructor(message: string, at?: number) {
    super(message);
    this.at = at;
  }
}

interface Clause {
  readonly letter: string;
  readonly precision: number;
}

const MESSAGES: Readonly<Record<string, string>> = {
  b: 'only integers and bools can be formatted as binary',
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  x: 'only integers, byte buffers, and strings can be formatted as hex',
  X: 'only integers, byte buffers, and strings can be formatted as hex',
  o: 'octal clause can only be used on integers',
  s: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
};

export function clauseFailure(letter: string, type: string, at?: number): FormatFailure {
  return new FormatFailure(`${MESSAGES[letter]}, was given ${type}`, at);
}

/** Reads a format; each clause is printed by the callback, which is given the number of its argument. */
export function expandFormat(format: string, count: number, print: (clause: Clause, index: number) => string): string {
  let out = '';
  let index = 0;
  let i = 0;
  const bytes = Buffer.from(format);
  const at = (position: number): string => String.fromCharCode(bytes[position] as number);
  let plainFrom = 0;
  const flush = (to: number): void => {
    out += bytes.subarray(plainFrom, to).toString('utf8');
  };
  while (i < bytes.length) {
    if (at(i) !== '%') {
      i++;
      continue;
    }
    flush(i);
    if (i + 1 < bytes.length && at(i + 1) === '%') {
      out += '%';
      i += 2;
      plainFrom = i;
      continue;
    }
    if (index >= count) throw new FormatFailure(`index ${index} out of range`);
    if (i + 1 >= bytes.length) throw new FormatFailure('unexpected end of string');
    const { clause, length } = readClause(bytes.subarray(i + 1));
    try {
      out += print(clause, index);
    } catch (error) {
      if (!(error instanceof FormatFailure)) throw error;
      throw new FormatFailure(`error during formatting: ${error.message}`, error.at);
    }
    i += 1 + length;
    plainFrom = i;
    index++;
  }
  flush(bytes.length);
  return out;
}

function readClause(text: Buffer): { readonly clause: Clause; readonly length: number } {
  const fail = (message: string): never => {
    throw new FormatFailure(`could not parse formatting clause: ${message}`);
  };
  const precisionFailure = 'error while parsing precision: ';
  let i = 0;
  let precision = DEFAULT_PRECISION;
  if (text[0] === 0x2e) {
    i = 1;
    while (i < text.length && (text[i] as number) >= 0x30 && (text[i] as number) <= 0x39) i++;
    if (i >= text.length) fail(`${precisionFailure}could not find end of precision specifier`);
    const digits = text.subarray(1, i).toString();
    const conversion = `${precisionFailure}error while converting precision to integer: strconv.Atoi: parsing ${goQuote(digits)}: `;
    if (digits === '') fail(`${conversion}invalid syntax`);
    if (BigInt(digits) >= 1n << 63n) fail(`${conversion}value out of range`);
    precision = Number(digits);
  }
  const letter = String.fromCharCode(text[i] as number);
  if (!'sdfebxXo'.includes(letter)) fail(`unrecognized formatting clause "${letter}"`);
  return { clause: { letter, precision }, length: i + 1 };
}

export function formatString(format: string, args: ListValue): CelValue {
  try {
    return expandFormat(format, args.size, (clause, index) => printClause(clause, args.at(index)));
  } catch (error) {
    if (!(error instanceof FormatFailure)) throw error;
    return new CelError(error.message);
  }
}

function printClause({ letter, precision }: Clause, value: CelValue): string {
  const fail = (): never => {
    throw clauseFailure(letter, typeOfValue(value).name);
  };
  const integer = value instanceof Uint ? value.value : value;
  switch (letter) {
    case 's':
      return textOfValue(value);
    case 'd':
      return typeof integer === 'bigint' ? String(integer) : fail();
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      return typeof integer === 'bigint' ? integer.toString(2) : fail();
    case 'o':
      return typeof integer === 'bigint' ? integer.toString(8) : fail();
    case 'x':
    case 'X':
      return letter === 'X' ? hex(value, integer, fail).toUpperCase() : hex(value, integer, fail);
    default:
      return printDouble(letter, precision, value, fail);
  }
}

function hex(value: CelValue, integer: CelValue, fail: () => never): string {
  if (typeof value === 'string') return Buffer.from(value).toString('hex');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof integer === 'bigint' ? integer.toString(16) : fail();
}

function printDouble(letter: string, precision: number, value: CelValue, fail: () => never): string {
  let double = value;
  if (value === 'NaN') double = Number.NaN;
  if (value === 'Infinity') double = Number.POSITIVE_INFINITY;
  if (value === '-Infinity') double = Number.NEGATIVE_INFINITY;
  if (typeof double !== 'number') return fail();
  if (Number.isNaN(double)) return 'NaN';
  if (!Number.isFinite(double)) return double > 0 ? '∞' : '-∞';
  // Upstream's printer has no negative zero and keeps the precision in a byte.
  const sign = double < 0 ? '-' : '';
  const places = precision & 255;
  if (letter === 'f') {
    const [whole = '', fraction = ''] = exactFixed(Math.abs(double), places).split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    return sign + grouped + (fraction === '' ? '' : `.${fraction}`);
  }
  // A precision of 0 counts as none.
  const { digits, exponent } = exactScientific(Math.abs(double), places === 0 ? DEFAULT_PRECISION : places);
  const superscript = [...String(Math.abs(exponent)).padStart(2, '0')]
    .map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])
    .join('');
  return `${sign}${digits[0]}.${digits.slice(1)}×10${exponent < 0 ? '⁻' : ''}${superscript}`;
}

/** The double as a fraction of integers, which it is exactly. */
function exactFraction(value: number): readonly [bigint, bigint] {
  let exponent = 0;
  let mantissa = value;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent++;
  }
  return [BigInt(mantissa), 1n << BigInt(exponent)];
}

function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  return twice > denominator || (twice === denominator && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** No text longer than this means anything. */
const MAX_DIGITS = 1100;

function exactFixed(value: number, precision: number): string {
  const [numerator, denominator] = exactFraction(value);
  const places = Math.min(precision, MAX_DIGITS);
  const digits = String(roundHalfEven(numerator * 10n ** BigInt(places), denominator)).padStart(places + 1, '0');
  const zeros = '0'.repeat(Math.min(precision - places, 1_000_000));
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}${zeros}`;
}

function exactScientific(value: number, precision: number): { readonly digits: string; readonly exponent: number } {
  const places = Math.min(precision, MAX_DIGITS);
  if (value === 0) return { digits: '0'.repeat(places + 1), exponent: 0 };
  const [numerator, denominator] = exactFraction(value);
  const exponent = Number(value.toExponential().split('e')[1]);
  const shift = places - exponent;
  const digits = String(
    shift >= 0
      ? roundHalfEven(numerator * 10n ** BigInt(shift), denominator)
      : roundHalfEven(numerator, denominator * 10n ** BigInt(-shift)),
  );
  return digits.length > places + 1 ? { digits: digits.slice(0, -1), exponent: exponent + 1 } : { digits, exponent };
}

function textOfValue(value: CelValue): string {
  if (value === null) return 'null';
  if (value instanceof ListValue || value instanceof MapValue) return nestedText(value);
  const kind = typeOfValue(value).kind;
  if (!['int', 'uint', 'double', 'bool', 'string', 'timestamp', 'bytes', 'duration', 'type'].includes(kind)) {
    throw clauseFailure('s', typeOfValue(value).name);
  }
  const text = convert(value, types.STRING);
  if (typeof text === 'string') return text;
  throw new FormatFailure(
    `could not convert argument ${goQuote(text instanceof CelError ? text.message : '')} to string`,
  );
}

/** How a value prints inside a list or map. */
function nestedText(value: CelValue): string {
  if (typeof value === 'string') return goQuote(value);
  if (value instanceof Uint8Array) return `b${goQuote(textOfValue(value))}`;
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return '"NaN"';
    if (!Number.isFinite(value)) return value > 0 ? '"+Inf"' : '"-Inf"';
    return (Object.is(value, -0) ? '-' : '') + value.toFixed(DEFAULT_PRECISION);
  }
  if (value instanceof ListValue) return `[${[...value].map(nestedText).join(', ')}]`;
  if (value instanceof MapValue) {
    const pairs = value.keys().map((key) => {
      if (!['string', 'boolean', 'bigint'].includes(typeof key) && !(key instanceof Uint)) {
        throw new FormatFailure(`no formatting function for map key of type ${typeOfValue(key).name}`);
      }
      return [nestedText(key), nestedText(value.find(key) ?? null)] as const;
    });
    pairs.sort((a, b) => compareBytes(a[0], b[0]));
    return `{${pairs.map(([key, item]) => `${key}:${item}`).join(', ')}}`;
  }
  const { kind, name } = typeOfValue(value);
  if (kind === 'timestamp' || kind === 'duration') return `${kind}(${goQuote(textOfValue(value))})`;
  if (['int', 'uint', 'bool', 'null', 'type'].includes(kind)) return textOfValue(value);
  throw new FormatFailure(`no formatting function for ${name}`);
}

/** The kinds of type that a clause takes. */
export const CLAUSE_KINDS: Readonly<Record<string, readonly CelType['kind'][]>> = {
  s: ['list', 'map', 'int', 'uint', 'double', 'bool', 'string', 'timestamp', 'bytes', 'duration', 'type', 'null'],
  d: ['int', 'uint'],
  f: ['double', 'string'],
  e: ['double', 'string'],
  b: ['int', 'uint', 'bool'],
  x: ['int', 'uint', 'string', 'bytes'],
  X: ['int', 'uint', 'string', 'bytes'],
  o: ['int', 'uint'],
};
