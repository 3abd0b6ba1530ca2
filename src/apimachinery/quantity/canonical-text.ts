// The one text of an amount in its format.
// Behaviour: CanonicalizeBytes in staging/src/k8s.io/apimachinery/pkg/api/resource/{quantity,amount}.go, Kubernetes v1.36.3.
import type { Amount } from './amount.ts';
import { compareAmounts, isZero, roundAway, timesPow10 } from './exact-integer.ts';
import { BINARY_SUFFIX_OF, DECIMAL_SUFFIX_OF } from './suffix.ts';

export function canonicalText(q: Amount): string {
  if (isZero(q.unscaled)) return '0';
  if (q.format === 'BinarySI' && isLarge(q) && isExactAt(q, 0)) return binaryText(q);
  // Binary amounts that are small or have a fraction print as DecimalSI rather than lose something.
  return decimalText(q, q.format === 'BinarySI' || q.format === 'DecimalSI');
}

const isLarge = ({ unscaled, scale }: Amount): boolean =>
  compareAmounts(unscaled, scale, -1024, 0) <= 0 || compareAmounts(unscaled, scale, 1024, 0) >= 0;

/** Whether the amount has nothing finer than 10^scale. */
export function isExactAt(q: Amount, scale: number): boolean {
  return q.scale >= scale || compareAmounts(roundAway(q.unscaled, q.scale, scale), scale, q.unscaled, q.scale) === 0;
}

function decimalText(q: Amount, si: boolean): string {
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

function binaryText(q: Amount): string {
  let amount = BigInt(roundAway(q.unscaled, q.scale, 0));
  if (q.scale > 0) amount = BigInt(timesPow10(q.unscaled, q.scale));
  let exponent = 0;
  while (amount % 1024n === 0n) {
    amount /= 1024n;
    exponent += 10;
  }
  return amount.toString() + (BINARY_SUFFIX_OF.get(exponent) ?? '');
}
