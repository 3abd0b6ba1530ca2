// What stands behind the number of an amount: Ki, m, e3.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/resource/suffix.go, Kubernetes v1.36.3.
import { MAX_INT64, MIN_INT64 } from '../go/integer-limits.ts';

export interface Suffix {
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

export const DECIMAL_SUFFIX_OF = new Map(DECIMAL_SUFFIXES.map(([text, exponent]) => [exponent, text]));
export const BINARY_SUFFIX_OF = new Map(BINARY_SUFFIXES.map(([text, exponent]) => [exponent, text]));

export function interpretSuffix(text: string): Suffix | undefined {
  const known = SUFFIXES.get(text);
  if (known !== undefined) return known;
  if (!/^[eE][-+]?[0-9]+$/.test(text)) return undefined;
  const exponent = BigInt(text.startsWith('+', 1) ? text.slice(2) : text.slice(1));
  if (exponent > MAX_INT64 || exponent < MIN_INT64) return undefined;
  return { base: 10, exponent: Number(BigInt.asIntN(32, exponent)), format: 'DecimalExponent' };
}
