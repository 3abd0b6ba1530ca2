// How pods count against quotas.
// Behaviour: pkg/quota/v1/evaluator/core/pods.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Quantity } from '../../apimachinery/quantity/quantity.ts';
import { parseTime } from '../../apimachinery/time/time.ts';
import type {
  ContainerStatus,
  Pod,
  PodAffinityTerm,
  ScopedResourceSelectorRequirement,
} from '../../schema/generated/types/core-v1.ts';
import { computeQosClass } from '../core/pod/qos.ts';
import { isExtendedResourceName, isNativeResource } from '../core/pod-spec/resource-names.ts';
import { type Evaluator, intersection, matchesScopeValues, objectCountName, type QuotaContext } from './evaluator.ts';
import { isPodLevelResourcesSet, podLimits, podRequests } from './pod-resources.ts';
import { type Amounts, addAmounts, amountsOf, count } from './resource-list.ts';

const OBJECT_COUNT = objectCountName('pods');
const REQUESTS = 'requests.';
const LIMITS = 'limits.';
const DEVICE_CLASS = 'deviceclass.resource.kubernetes.io/';
const HUGE_PAGES = 'hugepages-';
const COMPUTE = ['cpu', 'memory', 'ephemeral-storage'] as const;

const POD_RESOURCES: readonly string[] = [
  OBJECT_COUNT,
  ...COMPUTE,
  ...COMPUTE.map((name) => REQUESTS + name),
  ...COMPUTE.map((name) => LIMITS + name),
  'pods',
];
/** What each container has to state when a quota limits it: a mistake of the first design that stays for compatibility. */
const REQUIRED: readonly string[] = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** The pipeline hands each evaluator objects of its own resource. */
const asPod = (object: KubeObject): Pod => object as Pod;

export const podEvaluator: Evaluator = {
  resource: 'pods',
  handles({ operation, subresource, object, oldObject }) {
    if (subresource === 'resize') return operation === 'UPDATE';
    if (subresource !== '') return false;
    if (operation === 'CREATE') return true;
    return (
      operation === 'UPDATE' && oldObject !== undefined && hasDeadline(asPod(oldObject)) !== hasDeadline(asPod(object))
    );
  },
  matchingResources(names) {
    const own = intersection(names, POD_RESOURCES);
    const others = names.filter(
      (name) => name.startsWith(HUGE_PAGES) || name.startsWith(REQUESTS + HUGE_PAGES) || isExtendedForQuota(name),
    );
    return [...own, ...others];
  },
  matchesScope: (scope, object) => matchesPodScope(scope, asPod(object)),
  constraintError: (names, object) => missingResources(names, asPod(object)),
  usage: (object, context) => podUsage(asPod(object), context),
  releasesOnUpdate(object, old, context) {
    const pod = asPod(object);
    const before = asPod(old);
    return (
      hasResizedContainers(pod, before) ||
      hasDeadline(before) !== hasDeadline(pod) ||
      (countsCompute(before, context) && !countsCompute(pod, context))
    );
  },
};

/** An object in storage always counts; its resources only until it has ended. */
export function podUsage(pod: Pod, context: Pick<QuotaContext, 'now'>): Map<string, Quantity> {
  const usage = new Map([[OBJECT_COUNT, count(1)]]);
  if (!countsCompute(pod, context)) return usage;
  return addAmounts(usage, computeUsage(podRequests(pod), podLimits(pod)));
}

/** Whether a pod's resources count: not when it has finished, nor when it should have been gone for long. */
function countsCompute({ metadata, status }: Pod, { now }: Pick<QuotaContext, 'now'>): boolean {
  if (status.phase === 'Failed' || status.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return now <= (parseTime(deletionTimestamp) ?? now) + deletionGracePeriodSeconds * 1000;
}

function computeUsage(requests: Amounts, limits: Amounts): Map<string, Quantity> {
  const usage = new Map<string, Quantity>([['pods', count(1)]]);
  for (const name of COMPUTE) {
    const request = requests.get(name);
    const limit = limits.get(name);
    if (request) usage.set(name, request).set(REQUESTS + name, request);
    if (limit) usage.set(LIMITS + name, limit);
  }
  for (const [name, request] of requests) {
    if (name.startsWith(HUGE_PAGES)) usage.set(name, request).set(REQUESTS + name, request);
    if (isExtendedResourceName(name) || name.startsWith(DEVICE_CLASS)) usage.set(REQUESTS + name, request);
  }
  return usage;
}

function missingResources(names: readonly string[], pod: Pod): string | undefined {
  if (isPodLevelResourcesSet(pod)) return undefined;
  const required = intersection(names, REQUIRED);
  if (required.length === 0) return undefined;
  const missing = new Map<string, Set<string>>();
  for (const { name, resources } of [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]) {
    const stated = computeUsage(amountsOf(resources?.requests), amountsOf(resources?.limits));
    for (const resource of required)
      if (!stated.has(resource)) missing.set(resource, (missing.get(resource) ?? new Set()).add(name));
  }
  if (missing.size === 0) return undefined;
  const parts = [...missing.keys()]
    .sort()
    .map((resource) => `${resource} for: ${[...missing.get(resource)!].sort().join(',')}`);
  return `must specify ${parts.join('; ')}`;
}

function matchesPodScope(scope: ScopedResourceSelectorRequirement, pod: Pod): boolean {
  switch (scope.scopeName) {
    case 'Terminating':
      return hasDeadline(pod);
    case 'NotTerminating':
      return !hasDeadline(pod);
    case 'BestEffort':
      return computeQosClass(pod.spec) === 'BestEffort';
    case 'NotBestEffort':
      return computeQosClass(pod.spec) !== 'BestEffort';
    case 'PriorityClass':
      return matchesScopeValues(scope, pod.spec.priorityClassName ? [pod.spec.priorityClassName] : []);
    case 'CrossNamespacePodAffinity':
      return looksIntoOtherNamespaces(pod);
    default:
      return false;
  }
}

function hasDeadline({ spec }: Pod): boolean {
  return spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;
}

function looksIntoOtherNamespaces({ spec: { affinity } }: Pod): boolean {
  const isCross = ({ namespaces, namespaceSelector }: PodAffinityTerm) =>
    (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined;
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some(
    (terms) =>
      terms?.requiredDuringSchedulingIgnoredDuringExecution?.some(isCross) ||
      terms?.preferredDuringSchedulingIgnoredDuringExecution?.some(({ podAffinityTerm }) => isCross(podAffinityTerm)),
  );
}

/** Names of extended resources: `requests.example.com/gpu`. */
export function isExtendedForQuota(name: string): boolean {
  return name.startsWith(REQUESTS) && (!isNativeResource(name) || name.startsWith(REQUESTS + DEVICE_CLASS));
}

function hasResizedContainers(pod: Pod, old: Pod): boolean {
  const changed = (now: readonly ContainerStatus[] = [], before: readonly ContainerStatus[] = []) =>
    before.some(({ name, resources }) => {
      const status = now.find((candidate) => candidate.name === name);
      return status !== undefined && !semanticDeepEqual(resources, status.resources);
    });
  return (
    changed(pod.status.containerStatuses, old.status.containerStatuses) ||
    changed(pod.status.initContainerStatuses, old.status.initContainerStatuses)
  );
}
