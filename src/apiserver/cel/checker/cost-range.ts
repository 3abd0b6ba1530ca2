// How cost estimates add up.
// Behaviour: cel-go v0.26.0 checker/cost.go (CostEstimate, SizeEstimate), Kubernetes v1.36.3.

/** Unsigned 64 bit numbers that stay at the largest instead of overflowing. */
export interface Range {
  readonly min: bigint;
  readonly max: bigint;
}
export const MAX = (1n << 64n) - 1n;
/** Of what one character costs where text is read once, and of what one of a pattern's does. */
export const TRAVERSAL = 0.1;
export const REGEX_LENGTH = 0.25;
export const UNKNOWN: Range = { min: 0n, max: MAX };

export const fixed = (value: number | bigint): Range => ({ min: BigInt(value), max: BigInt(value) });
export const ZERO = fixed(0);
export const ONE = fixed(1);
const cap = (value: bigint): bigint => (value > MAX ? MAX : value);
export const add = (...parts: readonly Range[]): Range =>
  parts.reduce((a, b) => ({ min: cap(a.min + b.min), max: cap(a.max + b.max) }), ZERO);
export const multiply = (a: Range, b: Range): Range => ({ min: cap(a.min * b.min), max: cap(a.max * b.max) });
/** Math.min takes no bigint. */
export function least(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
function most(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
export const union = (a: Range, b: Range): Range => ({ min: least(a.min, b.min), max: most(a.max, b.max) });
export const scaleOne = (value: bigint, factor: number): bigint => {
  const scaled = Math.ceil(Number(value) * factor);
  return scaled >= 2 ** 64 ? MAX : BigInt(scaled);
};
export const scale = (range: Range, factor: number): Range => ({
  min: scaleOne(range.min, factor),
  max: scaleOne(range.max, factor),
});
