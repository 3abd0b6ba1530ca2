// What a pod asks for and may use in all, a resize under way included.
// Behaviour: [component-helpers]/resource/helpers.go (PodRequests, PodLimits), Kubernetes v1.36.3.
import type { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { Container, ContainerStatus, Pod } from '../../schema/generated/types/core-v1.ts';
import { isSupportedPodLevelResource } from '../core/pod-spec/resource-names.ts';
import { isRestartableInitContainer } from '../core/pod-spec/visit-containers.ts';
import { type Amounts, addAmounts, amountsOf, maxAmounts, type ResourceList } from './resource-list.ts';

export function isPodLevelResourcesSet({ spec }: Pod): boolean {
  const { requests, limits } = spec.resources ?? {};
  return [requests, limits].some((list) => Object.keys(list ?? {}).some(isSupportedPodLevelResource));
}

export function podRequests(pod: Pod): Map<string, Quantity> {
  const requests = aggregate(pod, requestsOf);
  for (const [name, amount] of amountsOf(pod.spec.resources?.requests))
    if (isSupportedPodLevelResource(name)) requests.set(name, amount);
  return pod.spec.overhead ? addAmounts(requests, amountsOf(pod.spec.overhead)) : requests;
}

export function podLimits(pod: Pod): Map<string, Quantity> {
  const limits = aggregate(pod, limitsOf);
  for (const [name, amount] of amountsOf(pod.spec.resources?.limits))
    if (isSupportedPodLevelResource(name)) limits.set(name, amount);
  for (const [name, overhead] of amountsOf(pod.spec.overhead)) {
    const limit = limits.get(name);
    if (limit && !limit.isZero()) limits.set(name, limit.add(overhead));
  }
  return limits;
}

type Share = (container: Container, status: ContainerStatus | undefined, isInfeasible: boolean) => Amounts;

/** The sum of all containers, or what the init containers need while they run if that is more. */
function aggregate({ spec, status }: Pod, share: Share): Map<string, Quantity> {
  const isInfeasible = status.conditions?.find(({ type }) => type === 'PodResizePending')?.reason === 'Infeasible';
  const statusOf = (list: readonly ContainerStatus[] | undefined, name: string) =>
    list?.find((candidate) => candidate.name === name);
  let total = new Map<string, Quantity>();
  for (const container of spec.containers ?? [])
    total = addAmounts(total, share(container, statusOf(status.containerStatuses, container.name), isInfeasible));
  let sidecars: Amounts = new Map();
  let initialization: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const isSidecar = isRestartableInitContainer(container);
    const own = isSidecar ? statusOf(status.initContainerStatuses, container.name) : undefined;
    const amounts = share(container, own, isInfeasible);
    const running = addAmounts(amounts, sidecars);
    if (isSidecar) {
      total = addAmounts(total, amounts);
      sidecars = running;
    }
    initialization = maxAmounts(initialization, running);
  }
  return maxAmounts(total, initialization);
}

function requestsOf({ resources }: Container, status: ContainerStatus | undefined, isInfeasible: boolean): Amounts {
  const spec = amountsOf(resources?.requests);
  if (!status?.resources) return spec;
  const granted = maxAmounts(
    amountsOf(status.resources.requests),
    amountsOf(status.allocatedResources as ResourceList | undefined),
  );
  return isInfeasible ? granted : maxAmounts(spec, granted);
}

function limitsOf({ resources }: Container, status: ContainerStatus | undefined, isInfeasible: boolean): Amounts {
  const spec = amountsOf(resources?.limits);
  if (!status?.resources) return spec;
  const actuated = amountsOf(status.resources.limits);
  return isInfeasible ? actuated : maxAmounts(spec, actuated);
}
