// Amounts by resource name, and what quotas do with them.
// Behaviour: [apiserver]/pkg/quota/v1/resources.go, Kubernetes v1.36.3.
import { mustParseQuantity, Quantity } from '../../apimachinery/quantity/quantity.ts';

/** A resource list as the API writes it. */
export type ResourceList = Readonly<Record<string, string>>;

/** The same, ready to reckon with; an amount is never changed in place. */
export type Amounts = ReadonlyMap<string, Quantity>;

const ZERO = Quantity.zero('DecimalSI');

export function amountsOf(list: ResourceList | undefined): Map<string, Quantity> {
  const amounts = new Map<string, Quantity>();
  for (const name in list) amounts.set(name, mustParseQuantity(list[name] ?? '0'));
  return amounts;
}

/** In name order, as Go writes a map. */
export function resourceListOf(amounts: Amounts): Record<string, string> {
  const list: Record<string, string> = {};
  for (const name of [...amounts.keys()].sort()) list[name] = amounts.get(name)!.toString();
  return list;
}

export function addAmounts(a: Amounts, b: Amounts): Map<string, Quantity> {
  const sum = new Map(a);
  for (const [name, amount] of b) {
    const before = sum.get(name);
    sum.set(name, before ? before.add(amount) : amount);
  }
  return sum;
}

export function subtractAmounts(a: Amounts, b: Amounts): Map<string, Quantity> {
  const difference = new Map(a);
  for (const [name, amount] of b) difference.set(name, (difference.get(name) ?? ZERO).sub(amount));
  return difference;
}

export function maskAmounts(amounts: Amounts, names: Iterable<string>): Map<string, Quantity> {
  const wanted = new Set(names);
  return new Map([...amounts].filter(([name]) => wanted.has(name)));
}

export function sameAmounts(a: Amounts, b: Amounts): boolean {
  if (a.size !== b.size) return false;
  for (const [name, amount] of a) {
    const other = b.get(name);
    if (!other || amount.cmp(other) !== 0) return false;
  }
  return true;
}

/** Names of what `a` has more of than `b` allows, sorted; names that `b` does not limit do not count. */
export function exceededNames(a: Amounts, b: Amounts): readonly string[] {
  const names: string[] = [];
  for (const [name, limit] of b) {
    const amount = a.get(name);
    if (amount && amount.cmp(limit) > 0) names.push(name);
  }
  return names.sort();
}

export function maxAmounts(a: Amounts, b: Amounts): Map<string, Quantity> {
  const result = new Map(a);
  for (const [name, amount] of b) {
    const other = result.get(name);
    if (!other || other.cmp(amount) <= 0) result.set(name, amount);
  }
  return result;
}

export function count(value: number): Quantity {
  return Quantity.of(value, 'DecimalSI');
}
