// Amounts such as 250m, 1.5Gi or 3e2: read, compared, added and printed exactly as Go's resource.Quantity.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/resource/{quantity,amount,math,scale_int,suffix}.go, Kubernetes v1.36.3.

import { trimSpace } from '../trim-space.ts';
import {
  compareAmounts,
  divideAway,
  fitsInt64,
  type Integer,
  isZero,
  MAX_INT64,
  MAX_INT64_DIGITS,
  multiply,
  negate,
  normal,
  POW10,
  plus,
  pow10Float,
  remainderPow10,
  roundAway,
  signOf,
  timesPow10,
  toInteger,
} from './exact-integer.ts';
import { scaledDec, scaledInt64Amount } from './int64.ts';
import { BINARY_SUFFIX_OF, DECIMAL_SUFFIX_OF, interpretSuffix, type Suffix } from './suffix.ts';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent' | '';

export const ERR_FORMAT_WRONG =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const ERR_NUMERIC = 'unable to parse numeric part of quantity';
export const ERR_SUFFIX = "unable to parse quantity's suffix";

export const SCALE_NANO = -9;
export const SCALE_MICRO = -6;
export const SCALE_MILLI = -3;
export const SCALE_KILO = 3;
export const SCALE_MEGA = 6;
export const SCALE_GIGA = 9;

export type ParsedQuantity =
  | { readonly ok: true; readonly value: Quantity }
  | { readonly ok: false; readonly error: string };

// No amount that means anything needs a larger power of ten written out.
const MAX_POWER = 10_000;

// Immutable: every operation that changes something answers with another Quantity.
export class Quantity {
  // The amount is unscaled × 10^scale.
  readonly unscaled: Integer;
  readonly scale: number;
  readonly format: QuantityFormat;
  // Whether Go holds the amount as inf.Dec (after overflow or a slow parse) rather than as int64: rounding and the
  // hash of a pod template depend on it.
  readonly infDec: boolean;
  // The text Go remembers from parsing (its field s), '' when it has none.
  readonly cachedText: string;
  #text: string | undefined;

  constructor(unscaled: Integer, scale: number, format: QuantityFormat, infDec = false, cachedText = '') {
    this.unscaled = unscaled;
    this.scale = scale;
    this.format = format;
    this.infDec = infDec;
    this.cachedText = cachedText;
    this.#text = cachedText === '' ? undefined : cachedText;
  }

  static zero(format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity(0, 0, format);
  }

  // value × 1 in the given format.
  static of(value: Integer, format: QuantityFormat): Quantity {
    return new Quantity(normal(value), 0, format);
  }

  static ofMilli(value: Integer, format: QuantityFormat): Quantity {
    return new Quantity(normal(value), SCALE_MILLI, format);
  }

  // value × 10^scale, printed as DecimalSI.
  static ofScaled(value: Integer, scale: number): Quantity {
    return new Quantity(normal(value), scale, 'DecimalSI');
  }

