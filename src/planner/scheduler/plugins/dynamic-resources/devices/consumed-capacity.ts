// How much of a device that several claims may share a request takes.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/consumable_capacity.go, Kubernetes v1.36.3.
import { mustParseQuantity, Quantity } from '../../../../../apimachinery/quantity/quantity.ts';
import type {
  CapacityRequestPolicy,
  Device,
  DeviceCapacity,
} from '../../../../../schema/generated/types/resource-v1.ts';
import { add, divide, multiply, subtract } from '../../../framework/int64.ts';

/** Amounts by the capacity's name. */
export type Capacities = ReadonlyMap<string, Quantity>;

type Requests = Readonly<Record<string, string | number>> | undefined;
type Amount = string | number;

/** Whether what is left of a device does for a request; a capacity that the device does not have never does. */
export function fitsCapacity(
  { capacity = {} }: Device,
  requests: Requests,
  taken: readonly (Capacities | undefined)[],
): boolean {
  for (const name of Object.keys(requests ?? {})) if (capacity[name] === undefined) return false;
  for (const name of Object.keys(capacity)) {
    const of = capacity[name]!;
    let sum = consumed(of, requests?.[name]);
    if (violatesPolicy(sum, of.requestPolicy)) return false;
    for (const amounts of taken) {
      const amount = amounts?.get(name);
      if (amount) sum = sum.add(amount);
    }
    if (sum.cmp(quantityOf(of.value)) > 0) return false;
  }
  return true;
}

export function consumedCapacity({ capacity = {} }: Device, requests: Requests): Capacities {
  return new Map(Object.keys(capacity).map((name) => [name, consumed(capacity[name]!, requests?.[name])]));
}

export function addCapacities(a: Capacities | undefined, b: Capacities): Capacities {
  const sum = new Map(a ?? []);
  for (const [name, amount] of b) sum.set(name, sum.get(name)?.add(amount) ?? amount);
  return sum;
}

function consumed({ value, requestPolicy }: DeviceCapacity, requested: Amount | undefined): Quantity {
  if (requested === undefined) return quantityOf(requestPolicy?.default ?? value);
  const amount = quantityOf(requested);
  const range = requestPolicy?.validRange;
  if (range?.min !== undefined) {
    const min = quantityOf(range.min);
    if (amount.cmp(min) < 0) return min;
    if (range.step === undefined) return amount;
    const step = quantityOf(range.step).exactValue();
    const over = subtract(amount.exactValue(), min.exactValue());
    const whole = divide(over, step);
    const steps = multiply(whole, step) === over ? whole : add(whole, 1);
    return Quantity.of(add(min.exactValue(), multiply(steps, step)), 'BinarySI');
  }
  return requestPolicy?.validValues?.map(quantityOf).find((valid) => amount.cmp(valid) <= 0) ?? amount;
}

function violatesPolicy(amount: Quantity, policy: CapacityRequestPolicy | undefined): boolean {
  if (!policy || (policy.default !== undefined && amount.cmp(quantityOf(policy.default)) === 0)) return false;
  const { validRange: range, validValues = [] } = policy;
  if (range) {
    if (range.max !== undefined && amount.cmp(quantityOf(range.max)) > 0) return true;
    if (range.step === undefined) return false;
    const over = subtract(amount.exactValue(), quantityOf(range.min ?? 0).exactValue());
    const step = quantityOf(range.step).exactValue();
    return multiply(divide(over, step), step) !== over;
  }
  return validValues.length > 0 && !validValues.some((valid) => amount.cmp(quantityOf(valid)) === 0);
}

export function quantityOf(amount: Amount): Quantity {
  return mustParseQuantity(String(amount));
}
