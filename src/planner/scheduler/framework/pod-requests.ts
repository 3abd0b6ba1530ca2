// What a pod asks for: containers, sidecars, init peaks, pod-level resources and overhead put together.
// Behaviour: staging/src/k8s.io/component-helpers/resource/helpers.go, Kubernetes v1.36.3.
import { mustParseQuantity, Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Container, ContainerStatus, Pod, ResourceRequirements } from '../../../schema/generated/types/core-v1.ts';

export type ResourceList = Map<string, Quantity>;
type Quantities = Readonly<Record<string, string | number>>;

interface PodRequestsOptions {
  /** Look at what was resized in place: for pods that are on a node. */
  readonly useStatusResources?: boolean;
  readonly skipPodLevelResources?: boolean;
  /** Stands in for a container's request that is absent; an explicit zero stays zero. */
  readonly nonMissingContainerRequests?: ReadonlyMap<string, Quantity>;
}

/** Taken for scoring when a container does not say: 100m and 200Mi. */
const DEFAULT_MILLI_CPU_REQUEST = 100;
const DEFAULT_MEMORY_REQUEST = 200 * 1024 * 1024;

export const NON_MISSING_CPU = Quantity.ofMilli(DEFAULT_MILLI_CPU_REQUEST, 'DecimalSI');
export const NON_MISSING_MEMORY = Quantity.of(DEFAULT_MEMORY_REQUEST, 'DecimalSI');

const HUGE_PAGES_PREFIX = 'hugepages-';

/** The resources that pod-level requests may set. */
function isSupportedPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith(HUGE_PAGES_PREFIX);
}

export function hasPodLevelRequests({ spec }: Pod): boolean {
  return Object.keys(spec.resources?.requests ?? {}).some(isSupportedPodLevelResource);
}

export function podRequests(pod: Pod, options: PodRequestsOptions = {}): ResourceList {
  const { spec } = pod;
  const requests = aggregateContainerRequests(pod, options);
  if (!options.skipPodLevelResources && hasPodLevelRequests(pod)) {
    const wanted = spec.resources?.requests ?? {};
    const effective =
      options.useStatusResources && pod.status?.resources
        ? effectiveRequests(pod, wanted, pod.status.resources, pod.status.allocatedResources)
        : undefined;
    for (const name of Object.keys(wanted))
      if (isSupportedPodLevelResource(name)) requests.set(name, effective?.get(name) ?? quantityOf(wanted[name]));
  }
  if (spec.overhead) addQuantities(requests, spec.overhead);
  return requests;
}

function aggregateContainerRequests(pod: Pod, options: PodRequestsOptions): ResourceList {
  const { initContainers, containers = [] } = pod.spec;
  const statuses = options.useStatusResources ? containerStatuses(pod) : undefined;
  const requests: ResourceList = new Map();
  for (const container of containers) addContainer(requests, container, pod, statuses, options);
  if (!initContainers || initContainers.length === 0) return requests;
  const sidecars: ResourceList = new Map();
  const peak: ResourceList = new Map();
  for (const container of initContainers) {
    if (container.restartPolicy === 'Always') {
      addContainer(requests, container, pod, statuses, options);
      addContainer(sidecars, container, pod, statuses, options);
      raiseTo(peak, sidecars);
    } else {
      const running: ResourceList = new Map();
      addContainer(running, container, pod, undefined, options);
      for (const [name, quantity] of sidecars) addQuantity(running, name, quantity);
      raiseTo(peak, running);
    }
  }
  raiseTo(requests, peak);
  return requests;
}

function containerStatuses({ status }: Pod): ReadonlyMap<string, ContainerStatus> | undefined {
  let found: Map<string, ContainerStatus> | undefined;
  for (const list of [status?.containerStatuses, status?.initContainerStatuses])
    for (const item of list ?? []) if (item.resources) (found ??= new Map()).set(item.name, item);
  return found;
}

function addContainer(
  into: ResourceList,
  container: Container,
  pod: Pod,
  statuses: ReadonlyMap<string, ContainerStatus> | undefined,
  { nonMissingContainerRequests }: PodRequestsOptions,
): void {
  const wanted = container.resources?.requests ?? {};
  const status = statuses?.get(container.name);
  if (status?.resources) {
    const effective = effectiveRequests(pod, wanted, status.resources, status.allocatedResources);
    for (const [name, quantity] of effective) addQuantity(into, name, quantity);
    if (nonMissingContainerRequests)
      for (const [name, quantity] of nonMissingContainerRequests)
        if (!effective.has(name)) addQuantity(into, name, quantity);
    return;
  }
  addQuantities(into, wanted);
  if (nonMissingContainerRequests)
    for (const [name, quantity] of nonMissingContainerRequests)
      if (wanted[name] === undefined) addQuantity(into, name, quantity);
}

/** While a resize is under way the greatest of wanted, actual and allocated counts; an infeasible wish does not. */
function effectiveRequests(
  pod: Pod,
  spec: Quantities,
  actuated: ResourceRequirements,
  allocated: Quantities | undefined,
): ResourceList {
  const result: ResourceList = new Map();
  if (!isResizeInfeasible(pod)) addQuantities(result, spec);
  for (const list of [actuated.requests, allocated])
    for (const name of Object.keys(list ?? {})) raise(result, name, quantityOf(list?.[name]));
  return result;
}

function isResizeInfeasible({ status }: Pod): boolean {
  return status?.conditions?.find(({ type }) => type === 'PodResizePending')?.reason === 'Infeasible';
}

/** Stored objects hold quantities that parse: the API server saw to it. */
function quantityOf(text: string | number | undefined): Quantity {
  return mustParseQuantity(String(text ?? 0));
}

function addQuantities(into: ResourceList, list: Quantities): void {
  for (const name of Object.keys(list)) addQuantity(into, name, quantityOf(list[name]));
}

function addQuantity(into: ResourceList, name: string, quantity: Quantity): void {
  const sum = into.get(name);
  into.set(name, sum === undefined ? quantity : sum.add(quantity));
}

function raiseTo(list: ResourceList, other: ResourceList): void {
  for (const [name, quantity] of other) raise(list, name, quantity);
}

function raise(list: ResourceList, name: string, quantity: Quantity): void {
  const present = list.get(name);
  if (present === undefined || quantity.cmp(present) > 0) list.set(name, quantity);
}
