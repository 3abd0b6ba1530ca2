// Integer arithmetic as Go's int64 does it, on numbers as long as they are exact.

/** a·b / c truncated toward zero, for c ≠ 0; the product wraps around as Go's does. */
export function multiplyDivide(a: number, b: number, c: number): number {
  const product = a * b;
  if (Math.abs(product) > Number.MAX_SAFE_INTEGER || Math.abs(c) > Number.MAX_SAFE_INTEGER)
    return Number(BigInt.asIntN(64, BigInt(Math.trunc(a)) * BigInt(b)) / BigInt(Math.trunc(c)));
  if (product < 0 || c < 0) return Math.trunc(product / c);
  const quotient = Math.floor(product / c);
  // A quotient just below a whole number may round up to it.
  return quotient * c > product ? quotient - 1 : quotient;
}
