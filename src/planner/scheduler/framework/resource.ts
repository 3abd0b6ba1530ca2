// Amounts of the resources that the scheduler counts.
// Behaviour: pkg/scheduler/framework/types.go (Resource), pkg/scheduler/util/utils.go (IsScalarResourceName), Kubernetes v1.36.3.
import { mustParseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { add, type Int64, subtract } from './int64.ts';
import type { ResourceList } from './pod-requests.ts';

export interface Resource {
  milliCPU: Int64;
  memory: Int64;
  ephemeralStorage: Int64;
  allowedPodNumber: Int64;
  /** Extended resources, huge pages and attachable volumes, by name. */
  scalars: Map<string, Int64> | undefined;
}

export function emptyResource(): Resource {
  return { milliCPU: 0, memory: 0, ephemeralStorage: 0, allowedPodNumber: 0, scalars: undefined };
}

/** A node's status.allocatable. */
export function resourceOfQuantities(list: Readonly<Record<string, string | number>> | undefined): Resource {
  const quantities: ResourceList = new Map();
  for (const name of Object.keys(list ?? {})) quantities.set(name, mustParseQuantity(String(list?.[name])));
  return resourceOf(quantities);
}

/** An amount as the scheduler counts it: cpu in thousandths, all else in whole units. */
export function countedAmount(name: string, quantity: Quantity): Int64 {
  return name === 'cpu' ? quantity.exactMilliValue() : quantity.exactValue();
}

export function resourceOf(list: ResourceList): Resource {
  const resource = emptyResource();
  for (const [name, quantity] of list) {
    if (name === 'cpu') resource.milliCPU = quantity.exactMilliValue();
    else if (name === 'memory') resource.memory = quantity.exactValue();
    else if (name === 'pods') resource.allowedPodNumber = quantity.exactValue();
    else if (name === 'ephemeral-storage') resource.ephemeralStorage = quantity.exactValue();
    else if (isScalarResourceName(name)) (resource.scalars ??= new Map()).set(name, quantity.exactValue());
  }
  return resource;
}

export function cloneResource(resource: Resource): Resource {
  const { milliCPU, memory, ephemeralStorage, allowedPodNumber, scalars } = resource;
  return { milliCPU, memory, ephemeralStorage, allowedPodNumber, scalars: scalars && new Map(scalars) };
}

/** Adds (sign 1) or takes away (sign -1); the number of allowed pods is not a sum and stays. */
export function addResource(into: Resource, amount: Resource, sign: 1 | -1): void {
  const change = sign > 0 ? add : subtract;
  into.milliCPU = change(into.milliCPU, amount.milliCPU);
  into.memory = change(into.memory, amount.memory);
  into.ephemeralStorage = change(into.ephemeralStorage, amount.ephemeralStorage);
  if (amount.scalars === undefined) return;
  into.scalars ??= new Map();
  for (const [name, value] of amount.scalars) into.scalars.set(name, change(into.scalars.get(name) ?? 0, value));
}

const NATIVE_PREFIX = 'kubernetes.io/';
const REQUESTS_PREFIX = 'requests.';
const QUALIFIED_NAME = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)$/;
const DNS_SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

const isScalar = new Map<string, boolean>();

export function isScalarResourceName(name: string): boolean {
  let known = isScalar.get(name);
  if (known === undefined) {
    known =
      isExtendedResourceName(name) ||
      name.startsWith('hugepages-') ||
      name.includes(NATIVE_PREFIX) ||
      name.startsWith('attachable-volumes-');
    isScalar.set(name, known);
  }
  return known;
}

/** A name with a domain other than kubernetes.io that would still be valid as a quota resource. */
export function isExtendedResourceName(name: string): boolean {
  if (!name.includes('/') || name.includes(NATIVE_PREFIX) || name.startsWith(REQUESTS_PREFIX)) return false;
  const [prefix = '', rest = '', ...more] = `${REQUESTS_PREFIX}${name}`.split('/');
  return (
    more.length === 0 &&
    prefix.length <= 253 &&
    DNS_SUBDOMAIN.test(prefix) &&
    rest.length <= 63 &&
    QUALIFIED_NAME.test(rest)
  );
}
