// `--sort-by`: objects in the order of what a JSONPath finds in them.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/get/sorter.go, Kubernetes v1.36.3.
import { compareBytes } from '../../apimachinery/go/json.ts';
import { goSorted } from '../../apimachinery/go/sort.ts';
import { isMap } from '../../apimachinery/json.ts';
import { parseQuantity } from '../../apimachinery/quantity/quantity.ts';
import { findResults } from './jsonpath/evaluate.ts';
import { JsonPathError } from './jsonpath/parser.ts';

/** Values of a kind that has no order; kubectl gives up at once, in the words of its log. */
export class UnsortableError extends Error {}

/** Throws UnsortableError, and JsonPathError where the path cannot be read or finds nothing in any object. */
export function sortedBy<T>(items: readonly T[], path: string, objectOf: (item: T) => unknown): readonly T[] {
  const keyed = items.map((item) => ({ item, values: findResults(path, objectOf(item))[0] ?? [] }));
  if (items.length > 0 && keyed.every(({ values }) => values.length === 0)) {
    throw new JsonPathError(`couldn't find any field with path "${path}" in the list of objects`);
  }
  return goSorted(keyed, (a, b) => {
    if (a.values.length === 0) return true;
    if (b.values.length === 0) return false;
    return isLess(a.values[0], b.values[0]);
  }).map(({ item }) => item);
}

function isLess(a: unknown, b: unknown): boolean {
  if (a === null) return b !== null;
  if (b === null) return false;
  const type = goTypeOf(a);
  if (!SORTABLE.has(type)) throw new UnsortableError(`unsortable type: ${type}`);
  if (goTypeOf(b) !== type) throw new UnsortableError('unsortable interface: interface');
  if (typeof a === 'number') return a < Number(b);
  const left = parseQuantity(String(a));
  const right = left && parseQuantity(String(b));
  return left && right ? left.cmp(right) < 0 : compareBytes(String(a), String(b)) < 0;
}

const SORTABLE = new Set(['int64', 'float64', 'string']);

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isMap(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
