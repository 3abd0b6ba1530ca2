// Integer arithmetic as Go's int64 does it, on numbers as long as they are exact.

/** a·b / c truncated toward zero, for a, b, c ≥ 0 and c > 0. */
export function multiplyDivide(a: number, b: number, c: number): number {
  const product = a * b;
  if (product > Number.MAX_SAFE_INTEGER || c > Number.MAX_SAFE_INTEGER)
    return Number((BigInt(Math.trunc(a)) * BigInt(b)) / BigInt(Math.trunc(c)));
  const quotient = Math.floor(product / c);
  // A quotient just below a whole number may round up to it.
  return quotient * c > product ? quotient - 1 : quotient;
}
