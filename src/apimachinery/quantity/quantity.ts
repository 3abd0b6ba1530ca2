// Amounts such as 250m, 1.5Gi or 3e2: read, compared, added and printed exactly as Go's resource.Quantity.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/resource/{quantity,amount,math,scale_int,suffix}.go, Kubernetes v1.36.3.
import { trimSpace } from '../go/trim-space.ts';
import { type Amount, MAX_POWER, type QuantityFormat, SCALE_MILLI } from './amount.ts';
import { canonicalText, isExactAt } from './canonical-text.ts';
import {
  compareAmounts,
  divideAway,
  fitsInt64,
  type Integer,
  isZero,
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
} from './exact-integer.ts';
import { scaledDec, scaledInt64Amount } from './int64.ts';
import { parseAmount } from './parse-amount.ts';

type ParsedQuantity = { readonly ok: true; readonly value: Quantity } | { readonly ok: false; readonly error: string };

/** Immutable: every operation that changes something answers with another Quantity. */
export class Quantity implements Amount {
  readonly unscaled: Integer;
  readonly scale: number;
  readonly format: QuantityFormat;
  readonly infDec: boolean;
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

  /** value × 1 in the given format. */
  static of(value: Integer, format: QuantityFormat): Quantity {
    return new Quantity(normal(value), 0, format);
  }

  static ofMilli(value: Integer, format: QuantityFormat): Quantity {
    return new Quantity(normal(value), SCALE_MILLI, format);
  }

  toString(): string {
    return (this.#text ??= canonicalText(this));
  }

  /** What encoding/json writes. */
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

  /** A zero takes over the format of what is added to it. */
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

  /** The amount as a whole number, fractions rounded away from zero. Beyond 2^53 the nearest double; see valueInt64. */
  value(): number {
    return this.scaledValue(0);
  }

  milliValue(): number {
    return this.scaledValue(SCALE_MILLI);
  }

  /** ceil(amount / 10^scale), as a number. */
  scaledValue(scale: number): number {
    return Number(this.#scaledExactly(scale));
  }

  /** As valueInt64, a bigint only beyond 2^53. */
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

  /** The exact int64 that Go's Value() gives, including how it wraps when the amount is too large. */
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

  /** The amount as an int64, undefined when Go's fast conversion would refuse (fraction, overflow, inf.Dec). */
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

  /** Rounded away from zero so that nothing finer than 10^scale is left. */
  roundUp(scale: number): Quantity {
    if (!this.infDec && this.scale >= scale) return this;
    return new Quantity(roundAway(this.unscaled, this.scale, scale), scale, this.format, this.infDec);
  }

  isExactAt(scale: number): boolean {
    return isExactAt(this, scale);
  }

  /** The amount as Go re-reads it from its canonical text: what a stored object holds. */
  reparsed(): Quantity {
    return mustParseQuantity(this.toString());
  }
}

/** Texts repeat by the thousand in a cluster; the results are immutable and shared. */
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

/** The quantity of a JSON value: strings are trimmed, numbers read by their text, null and absence are zero. */
export function quantityFromJson(value: string | number | null | undefined): ParsedQuantity {
  if (value === null || value === undefined) return { ok: true, value: Quantity.zero('') };
  return parseQuantityOrError(typeof value === 'number' ? String(value) : trimSpace(value));
}

function parseCached(text: string): Quantity | string {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const amount = parseAmount(text);
  const parsed =
    typeof amount === 'string'
      ? amount
      : new Quantity(amount.unscaled, amount.scale, amount.format, amount.infDec, amount.cachedText);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, parsed);
  return parsed;
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
