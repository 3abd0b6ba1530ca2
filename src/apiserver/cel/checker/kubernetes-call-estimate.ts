// Calls of Kubernetes' own libraries, and of those for text.
// Behaviour: k8s.io/apiserver pkg/cel/library/cost.go, Kubernetes v1.36.3.
import { CONSTANT_COST } from '../library/constant-cost.ts';
import * as types from '../values/types.ts';
import type { CallEstimate, CallEstimator, Part, Sizes } from './call-estimate.ts';
import {
  add,
  fixed,
  MAX,
  multiply,
  ONE,
  type Range,
  REGEX_LENGTH,
  scale,
  scaleOne,
  TRAVERSAL,
  ZERO,
} from './cost-range.ts';

export const estimateKubernetesCall: CallEstimator = ({ name, overload, target, args }, sizes) => {
  const [first, second] = args;
  const ofText = (part: Part | undefined, factor = TRAVERSAL): CallEstimate | undefined =>
    part && { cost: scale(sizes.partSize(part), factor) };
  const sized = (part: Part | undefined): CallEstimate | undefined =>
    part && { cost: scale(sizes.partSize(part), TRAVERSAL), size: sizes.partSize(part) };
  switch (name) {
    case 'check':
      return { cost: fixed(350_000) };
    case 'fieldSelector':
    case 'labelSelector': {
      if (first === undefined) return undefined;
      const size = sizes.partSize(first);
      return { cost: add(fixed(10), scale(size, TRAVERSAL), scale(scale(size, 0.5), 50)) };
    }
    case 'isSorted':
    case 'sum':
    case 'max':
    case 'min':
    case 'indexOf':
    case 'lastIndexOf':
      return target && traversal(target, sizes);
    case 'url':
    case 'jsonpatch.escapeKey':
      return sized(first);
    case 'lowerAscii':
    case 'upperAscii':
    case 'substring':
    case 'trim':
      return sized(target);
    case 'replace':
      return (
        target && first && second && replace(sizes.partSize(target), sizes.partSize(first), sizes.partSize(second))
      );
    case 'split':
      return target && split(target, second, sizes);
    case 'join':
      return target && join(target, first, sizes);
    case 'find':
    case 'findAll': {
      if (target === undefined || first === undefined) return undefined;
      const size = sizes.partSize(target);
      const cost = multiply(scale(add(size, ONE), TRAVERSAL), scale(sizes.partSize(first), REGEX_LENGTH));
      return { cost, size: { min: 0n, max: size.max } };
    }
    case 'cidr':
    case 'isIP':
    case 'isCIDR':
    case 'quantity':
    case 'isQuantity':
    case 'semver':
    case 'isSemver':
      return ofText(first);
    case 'ip':
      return overload === 'cidr_ip' ? { cost: ONE } : ofText(first);
    case 'ip.isCanonical':
      return ofText(first, 2 * TRAVERSAL);
    case 'containsIP':
    case 'containsCIDR': {
      if (first === undefined) return undefined;
      const size: Range = { min: 4n, max: 16n };
      let cost = scale(add(size, size), TRAVERSAL);
      if (name === 'containsCIDR') cost = add(cost, scale(size, TRAVERSAL), ONE);
      return { cost: overload.endsWith('_string') ? add(cost, scale(sizes.partSize(first), TRAVERSAL)) : cost };
    }
    case 'validate':
      return first && { cost: scale(scale(sizes.partSize(first), TRAVERSAL), 128 * REGEX_LENGTH) };
    case '_==_':
      return first && second && kubernetesEquality(first, second);
    default:
      return CONSTANT_COST.has(name) ? { cost: ONE } : undefined;
  }
};

function traversal(target: Part, sizes: Sizes): CallEstimate {
  const size = sizes.partSize(target);
  const element = elementOf(target);
  if (element === undefined) return { cost: scale(size, TRAVERSAL) };
  const text = element.type.kind === 'string' || element.type.kind === 'bytes';
  return { cost: multiply(size, text ? add(ONE, scale(sizes.partSize(element), TRAVERSAL)) : ONE) };
}

function replace(size: Range, old: Range, by: Range): CallEstimate {
  const next = (value: bigint): bigint => (value < MAX ? value + 1n : value);
  const quotient = (a: bigint, b: bigint): bigint => scaleOne(1n, Number(a) / Number(b));
  const count = { min: 0n, max: 0n };
  const kept = { min: 0n, max: 0n };
  if (old.min === 0n) {
    count.max = next(size.max);
    kept.max = size.max;
  } else if (by.max <= old.min) {
    kept.max = size.max;
  } else {
    count.max = quotient(size.max, old.min);
  }
  if (old.max === 0n) {
    count.min = next(size.min);
    kept.min = size.min;
  } else if (old.max <= by.min) {
    kept.min = size.min;
  } else {
    count.min = quotient(size.min, old.max);
  }
  return { cost: scale(size, 2 * TRAVERSAL), size: add(multiply(count, by), kept) };
}

function split(target: Part, limit: Part | undefined, sizes: Sizes): CallEstimate {
  const size = sizes.partSize(target);
  const literal = limit?.expr?.kind === 'literal' ? limit.expr.value : undefined;
  const max = typeof literal === 'bigint' ? BigInt.asUintN(64, literal) : size.max;
  return { cost: scale(size, 2 * TRAVERSAL), size: { min: 0n, max } };
}

function join(target: Part, separator: Part | undefined, sizes: Sizes): CallEstimate {
  const count = sizes.partSize(target);
  const element = elementOf(target);
  let size = element === undefined ? ZERO : multiply(count, sizes.partSize(element));
  if (separator !== undefined) {
    const less = (value: bigint): bigint => (value > 0n ? value - 1n : 0n);
    size = add(size, multiply(sizes.partSize(separator), { min: less(count.min), max: less(count.max) }));
  }
  return { cost: scale(size, TRAVERSAL), size };
}

function kubernetesEquality(left: Part, right: Part): CallEstimate | undefined {
  if (!types.isExact(left.type, right.type)) return undefined;
  const { name, kind } = left.type;
  if (kind === 'opaque') return name === 'net.IP' || name === 'net.CIDR' ? { cost: ONE } : undefined;
  if (kind !== 'struct') return undefined;
  if (name === 'kubernetes.NamedFormat') return { cost: scale({ min: 1n, max: 64n }, TRAVERSAL) };
  if (name === 'kubernetes.URL') return { cost: scale({ min: 1n, max: right.size?.max ?? 1n }, TRAVERSAL) };
  const constant =
    name === 'kubernetes.Quantity' || name === 'kubernetes.Semver' || name.startsWith('kubernetes.authorization.');
  return constant ? { cost: ONE } : undefined;
}

function elementOf(list: Part): Part | undefined {
  const [type] = list.type.params;
  if (type === undefined) return undefined;
  return { expr: undefined, path: list.path.length === 0 ? [] : [...list.path, '@items'], type, size: undefined };
}
