// Calls of CEL's standard library.
// Behaviour: cel-go v0.26.0 checker/cost.go, Kubernetes v1.36.3.
import type { Expr } from '../parser/ast.ts';
import type { Call, CallEstimate, EntrySize, Part, Sizes } from './call-estimate.ts';
import { add, least, multiply, ONE, type Range, REGEX_LENGTH, scale, TRAVERSAL, UNKNOWN, union } from './cost-range.ts';

/** Knows every call: what is not in the table costs one beside its arguments. */
export function estimateStandardCall({ expr, overload, target, args, costs }: Call, sizes: Sizes): CallEstimate {
  const sum = add(...costs);
  const [first, second, third] = args;
  const of = (part: Part | undefined): Range => part?.size ?? UNKNOWN;
  const traversal = (part: Part | undefined): Range => add(scale(of(part), TRAVERSAL), sum);
  switch (overload) {
    case 'string_format':
      if (target) return { cost: traversal(target) };
      break;
    case 'string_to_bytes':
      return { cost: traversal(first), size: { min: of(first).min, max: BigInt.asUintN(64, of(first).max * 4n) } };
    case 'bytes_to_string':
      return { cost: traversal(first), size: { min: of(first).min / 4n, max: of(first).max } };
    case 'strings_quote':
      return {
        cost: traversal(first),
        size: { min: BigInt.asUintN(64, of(first).min + 2n), max: BigInt.asUintN(64, of(first).max * 2n + 2n) },
      };
    case 'starts_with_string':
    case 'ends_with_string':
      return { cost: traversal(first) };
    case 'in_list':
      return { cost: add(scale(of(second), 1), sum) };
    case 'matches_string':
      if (target)
        return { cost: add(multiply(scale(add(of(target), ONE), TRAVERSAL), scale(of(first), REGEX_LENGTH)), sum) };
      break;
    case 'contains_string':
      if (target) return { cost: add(multiply(scale(of(target), TRAVERSAL), scale(of(first), TRAVERSAL)), sum) };
      break;
    case 'logical_or':
    case 'logical_and': {
      const [left, right] = costs as readonly [Range, Range];
      return { cost: { min: left.min, max: add(left, right).max } };
    }
    case 'conditional': {
      const [condition, yes, no] = costs as readonly [Range, Range, Range];
      const entry = unionEntries(sizes.entry(second?.expr as Expr), sizes.entry(third?.expr as Expr));
      if (entry !== undefined) sizes.setEntry(expr, entry);
      return { cost: add(condition, union(yes, no)), size: union(of(second), of(third)) };
    }
    case 'add_string':
    case 'add_bytes':
    case 'add_list': {
      const size = add(of(first), of(second));
      const entry = unionEntries(sizes.entry(first?.expr as Expr), sizes.entry(second?.expr as Expr));
      if (entry !== undefined) sizes.setEntry(expr, entry);
      return { cost: add(overload === 'add_list' ? ONE : scale(size, TRAVERSAL), sum), size };
    }
    default:
      break;
  }
  if (
    overload === 'equals' ||
    overload === 'not_equals' ||
    /^(less|greater)(_equals)?_(string|bytes)$/.test(overload)
  ) {
    const max = least(of(first).max, of(second).max);
    return { cost: add(scale({ min: max > 0n ? 1n : 0n, max }, TRAVERSAL), sum) };
  }
  return { cost: add(ONE, sum) };
}

function unionEntries(a: EntrySize | undefined, b: EntrySize | undefined): EntrySize | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { container: a.container, key: union(a.key, b.key), value: union(a.value, b.value) };
}
