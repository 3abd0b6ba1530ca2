// An amount as the int64 that Go makes of it, with the roundings and overflows of its two ways of holding amounts.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/resource/{amount,math}.go, Kubernetes v1.36.3.
import { MAX_INT64, MIN_INT64 } from '../go/integer-limits.ts';
import { digitCount, MAX_INT64_DIGITS, roundAway } from './exact-integer.ts';

/** int64Amount.AsScaledInt64: rounds away from zero going down, and shows Go's overflow going up. */
export function scaledInt64Amount(value: bigint, from: number, to: number): bigint {
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

/**
 * scaledValue of an inf.Dec: one more than the quotient whenever there is a remainder, even for negative amounts
 * on the short path, as upstream.
 */
export function scaledDec(unscaled: bigint, from: number, to: number): bigint {
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