  toString(): string {
    return (this.#text ??= canonicalText(this));
  }

  // What encoding/json writes.
  toJSON(): string {
    return this.toString();
  }

  isZero(): boolean {
    return isZero(this.unscaled);
  }

  sign(): -1 | 0 | 1 {
    return signOf(this.unscaled);
  }

  cmp(other: Quantity): -1 | 0 | 1 {
    return compareAmounts(this.unscaled, this.scale, other.unscaled, other.scale);
  }

  cmpInt(value: Integer): -1 | 0 | 1 {
    return compareAmounts(this.unscaled, this.scale, normal(value), 0);
  }

  equals(other: Quantity): boolean {
    return this.cmp(other) === 0;
  }

  // A zero takes over the format of what is added to it.
  add(other: Quantity): Quantity {
    return addAmounts(this, other, other.unscaled);
  }

  sub(other: Quantity): Quantity {
    return addAmounts(this, other, negate(other.unscaled));
  }

  mul(factor: Integer): Quantity {
    const product = multiply(this.unscaled, normal(factor));
    if (this.infDec) return new Quantity(product, this.scale, this.format, true);
    if (isZero(this.unscaled)) return new Quantity(0, this.scale, this.format);
    if (isZero(product)) return new Quantity(0, 0, this.format);
    // Go leaves int64 also when the product is not a whole number.
    const whole = this.scale >= 0 || isZero(remainderPow10(product, -this.scale));
    const fits = whole && fitsInt64(product) && (this.scale <= 0 || fitsInt64(timesPow10(product, this.scale)));
    return new Quantity(product, this.scale, this.format, !fits);
  }

  neg(): Quantity {
    return new Quantity(negate(this.unscaled), this.scale, this.format, this.infDec);
  }

  // The amount as a whole number, fractions rounded away from zero. Beyond 2^53 the nearest double; see valueInt64.
  value(): number {
    return this.scaledValue(0);
  }

  milliValue(): number {
    return this.scaledValue(SCALE_MILLI);
  }

  // ceil(amount / 10^scale), as a number.
  scaledValue(scale: number): number {
    return Number(this.#scaledExactly(scale));
  }

  // As valueInt64, a bigint only beyond 2^53.
  exactValue(): Integer {
    return this.#scaledExactly(0);
  }

  exactMilliValue(): Integer {
    return this.#scaledExactly(SCALE_MILLI);
  }

  #scaledExactly(scale: number): Integer {
    const { unscaled } = this;
    if (typeof unscaled === 'number' && !this.infDec) {
      const shift = this.scale - scale;
      if (shift === 0) return unscaled;
      if (shift < 0 && shift >= -15) return divideAway(unscaled, POW10[-shift] ?? 1);
      if (shift > 0 && shift <= 15) {
        const product = unscaled * (POW10[shift] ?? 1);
        if (Number.isSafeInteger(product)) return product;
      }
    }
    return normal(this.scaledInt64(scale));
  }

  // The exact int64 that Go's Value() gives, including how it wraps when the amount is too large.
  valueInt64(): bigint {
    return this.scaledInt64(0);
  }

  milliValueInt64(): bigint {
    return this.scaledInt64(SCALE_MILLI);
  }

  scaledInt64(scale: number): bigint {
    const unscaled = BigInt(this.unscaled);
    return this.infDec ? scaledDec(unscaled, this.scale, scale) : scaledInt64Amount(unscaled, this.scale, scale);
  }

  // The amount as an int64, undefined when Go's fast conversion would refuse (fraction, overflow, inf.Dec).
  asInt64(): bigint | undefined {
    if (this.infDec || this.scale < 0) return undefined;
    if (isZero(this.unscaled)) return 0n;
    if (this.scale > MAX_INT64_DIGITS) return undefined;
    const value = timesPow10(this.unscaled, this.scale);
    return fitsInt64(value) ? BigInt(value) : undefined;
  }

  asApproximateFloat(): number {
    const base = Number(this.unscaled);
    return this.scale === 0 ? base : base * pow10Float(this.scale);
  }

  // Rounded away from zero so that nothing finer than 10^scale is left.
  roundUp(scale: number): Quantity {
    if (!this.infDec && this.scale >= scale) return this;
    return new Quantity(roundAway(this.unscaled, this.scale, scale), scale, this.format, this.infDec);
  }

  // Whether the amount has nothing finer than 10^scale.
  isExactAt(scale: number): boolean {
    return (
      this.scale >= scale ||
      compareAmounts(roundAway(this.unscaled, this.scale, scale), scale, this.unscaled, this.scale) === 0
    );
  }

  // The same amount printed in another format.
  withFormat(format: QuantityFormat): Quantity {
    return new Quantity(this.unscaled, this.scale, format, this.infDec);
  }

  // The amount as Go re-reads it from its canonical text: what a stored object holds.
  reparsed(): Quantity {
    return mustParseQuantity(this.toString());
  }
}

// Texts repeat by the thousand in a cluster; the results are immutable and shared.
const CACHE_LIMIT = 20_000;
const cache = new Map<string, Quantity | string>();

export function parseQuantity(text: string): Quantity | undefined {
  const found = parseCached(text);
  return typeof found === 'string' ? undefined : found;
}

export function parseQuantityOrError(text: string): ParsedQuantity {
  const found = parseCached(text);
  return typeof found === 'string' ? { ok: false, error: found } : { ok: true, value: found };
}

export function mustParseQuantity(text: string): Quantity {
  const found = parseCached(text);
  if (typeof found === 'string') throw new Error(`cannot parse '${text}': ${found}`);
  return found;
}

// The quantity of a JSON value: strings are trimmed, numbers read by their text, null and absence are zero.
export function quantityFromJson(value: string | number | null | undefined): ParsedQuantity {
  if (value === null || value === undefined) return { ok: true, value: Quantity.zero('') };
  return parseQuantityOrError(typeof value === 'number' ? String(value) : trimSpace(value));
}

function parseCached(text: string): Quantity | string {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, parsed);
  return parsed;
}

