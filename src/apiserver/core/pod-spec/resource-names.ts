// What kind of resource a name in a resource list means: native, extended, huge pages, countable.
// Behaviour: pkg/apis/core/helper/helpers.go and [component-helpers]/resource/helpers.go, Kubernetes v1.36.3.
import { parseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';

const HUGE_PAGES_PREFIX = 'hugepages-';
const REQUESTS_HUGE_PAGES_PREFIX = 'requests.hugepages-';
const REQUESTS_PREFIX = 'requests.';
const NATIVE_PREFIX = 'kubernetes.io/';

const standardContainerResources: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

const integerResources: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

const standardResources: ReadonlySet<string> = new Set([
  ...standardContainerResources,
  ...integerResources,
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'storage',
  'requests.storage',
]);

/** Sorted, as messages print them. */
export const supportedPodLevelResources: readonly string[] = ['cpu', HUGE_PAGES_PREFIX, 'memory'];

export function isHugePageResourceName(name: string): boolean {
  return name.startsWith(HUGE_PAGES_PREFIX);
}

export function isQuotaHugePageResourceName(name: string): boolean {
  return name.startsWith(HUGE_PAGES_PREFIX) || name.startsWith(REQUESTS_HUGE_PAGES_PREFIX);
}

/** Whether an amount of huge pages is a multiple of the page size that the resource's name says. */
export function isHugePageValueDivisible(name: string, quantity: Quantity): boolean {
  const pageSize = isHugePageResourceName(name) ? parseQuantity(name.slice(HUGE_PAGES_PREFIX.length)) : undefined;
  if (pageSize === undefined || pageSize.sign() <= 0 || !isWhole(pageSize)) return false;
  return quantity.valueInt64() % pageSize.valueInt64() === 0n;
}

/** As upstream asks: no thousandths left over (which an overflow may leave). */
export function isWhole(quantity: Quantity): boolean {
  if (quantity.scale === 0 && typeof quantity.unscaled === 'number') return true;
  return quantity.milliValueInt64() % 1000n === 0n;
}

export function isStandardResourceName(name: string): boolean {
  return standardResources.has(name) || isQuotaHugePageResourceName(name);
}

export function isStandardContainerResourceName(name: string): boolean {
  return standardContainerResources.has(name) || isHugePageResourceName(name);
}

/** In the kubernetes.io namespace, to which names without a prefix belong. */
export function isNativeResource(name: string): boolean {
  return !name.includes('/') || name.includes(NATIVE_PREFIX);
}

export function isOvercommitAllowed(name: string): boolean {
  return isNativeResource(name) && !isHugePageResourceName(name);
}

export function isExtendedResourceName(name: string): boolean {
  if (isNativeResource(name) || name.startsWith(REQUESTS_PREFIX)) return false;
  return isQualifiedName(`${REQUESTS_PREFIX}${name}`).length === 0;
}

export function isIntegerResourceName(name: string): boolean {
  return integerResources.has(name) || isExtendedResourceName(name);
}

export function isSupportedPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || isHugePageResourceName(name);
}
