// Amounts such as 250m, 1.5Gi or 3e2: read, compared, added and printed exactly as Go's resource.Quantity.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/resource/{quantity,amount,math,scale_int,suffix}.go, Kubernetes v1.36.3.

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

// A safe integer is kept as a number, which is fast; anything larger as a bigint. Never -0.
type Integer = number | bigint;

const MAX_INT64 = (1n << 63n) - 1n;
const MIN_INT64 = -(1n << 63n);
// The decimal digits that surely fit an int64.
const MAX_INT64_DIGITS = 18;
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
    return Number(this.scaledInt64(scale));
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

// unicode.IsSpace, which unlike JavaScript's trim includes U+0085 and excludes U+FEFF.
const LEADING_SPACE = /^[\t\n\v\f\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const TRAILING_SPACE = /[\t\n\v\f\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

function trimSpace(text: string): string {
  return text.replace(LEADING_SPACE, '').replace(TRAILING_SPACE, '');
}

function parseCached(text: string): Quantity | string {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, parsed);
  return parsed;
}

interface Suffix {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent';
}

const DECIMAL_SUFFIXES: readonly (readonly [string, number])[] = [
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
];

const BINARY_SUFFIXES: readonly (readonly [string, number])[] = [
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
];

const SUFFIXES: ReadonlyMap<string, Suffix> = new Map<string, Suffix>([
  ...DECIMAL_SUFFIXES.map(([text, exponent]) => [text, { base: 10, exponent, format: 'DecimalSI' }] as const),
  ...BINARY_SUFFIXES.map(([text, exponent]) => [text, { base: 2, exponent, format: 'BinarySI' }] as const),
]);

const DECIMAL_SUFFIX_OF = new Map(DECIMAL_SUFFIXES.map(([text, exponent]) => [exponent, text]));
const BINARY_SUFFIX_OF = new Map(BINARY_SUFFIXES.map(([text, exponent]) => [exponent, text]));

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

function interpretSuffix(text: string): Suffix | undefined {
  const known = SUFFIXES.get(text);
  if (known !== undefined) return known;
  if (!/^[eE][-+]?[0-9]+$/.test(text)) return undefined;
  const exponent = BigInt(text.startsWith('+', 1) ? text.slice(2) : text.slice(1));
  if (exponent > MAX_INT64 || exponent < MIN_INT64) return undefined;
  return { base: 10, exponent: Number(BigInt.asIntN(32, exponent)), format: 'DecimalExponent' };
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

// int64Amount.AsScaledInt64: rounds away from zero going down, and shows Go's overflow going up.
function scaledInt64Amount(value: bigint, from: number, to: number): bigint {
  if (from < to) return BigInt(roundAway(value, from, to));
  const shift = from - to;
  if (shift === 0 || value === 0n) return value;
  // The steps that upstream multiplies at once return the wrapped product, the others give up with 0.
  const atOnce = shift === 1 || shift === 2 || shift === 3 || shift === 6 || shift === 9;
  if (!atOnce && shift > MAX_INT64_DIGITS) return 0n;
  const product = value * 10n ** BigInt(shift);
  if (product >= MIN_INT64 && product <= MAX_INT64) return product;
  return atOnce && value !== MIN_INT64 ? BigInt.asIntN(64, product) : 0n;
}

// scaledValue of an inf.Dec: one more than the quotient whenever there is a remainder, even for negative amounts
// on the short path, as upstream.
function scaledDec(unscaled: bigint, from: number, to: number): bigint {
  const down = to - from;
  if (down === 0) return BigInt.asIntN(64, unscaled);
  if (down < 0) {
    // A float beyond int64 converts to the smallest int64 on amd64.
    const factor = -down <= MAX_INT64_DIGITS ? 10n ** BigInt(-down) : MIN_INT64;
    return BigInt.asIntN(64, BigInt.asIntN(64, unscaled) * factor);
  }
  if (unscaled < MAX_INT64 && down < 19) {
    const value = BigInt.asIntN(64, unscaled);
    const divisor = 10n ** BigInt(down);
    return value % divisor === 0n ? value / divisor : value / divisor + 1n;
  }
  if (down > digitCount(unscaled)) return unscaled > 0n ? 1n : 0n;
  const divisor = 10n ** BigInt(down);
  let quotient = unscaled / divisor;
  let remainder = unscaled % divisor;
  if (remainder < 0n) {
    quotient -= 1n;
    remainder += divisor;
  }
  return BigInt.asIntN(64, remainder === 0n ? quotient : BigInt.asIntN(64, quotient) + 1n);
}

// unscaled × 10^from expressed at scale to, rounded away from zero when to is coarser.
function roundAway(unscaled: Integer, from: number, to: number): Integer {
  if (from >= to) return timesPow10(unscaled, from - to);
  const shift = to - from;
  if (typeof unscaled === 'number') {
    return shift <= 15 ? divideAway(unscaled, POW10[shift] ?? 1) : signOf(unscaled);
  }
  if (shift > digitCount(unscaled)) return signOf(unscaled);
  const divisor = 10n ** BigInt(shift);
  const quotient = unscaled / divisor;
  if (unscaled % divisor === 0n) return normal(quotient);
  return normal(unscaled > 0n ? quotient + 1n : quotient - 1n);
}

function compareAmounts(a: Integer, aScale: number, b: Integer, bScale: number): -1 | 0 | 1 {
  if (aScale === bScale) return a === b ? 0 : a < b ? -1 : 1;
  const sign = signOf(a);
  if (sign !== signOf(b)) return sign < signOf(b) ? -1 : 1;
  if (sign === 0) return 0;
  const shift = aScale - bScale;
  if (typeof a === 'number' && typeof b === 'number' && shift >= -15 && shift <= 15) {
    const x = shift > 0 ? a * (POW10[shift] ?? 1) : a;
    const y = shift < 0 ? b * (POW10[-shift] ?? 1) : b;
    // A rounded product is at least 2^53, so it is only trusted when both are exact.
    if (Number.isSafeInteger(x) && Number.isSafeInteger(y)) return x === y ? 0 : x < y ? -1 : 1;
  }
  // Decide by magnitude first: exponents may be far too large to write out.
  const aTop = digitCount(BigInt(a)) + aScale;
  const bTop = digitCount(BigInt(b)) + bScale;
  if (aTop !== bTop) return aTop < bTop === sign > 0 ? -1 : 1;
  const x = BigInt(timesPow10(a, Math.max(shift, 0)));
  const y = BigInt(timesPow10(b, Math.max(-shift, 0)));
  return x === y ? 0 : x < y ? -1 : 1;
}

const POW10: readonly number[] = Array.from({ length: 16 }, (_, i) => 10 ** i);

function pow10Float(exponent: number): number {
  return Number(`1e${exponent}`);
}

function timesPow10(value: Integer, exponent: number): Integer {
  if (exponent === 0 || isZero(value)) return value;
  if (typeof value === 'number' && exponent <= 15) {
    const product = value * (POW10[exponent] ?? 1);
    if (Number.isSafeInteger(product)) return product;
  }
  return normal(BigInt(value) * 10n ** BigInt(exponent));
}

function remainderPow10(value: Integer, exponent: number): Integer {
  if (typeof value === 'number' && exponent <= 15) return normal(value % (POW10[exponent] ?? 1));
  return normal(BigInt(value) % 10n ** BigInt(exponent));
}

function multiply(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
  }
  return normal(BigInt(a) * BigInt(b));
}

function plus(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normal(BigInt(a) + BigInt(b));
}

function divideAway(value: number, divisor: number): number {
  const remainder = value % divisor;
  const quotient = (value - remainder) / divisor;
  if (remainder === 0) return quotient === 0 ? 0 : quotient;
  return value > 0 ? quotient + 1 : quotient - 1;
}

function negate(value: Integer): Integer {
  return isZero(value) ? 0 : -value;
}

function isZero(value: Integer): boolean {
  return value === 0 || value === 0n;
}

function signOf(value: Integer): -1 | 0 | 1 {
  return isZero(value) ? 0 : value < 0 ? -1 : 1;
}

function fitsInt64(value: Integer): boolean {
  return typeof value === 'number' || (value >= MIN_INT64 && value <= MAX_INT64);
}

function normal(value: Integer): Integer {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    return BigInt(Math.trunc(value));
  }
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function toInteger(digits: string): Integer {
  return digits.length <= 15 ? Number(digits) : normal(BigInt(digits));
}

function digitCount(value: bigint): number {
  return (value < 0n ? -value : value).toString().length;
}

function wrapInt32(value: number): number {
  return value | 0;
}