// Sign, leading zeros, integer digits, fraction, suffix. Looser than ERR_FORMAT_WRONG says: "+" and "." are zero.
const GRAMMAR = /^([+-]?)(0*)([0-9]*)(?:(\.)([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

function parse(text: string): Quantity | string {
  if (text === '') return ERR_FORMAT_WRONG;
  if (text === '0') return new Quantity(0, 0, 'DecimalSI', false, '0');
  const match = GRAMMAR.exec(text);
  if (match === null) return ERR_FORMAT_WRONG;
  const sign = match[1] ?? '';
  const integer = match[3] === undefined || match[3] === '' ? '0' : match[3];
  const fraction = match[5] ?? '';
  const suffix = interpretSuffix(match[6] ?? '');
  if (suffix === undefined) return ERR_SUFFIX;
  return parseFast(text, sign, integer, fraction, suffix) ?? parseSlow(match, sign, integer, fraction, suffix);
}

// Amounts that fit an int64 with room to spare; undefined sends the text to the slow path.
function parseFast(
  text: string,
  sign: string,
  integer: string,
  fraction: string,
  suffix: Suffix,
): Quantity | undefined {
  const digits = integer.length + fraction.length;
  let scale = -fraction.length;
  let factor = 1;
  if (suffix.base === 10) {
    if (digits > MAX_INT64_DIGITS) return undefined;
    scale += suffix.exponent;
  } else {
    // 2^10 has about three decimal digits.
    if (fraction !== '' || 14 - integer.length - Math.floor((suffix.exponent * 3) / 10) < 0) return undefined;
    factor = 2 ** suffix.exponent;
  }
  if (scale < SCALE_NANO) return undefined;
  const shifted = integer + fraction;
  const value = toInteger(shifted);
  const product = multiply(value, factor);
  const signed = sign === '-' ? negate(product) : product;
  const canonical =
    suffix.base === 2
      ? suffix.exponent % 10 === 0 && Number(BigInt(value) & 7n) !== 0
      : scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
  return new Quantity(signed, scale, suffix.format, false, canonical ? text : '');
}

function parseSlow(
  match: RegExpExecArray,
  sign: string,
  integer: string,
  fraction: string,
  suffix: Suffix,
): Quantity | string {
  // inf.Dec wants a digit somewhere, leading zeros included.
  if (`${match[2] ?? ''}${match[3] ?? ''}${fraction}` === '') return ERR_NUMERIC;
  let amount = toInteger(integer + fraction);
  let scale = -fraction.length;
  let format: QuantityFormat = suffix.format;
  if (suffix.base === 10) scale = wrapInt32(scale + suffix.exponent);
  else amount = normal(BigInt(amount) << BigInt(suffix.exponent));
  // Differs: upstream would set out to compute such a power of ten.
  if (scale > MAX_POWER && !isZero(amount)) return ERR_NUMERIC;
  // Whoever asks for too little shall get something: amounts below a nano are rounded up to it.
  if (!isZero(amount)) {
    amount = roundAway(amount, scale, SCALE_NANO);
    scale = SCALE_NANO;
  }
  if (format === 'BinarySI') {
    if (compareAmounts(amount, scale, MAX_INT64, 0) > 0) {
      amount = MAX_INT64;
      scale = 0;
    }
    if (compareAmounts(amount, scale, 1, 0) < 0 && !isZero(amount)) format = 'DecimalSI';
  }
  return new Quantity(sign === '-' ? negate(amount) : amount, scale, format, true);
}

function canonicalText(q: Quantity): string {
  if (q.isZero()) return '0';
  if (q.format === 'BinarySI' && (q.cmpInt(-1024) <= 0 || q.cmpInt(1024) >= 0) && q.isExactAt(0)) return binaryText(q);
  // Binary amounts that are small or have a fraction print as DecimalSI rather than lose something.
  return decimalText(q, q.format === 'BinarySI' || q.format === 'DecimalSI');
}

function decimalText(q: Quantity, si: boolean): string {
  let digits = BigInt(q.unscaled).toString();
  let exponent = q.scale;
  let end = digits.length;
  while (end > 1 && digits.charCodeAt(end - 1) === 48) end--;
  exponent += digits.length - end;
  digits = digits.slice(0, end);
  const excess = ((exponent % 3) + 3) % 3;
  digits += '0'.repeat(excess);
  exponent -= excess;
  // An exponent without a suffix prints none: upstream ignores that the lookup failed.
  if (si) return digits + (DECIMAL_SUFFIX_OF.get(exponent) ?? '');
  return exponent === 0 ? digits : `${digits}e${exponent}`;
}

function binaryText(q: Quantity): string {
  let amount = BigInt(roundAway(q.unscaled, q.scale, 0));
  if (q.scale > 0) amount = BigInt(timesPow10(q.unscaled, q.scale));
  let exponent = 0;
  while (amount % 1024n === 0n) {
    amount /= 1024n;
    exponent += 10;
  }
  return amount.toString() + (BINARY_SUFFIX_OF.get(exponent) ?? '');
}

function addAmounts(a: Quantity, b: Quantity, addend: Integer): Quantity {
  const format = a.isZero() ? b.format : a.format;
  if (!a.infDec && !b.infDec) {
    if (isZero(addend)) return new Quantity(a.unscaled, a.scale, format);
    if (a.isZero()) return new Quantity(addend, b.scale, format);
    const scale = Math.min(a.scale, b.scale);
    // Where 10^difference cannot fit, Go's int64 path overflows too.
    if (Math.abs(a.scale - b.scale) <= MAX_INT64_DIGITS) {
      const x = timesPow10(a.unscaled, a.scale - scale);
      const y = timesPow10(addend, b.scale - scale);
      const sum = plus(x, y);
      if (fitsInt64(x) && fitsInt64(y) && fitsInt64(sum)) return new Quantity(sum, scale, format);
      return new Quantity(sum, scale, format, true);
    }
  }
  // Differs: amounts that far apart are not added digit by digit, the greater one stands.
  if (Math.abs(a.scale - b.scale) > MAX_POWER) {
    return !a.isZero() && (a.scale > b.scale || isZero(addend))
      ? new Quantity(a.unscaled, a.scale, format, true)
      : new Quantity(addend, b.scale, format, true);
  }
  const scale = Math.min(a.scale, b.scale);
  const sum = plus(timesPow10(a.unscaled, a.scale - scale), timesPow10(addend, b.scale - scale));
  return new Quantity(sum, scale, format, true);
}

function wrapInt32(value: number): number {
  return value | 0;
}
