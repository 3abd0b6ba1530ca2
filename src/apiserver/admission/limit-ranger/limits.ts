// How requests and limits break the bounds of a LimitRange.
// Behaviour: plugin/pkg/admission/limitranger/admission.go (PodValidateLimitFunc, PersistentVolumeClaimValidateLimitFunc), Kubernetes v1.36.3.
import { aggregateMessage } from '../../../apimachinery/aggregate-error.ts';
import { mustParseQuantity, Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type {
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaimSpec,
  PodSpec,
  ResourceRequirements,
} from '../../../schema/generated/types/core-v1.ts';
import { aggregateContainerResources, type ResourceList } from '../../core/pod-spec/aggregate-resources.ts';

type Amounts = ReadonlyMap<string, Quantity>;

interface Usage {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** One resource against one of its bounds. */
interface Case {
  /** What the bound is for: a Container, a Pod or a claim. */
  readonly type: string;
  readonly name: string;
  readonly enforced: Quantity;
  readonly request: Quantity | undefined;
  readonly limit: Quantity | undefined;
}

/** Answers what is wrong, or nothing. */
type Check = (given: Case) => string | undefined;

/** Resources that a pod asks for as a whole here; huge pages are not among them. */
const POD_LEVEL: ReadonlySet<string> = new Set(['cpu', 'memory']);
/** Largest amount whose thousandths fit an int64. */
const MAX_MILLI_VALUE = ((1n << 63n) - 1n) / 1000n;
const ZERO = Quantity.zero();
const NONE: Amounts = new Map();

export function podLimitError(spec: PodSpec, range: LimitRange): string | undefined {
  const errors: string[] = [];
  for (const item of range.spec.limits ?? []) {
    if (item.type === 'Container')
      for (const { resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
        errors.push(...itemErrors(item, usageOf(resources)));
    if (item.type === 'Pod')
      errors.push(...itemErrors(item, { requests: podAmounts(spec, 'requests'), limits: podAmounts(spec, 'limits') }));
  }
  return aggregateMessage(errors);
}

/** Of a claim only the request counts. */
export function claimLimitError(spec: PersistentVolumeClaimSpec, range: LimitRange): string | undefined {
  const errors: string[] = [];
  const usage = { requests: amountsOf(spec.resources.requests), limits: NONE };
  for (const { type, min, max } of range.spec.limits ?? [])
    if (type === 'PersistentVolumeClaim')
      errors.push(...boundErrors(type, min, usage, minError), ...boundErrors(type, max, usage, maxRequestError));
  return aggregateMessage(errors);
}

function itemErrors({ type, min, max, maxLimitRequestRatio }: LimitRangeItem, usage: Usage): readonly string[] {
  return [
    ...boundErrors(type, min, usage, minError),
    ...boundErrors(type, max, usage, maxError),
    ...boundErrors(type, maxLimitRequestRatio, usage, ratioError),
  ];
}

function boundErrors(
  type: string,
  bounds: ResourceList | undefined,
  { requests, limits }: Usage,
  check: Check,
): readonly string[] {
  if (!bounds) return [];
  return Object.keys(bounds)
    .sort()
    .flatMap((name) => {
      const enforced = mustParseQuantity(bounds[name] ?? '0');
      return check({ type, name, enforced, request: requests.get(name), limit: limits.get(name) }) ?? [];
    });
}

function minError({ type, name, enforced, request, limit }: Case): string | undefined {
  const least = `minimum ${name} usage per ${type} is ${enforced}`;
  if (!request) return `${least}.  No request is specified`;
  const values = comparable(request, limit ?? ZERO, enforced);
  if (values.request < values.enforced) return `${least}, but request is ${request}`;
  return limit && values.limit < values.enforced ? `${least}, but limit is ${limit}` : undefined;
}

const mostOf = ({ type, name, enforced }: Case) => `maximum ${name} usage per ${type} is ${enforced}`;

function maxError(given: Case): string | undefined {
  const { request, limit, enforced } = given;
  if (!limit) return `${mostOf(given)}.  No limit is specified`;
  const values = comparable(request ?? ZERO, limit, enforced);
  if (values.limit > values.enforced) return `${mostOf(given)}, but limit is ${limit}`;
  return request && values.request > values.enforced ? `${mostOf(given)}, but request is ${request}` : undefined;
}

function maxRequestError(given: Case): string | undefined {
  const { request, enforced } = given;
  if (!request) return `${mostOf(given)}.  No request is specified`;
  const values = comparable(request, ZERO, enforced);
  return values.request > values.enforced ? `${mostOf(given)}, but request is ${request}` : undefined;
}

function ratioError({ type, name, enforced, ...given }: Case): string | undefined {
  const most = `${name} max limit to request ratio per ${type} is ${enforced}`;
  const { request, limit } = comparable(given.request ?? ZERO, given.limit ?? ZERO, enforced);
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

function usageOf({ requests, limits }: ResourceRequirements): Usage {
  return { requests: amountsOf(requests), limits: amountsOf(limits) };
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
