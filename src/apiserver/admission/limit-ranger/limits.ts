// How requests and limits break the bounds of a LimitRange.
// Behaviour: plugin/pkg/admission/limitranger/admission.go (PodValidateLimitFunc, PersistentVolumeClaimValidateLimitFunc), Kubernetes v1.36.3.
import { aggregateMessage } from '../../../apimachinery/aggregate-error.ts';
import { mustParseQuantity, Quantity } from '../../../apimachinery/quantity.ts';
import type {
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaimSpec,
  PodSpec,
} from '../../../schema/generated/types/core-v1.ts';
import { aggregateContainerResources, type ResourceList } from '../../core/pod-spec/aggregate-resources.ts';

type Amounts = ReadonlyMap<string, Quantity>;
/** Answers what is wrong with one resource, or nothing. */
type Bound = (name: string, enforced: Quantity) => string | undefined;

// Resources that a pod asks for as a whole here; huge pages are not among them.
const POD_LEVEL: ReadonlySet<string> = new Set(['cpu', 'memory']);
// Largest amount whose thousandths fit an int64.
const MAX_MILLI_VALUE = ((1n << 63n) - 1n) / 1000n;
const ZERO = Quantity.zero();
const NONE: Amounts = new Map();

export function podLimitError(spec: PodSpec, range: LimitRange): string | undefined {
  const errors: string[] = [];
  for (const item of range.spec.limits ?? []) {
    if (item.type === 'Container')
      for (const { resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
        checkItem(item, amountsOf(resources.requests), amountsOf(resources.limits), errors);
    if (item.type === 'Pod') checkItem(item, podAmounts(spec, 'requests'), podAmounts(spec, 'limits'), errors);
  }
  return aggregateMessage(errors);
}

/** Of a claim only the request counts. */
export function claimLimitError(spec: PersistentVolumeClaimSpec, range: LimitRange): string | undefined {
  const errors: string[] = [];
  const requests = amountsOf(spec.resources.requests);
  for (const { type, min, max } of range.spec.limits ?? []) {
    if (type !== 'PersistentVolumeClaim') continue;
    checkEach(min, (name, enforced) => minError(type, name, enforced, requests, NONE), errors);
    checkEach(max, (name, enforced) => maxRequestError(type, name, enforced, requests), errors);
  }
  return aggregateMessage(errors);
}

function checkItem(item: LimitRangeItem, requests: Amounts, limits: Amounts, errors: string[]): void {
  const { type, min, max, maxLimitRequestRatio } = item;
  checkEach(min, (name, enforced) => minError(type, name, enforced, requests, limits), errors);
  checkEach(max, (name, enforced) => maxError(type, name, enforced, requests, limits), errors);
  checkEach(maxLimitRequestRatio, (name, enforced) => ratioError(type, name, enforced, requests, limits), errors);
}

function checkEach(bounds: ResourceList | undefined, check: Bound, errors: string[]): void {
  if (!bounds) return;
  for (const name of Object.keys(bounds).sort()) {
    const text = check(name, mustParseQuantity(bounds[name] ?? '0'));
    if (text !== undefined) errors.push(text);
  }
}

function minError(
  type: string,
  name: string,
  enforced: Quantity,
  requests: Amounts,
  limits: Amounts,
): string | undefined {
  const request = requests.get(name);
  const limit = limits.get(name);
  const least = `minimum ${name} usage per ${type} is ${enforced}`;
  if (!request) return `${least}.  No request is specified`;
  const values = comparable(request, limit ?? ZERO, enforced);
  if (values.request < values.enforced) return `${least}, but request is ${request}`;
  return limit && values.limit < values.enforced ? `${least}, but limit is ${limit}` : undefined;
}

function maxError(
  type: string,
  name: string,
  enforced: Quantity,
  requests: Amounts,
  limits: Amounts,
): string | undefined {
  const request = requests.get(name);
  const limit = limits.get(name);
  const most = `maximum ${name} usage per ${type} is ${enforced}`;
  if (!limit) return `${most}.  No limit is specified`;
  const values = comparable(request ?? ZERO, limit, enforced);
  if (values.limit > values.enforced) return `${most}, but limit is ${limit}`;
  return request && values.request > values.enforced ? `${most}, but request is ${request}` : undefined;
}

function maxRequestError(type: string, name: string, enforced: Quantity, requests: Amounts): string | undefined {
  const request = requests.get(name);
  const most = `maximum ${name} usage per ${type} is ${enforced}`;
  if (!request) return `${most}.  No request is specified`;
  const values = comparable(request, ZERO, enforced);
  return values.request > values.enforced ? `${most}, but request is ${request}` : undefined;
}

function ratioError(
  type: string,
  name: string,
  enforced: Quantity,
  requests: Amounts,
  limits: Amounts,
): string | undefined {
  const most = `${name} max limit to request ratio per ${type} is ${enforced}`;
  const { request, limit } = comparable(requests.get(name) ?? ZERO, limits.get(name) ?? ZERO, enforced);
  if (request === 0n) return `${most}, but no request is specified or request is 0`;
  if (limit === 0n) return `${most}, but no limit is specified or limit is 0`;
  const ratio = Number(limit) / Number(request);
  const isFine = enforced.valueInt64() <= MAX_MILLI_VALUE;
  const isTooMuch = isFine ? ratio * 1000 > Number(enforced.milliValueInt64()) : ratio > Number(enforced.valueInt64());
  return isTooMuch ? `${most}, but provided ratio is ${sixDecimals(ratio)}` : undefined;
}

/** The three as whole numbers of one unit: thousandths, or ones where thousandths would overflow. */
function comparable(
  request: Quantity,
  limit: Quantity,
  enforced: Quantity,
): { readonly request: bigint; readonly limit: bigint; readonly enforced: bigint } {
  const isFine = [request, limit, enforced].every((quantity) => quantity.valueInt64() <= MAX_MILLI_VALUE);
  const value = (quantity: Quantity): bigint => (isFine ? quantity.milliValueInt64() : quantity.valueInt64());
  return { request: value(request), limit: value(limit), enforced: value(enforced) };
}

/** Go's %f: halfway cases go to the even digit, where JavaScript goes up. They are the odd multiples of 1/128. */
function sixDecimals(value: number): string {
  const isHalfway = Number.isInteger(value * 128) && (value * 128) % 2 !== 0;
  if (!isHalfway) return value.toFixed(6);
  const below = Math.floor(value * 1e6);
  return ((below % 2 === 0 ? below : below + 1) / 1e6).toFixed(6);
}

function amountsOf(list: ResourceList | undefined): Amounts {
  if (!list) return NONE;
  const amounts = new Map<string, Quantity>();
  for (const name in list) amounts.set(name, mustParseQuantity(list[name] ?? '0'));
  return amounts;
}

/** What the containers come to, unless the pod says so itself. */
function podAmounts(spec: PodSpec, which: 'requests' | 'limits'): Amounts {
  const amounts = aggregateContainerResources(spec, which);
  const own = spec.resources?.[which];
  for (const name in own) if (POD_LEVEL.has(name)) amounts.set(name, mustParseQuantity(own[name] ?? '0'));
  return amounts;
}
