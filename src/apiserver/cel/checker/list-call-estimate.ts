// Calls of the libraries of lists and sets.
// Behaviour: cel-go v0.26.0 ext/{lists,sets}.go, Kubernetes v1.36.3.
import type { CallEstimate, CallEstimator, Part } from './call-estimate.ts';
import { add, fixed, MAX, multiply, ONE, type Range, scale, TRAVERSAL } from './cost-range.ts';

export const estimateListCall: CallEstimator = ({ overload, target, args }, sizes) => {
  const allocating = (factor: number, size: Range): CallEstimate => ({
    cost: add(scale(size, factor), fixed(11)),
    size,
  });
  const [first, second] = args;
  switch (overload) {
    case 'list_slice': {
      if (target === undefined) return undefined;
      const start = literalInt(first, 0n);
      const end = literalInt(second, sizes.partSize(target).max);
      return allocating(1, fixed(BigInt.asUintN(64, end - start)));
    }
    case 'lists_range':
      return allocating(1, fixed(literalInt(first, MAX)));
    case 'list_reverse':
      return target && allocating(1, sizes.partSize(target));
    case 'list_flatten':
    case 'list_flatten_int':
      return target && allocating(first === undefined ? 1 : Number(literalInt(first, MAX)), sizes.partSize(target));
    case 'list_distinct':
      return target && allocating(2, multiply(sizes.partSize(target), sizes.partSize(target)));
    case 'list_sets_contains_list':
    case 'list_sets_intersects_list':
    case 'list_sets_equivalent_list': {
      const product = multiply(sizes.partSize(first as Part), sizes.partSize(second as Part));
      return { cost: add(scale(product, overload === 'list_sets_equivalent_list' ? 2 : 1), ONE) };
    }
    default:
      break;
  }
  const sort = /^list_(.*)_(sort|sortByAssociatedKeys)$/.exec(overload);
  if (sort === null || target === undefined) return undefined;
  const size = sizes.partSize(sort[2] === 'sort' ? target : (first as Part));
  return allocating(sort[1] === 'string' || sort[1] === 'bytes' ? 2 + TRAVERSAL : 2, multiply(size, size));
};

function literalInt(part: Part | undefined, otherwise: bigint): bigint {
  if (part?.expr?.kind !== 'literal' || typeof part.expr.value !== 'bigint') return otherwise;
  return part.expr.value < 0n ? 0n : part.expr.value;
}
