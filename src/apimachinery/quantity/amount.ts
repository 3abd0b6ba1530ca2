// What an amount is made of.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/resource/{quantity,amount}.go, Kubernetes v1.36.3.
import type { Integer } from './exact-integer.ts';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent' | '';

export interface Amount {
  /** The amount is unscaled × 10^scale. */
  readonly unscaled: Integer;
  readonly scale: number;
  readonly format: QuantityFormat;
  /**
   * Whether Go holds the amount as inf.Dec (after overflow or a slow parse) rather than as int64: rounding and the
   * hash of a pod template depend on it.
   */
  readonly infDec: boolean;
  /** The text Go remembers from parsing (its field s), '' when it has none. */
  readonly cachedText: string;
}

export const SCALE_NANO = -9;
export const SCALE_MILLI = -3;

/** No amount that means anything needs a larger power of ten written out. */
export const MAX_POWER = 10_000;
