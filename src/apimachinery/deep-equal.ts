// Whether two values mean the same to Kubernetes, however they are written.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/equality/semantic.go, Kubernetes v1.36.3.
// Differs: plain values do not know their Go type, so the caller says where quantities are and whether {} is a map.
import { parseQuantity } from './quantity/quantity.ts';

interface EqualityOptions {
  /** Whether the string at this path is a quantity: 1000m and 1 are then the same. */
  readonly isQuantity?: (path: readonly string[]) => boolean;
  /** A struct behind a pointer that is {} differs from one that is absent; an empty map does not. Default: 'distinct'. */
  readonly emptyObject?: 'distinct' | 'absent';
}

const STRUCTURAL: EqualityOptions = {};

/**
 * Absent, null and the empty list are equal, and objects whatever the order of their keys. An empty text differs from
 * an absent one, for stored objects hold none.
 */
export function semanticDeepEqual(a: unknown, b: unknown, options: EqualityOptions = STRUCTURAL): boolean {
  return equal(a, b, options, options.isQuantity === undefined ? undefined : []);
}

/** The path is only kept when somebody asks about it. */
function equal(a: unknown, b: unknown, options: EqualityOptions, path: string[] | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || a === null) return isEmpty(b, options);
  if (b === undefined || b === null) return isEmpty(a, options);
  if (typeof a !== 'object' || typeof b !== 'object') return equalQuantities(a, b, options, path);
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && equalLists(a, b, options, path);
  }
  return equalObjects(a, b, options, path);
}

function isEmpty(value: unknown, options: EqualityOptions): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return options.emptyObject === 'absent' && typeof value === 'object' && Object.keys(value).length === 0;
}

function equalLists(
  a: readonly unknown[],
  b: readonly unknown[],
  options: EqualityOptions,
  path: string[] | undefined,
): boolean {
  return a.length === b.length && a.every((item, i) => equalAt(String(i), item, b[i], options, path));
}

function equalObjects(a: object, b: object, options: EqualityOptions, path: string[] | undefined): boolean {
  // An object decoded from JSON has only string keys.
  const x = a as Readonly<Record<string, unknown>>;
  const y = b as Readonly<Record<string, unknown>>;
  // Plain values inherit no key, and in this way no list of keys is made.
  for (const key in x) if (!equalAt(key, x[key], y[key], options, path)) return false;
  for (const key in y) {
    if (!Object.hasOwn(x, key) && !equalAt(key, undefined, y[key], options, path)) return false;
  }
  return true;
}

function equalAt(key: string, a: unknown, b: unknown, options: EqualityOptions, path: string[] | undefined): boolean {
  path?.push(key);
  const same = equal(a, b, options, path);
  path?.pop();
  return same;
}

function equalQuantities(a: unknown, b: unknown, options: EqualityOptions, path: string[] | undefined): boolean {
  if (path === undefined || options.isQuantity === undefined || !options.isQuantity(path)) return false;
  const x = parseQuantity(String(a));
  const y = parseQuantity(String(b));
  return x !== undefined && y !== undefined && x.cmp(y) === 0;
}
