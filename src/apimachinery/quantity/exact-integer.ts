// Whole numbers of any size, and what amounts need of them: powers of ten, rounding away from zero, comparing at different scales.
import { MAX_INT64, MIN_INT64 } from '../go/integer-limits.ts';

/** A safe integer is kept as a number, which is fast; anything larger as a bigint. Never -0. */
export type Integer = number | bigint;

/** The decimal digits that surely fit an int64. */
export const MAX_INT64_DIGITS = 18;

/** unscaled × 10^from expressed at scale to, rounded away from zero when to is coarser. */
export function roundAway(unscaled: Integer, from: number, to: number): Integer {
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

export function compareAmounts(a: Integer, aScale: number, b: Integer, bScale: number): -1 | 0 | 1 {
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

export const POW10: readonly number[] = Array.from({ length: 16 }, (_, i) => 10 ** i);

export function pow10Float(exponent: number): number {
  return Number(`1e${exponent}`);
}

export function timesPow10(value: Integer, exponent: number): Integer {
  if (exponent === 0 || isZero(value)) return value;
  if (typeof value === 'number' && exponent <= 15) {
    const product = value * (POW10[exponent] ?? 1);
    if (Number.isSafeInteger(product)) return product;
  }
  return normal(BigInt(value) * 10n ** BigInt(exponent));
}

export function remainderPow10(value: Integer, exponent: number): Integer {
  if (typeof value === 'number' && exponent <= 15) return normal(value % (POW10[exponent] ?? 1));
  return normal(BigInt(value) % 10n ** BigInt(exponent));
}

export function multiply(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
  }
  return normal(BigInt(a) * BigInt(b));
}

export function plus(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normal(BigInt(a) + BigInt(b));
}

export function divideAway(value: number, divisor: number): number {
  const remainder = value % divisor;
  const quotient = (value - remainder) / divisor;
  if (remainder === 0) return quotient === 0 ? 0 : quotient;
  return value > 0 ? quotient + 1 : quotient - 1;
}

export function negate(value: Integer): Integer {
  return isZero(value) ? 0 : -value;
}

export function isZero(value: Integer): boolean {
  return value === 0 || value === 0n;
}

export function signOf(value: Integer): -1 | 0 | 1 {
  return isZero(value) ? 0 : value < 0 ? -1 : 1;
}

export function fitsInt64(value: Integer): boolean {
  return typeof value === 'number' || (value >= MIN_INT64 && value <= MAX_INT64);
}

export function normal(value: Integer): Integer {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    return BigInt(Math.trunc(value));
  }
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

export function toInteger(digits: string): Integer {
  return digits.length <= 15 ? Number(digits) : normal(BigInt(digits));
}

export function digitCount(value: bigint): number {
  return (value < 0n ? -value : value).toString().length;
}
