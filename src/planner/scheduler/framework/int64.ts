// Integer arithmetic as Go's int64 does it: on numbers as long as they are exact, beyond that on bigints, which wrap around.

/** A safe integer is always a number, any other int64 a bigint: two that are equal are of one type, and `<` compares both. */
export type Int64 = number | bigint;

export function int64Of(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value);
  const small = Number(wrapped);
  return Number.isSafeInteger(small) ? small : wrapped;
}

/** As Go converts on amd64: toward zero, and what does not fit is the least int64. */
export function int64OfFloat(value: number): Int64 {
  if (Math.abs(value) < Number.MAX_SAFE_INTEGER) return Math.trunc(value);
  return Math.abs(value) < 2 ** 63 ? int64Of(BigInt(Math.trunc(value))) : -(2n ** 63n);
}

export function add(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= Number.MAX_SAFE_INTEGER && sum >= Number.MIN_SAFE_INTEGER) return sum;
  }
  return int64Of(BigInt(a) + BigInt(b));
}

export function subtract(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (difference <= Number.MAX_SAFE_INTEGER && difference >= Number.MIN_SAFE_INTEGER) return difference;
  }
  return int64Of(BigInt(a) - BigInt(b));
}

export function multiply(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (product <= Number.MAX_SAFE_INTEGER && product >= Number.MIN_SAFE_INTEGER) return product === 0 ? 0 : product;
  }
  return int64Of(BigInt(a) * BigInt(b));
}

/** Truncated toward zero, for b ≠ 0. */
export function divide(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') return divideSafe(a, b);
  return int64Of(BigInt(a) / BigInt(b));
}

export function larger(a: Int64, b: Int64): Int64 {
  return a < b ? b : a;
}

/** a·b / c truncated toward zero, for c ≠ 0; the product wraps around as Go's does. */
export function multiplyDivide(a: number, b: number, c: number): number {
  const product = a * b;
  if (Math.abs(product) > Number.MAX_SAFE_INTEGER || Math.abs(c) > Number.MAX_SAFE_INTEGER)
    return Number(BigInt.asIntN(64, BigInt(Math.trunc(a)) * BigInt(b)) / BigInt(Math.trunc(c)));
  return divideSafe(product, c);
}

function divideSafe(a: number, b: number): number {
  if (a < 0 || b < 0) {
    const quotient = divideSafe(Math.abs(a), Math.abs(b));
    return a < 0 === b < 0 || quotient === 0 ? quotient : -quotient;
  }
  const quotient = Math.floor(a / b);
  // A quotient just below a whole number may round up to it.
  return quotient * b > a ? quotient - 1 : quotient;
}
