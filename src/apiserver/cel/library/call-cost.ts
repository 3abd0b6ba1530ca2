// What one call costs when it runs.
// Behaviour: k8s.io/apiserver pkg/cel/library/cost.go, Kubernetes v1.36.3; cel-go v0.26.0 interpreter/runtimecost.go, ext/{lists,sets}.go.
import {
  Abort,
  CelError,
  type CelValue,
  JsonPatchValue,
  KubernetesValue,
  ListValue,
  MapValue,
  Optional,
  sizeOf,
} from '../values/value.ts';
import { CONSTANT_COST } from './constant-cost.ts';
import { FormatValue } from './format.ts';

const TRAVERSAL = 0.1;
const REGEX_LENGTH = 0.25;
const LIST_BASE = 10;

const TRAVERSE = new Set(['isSorted', 'sum', 'max', 'min', 'indexOf', 'lastIndexOf']);
const BY_TEXT = new Set([
  'url',
  'lowerAscii',
  'upperAscii',
  'substring',
  'trim',
  'jsonpatch.escapeKey',
  'cidr',
  'isIP',
  'isCIDR',
  'quantity',
  'isQuantity',
  'semver',
  'isSemver',
]);

const plainSize = (value: CelValue | undefined): number => (value === undefined ? 1 : (sizeOf(value) ?? 1));
const traverse = (size: number): number => Math.ceil(size * TRAVERSAL);

/** As above, and through an optional. */
function innerSize(value: CelValue | undefined): number {
  return value instanceof Optional && value.value !== undefined ? innerSize(value.value) : plainSize(value);
}

export function callCost(name: string, overload: string, args: readonly CelValue[], result: CelValue): number {
  return (
    listCost(overload, args, result) ?? kubernetesCost(name, overload, args, result) ?? standardCost(overload, args)
  );
}

function listCost(overload: string, args: readonly CelValue[], result: CelValue): number | undefined {
  const allocating = (factor: number, size: number): number => Math.trunc(size * factor) + 1 + LIST_BASE;
  switch (overload) {
    case 'list_slice':
    case 'lists_range':
    case 'list_reverse':
      return allocating(1, plainSize(result));
    case 'list_flatten':
      return allocating(1, plainSize(args[0]));
    case 'list_flatten_int':
      return allocating(Number(args[1]), plainSize(args[0]));
    case 'list_distinct':
      return selfCompare(args[0]);
    case 'list_sets_contains_list':
    case 'list_sets_intersects_list':
      return 1 + plainSize(args[0]) * plainSize(args[1]);
    case 'list_sets_equivalent_list':
      return 1 + plainSize(args[0]) * plainSize(args[1]) * 2;
    default:
      if (/^list_.*_sort$/.test(overload)) return selfCompare(args[0]);
      return /^list_.*_sortByAssociatedKeys$/.test(overload) ? selfCompare(args[1]) : undefined;
  }
}

function selfCompare(list: CelValue | undefined): number {
  // Upstream counts before it looks at whether the argument failed.
  if (list instanceof CelError)
    throw new Abort('internal error: interface conversion: *types.Err is not traits.Lister: missing method Add');
  const size = plainSize(list);
  const first = list instanceof ListValue && size > 0 ? list.at(0) : undefined;
  const factor = typeof first === 'string' || first instanceof Uint8Array ? 2 + TRAVERSAL : 2;
  return Math.trunc(size * size * factor) + 1 + LIST_BASE;
}

function kubernetesCost(
  name: string,
  overload: string,
  args: readonly CelValue[],
  result: CelValue,
): number | undefined {
  if (CONSTANT_COST.has(name)) return 1;
  const [first, second] = args;
  if (TRAVERSE.has(name)) return first === undefined ? 0 : traversalCost(first);
  if (BY_TEXT.has(name) && first !== undefined) return traverse(plainSize(first));
  switch (name) {
    case 'check':
      return 350_000;
    case 'replace':
    case 'split':
      return Math.ceil(plainSize(first) * 2 * TRAVERSAL);
    case 'join':
      return Math.ceil(plainSize(result) * 2 * TRAVERSAL);
    case 'find':
    case 'findAll':
      return Math.ceil((1 + plainSize(first)) * TRAVERSAL) * Math.ceil(plainSize(second) * REGEX_LENGTH);
    case 'ip':
      return overload === 'cidr_ip' ? 1 : traverse(plainSize(first));
    case 'ip.isCanonical':
      return Math.ceil(plainSize(first) * 2 * TRAVERSAL);
    case 'containsIP':
      return (
        traverse(plainSize(first) * 2) + (overload === 'cidr_contains_ip_string' ? traverse(plainSize(second)) : 0)
      );
    case 'containsCIDR': {
      const size = plainSize(first);
      const parse = overload === 'cidr_contains_cidr_string' ? traverse(plainSize(second)) : 0;
      return traverse(size * 2) + traverse(size) + 1 + parse;
    }
    case 'validate':
      if (!(first instanceof FormatValue)) return undefined;
      return Math.ceil((1 + plainSize(second)) * TRAVERSAL) * Math.ceil(first.maxRegexSize * REGEX_LENGTH);
    case '_==_':
      return first instanceof KubernetesValue && !(first instanceof JsonPatchValue) ? 1 : undefined;
    default:
      return undefined;
  }
}

function traversalCost(value: CelValue): number {
  if (typeof value === 'string') return Math.trunc(Buffer.byteLength(value) * TRAVERSAL);
  if (value instanceof Uint8Array) return Math.trunc(value.length * TRAVERSAL);
  if (value instanceof ListValue) {
    let cost = 0;
    for (const item of value) cost += traversalCost(item);
    return cost;
  }
  if (value instanceof MapValue) {
    return value
      .keys()
      .reduce<number>((cost, key) => cost + traversalCost(key) + traversalCost(value.find(key) ?? null), 0);
  }
  return 1;
}

function standardCost(overload: string, args: readonly CelValue[]): number {
  const [first, second] = args;
  switch (overload) {
    case 'starts_with_string':
    case 'ends_with_string':
    case 'string_to_bytes':
    case 'bytes_to_string':
    case 'strings_quote':
    case 'string_format':
      return traverse(innerSize(first));
    case 'in_list':
      return innerSize(second);
    case 'less_string':
    case 'greater_string':
    case 'less_equals_string':
    case 'greater_equals_string':
    case 'less_bytes':
    case 'greater_bytes':
    case 'less_equals_bytes':
    case 'greater_equals_bytes':
    case 'equals':
    case 'not_equals':
      return traverse(Math.min(innerSize(first), innerSize(second)));
    case 'add_string':
    case 'add_bytes':
      return traverse(innerSize(first) + innerSize(second));
    case 'matches_string':
      return Math.ceil((1 + innerSize(first)) * TRAVERSAL) * Math.ceil(innerSize(second) * REGEX_LENGTH);
    case 'contains_string':
      return traverse(innerSize(first)) * traverse(innerSize(second));
    default:
      return 1;
  }
}
