// Turns what a node has, has given away and would give to the pod into a score: least allocated, most allocated or by a shape.
// Behaviour: pkg/scheduler/framework/plugins/noderesources/{least_allocated,most_allocated,requested_to_capacity_ratio,resource_allocation}.go,
// helper/shape_score.go, Kubernetes v1.36.3.
import { add, divide, type Int64, multiply, subtract } from '../../framework/int64.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import { MAX_NODE_SCORE } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { NON_MISSING_CPU, NON_MISSING_MEMORY, podRequests } from '../../framework/pod-requests.ts';
import { countedAmount, isScalarResourceName } from '../../framework/resource.ts';
import type { DeviceTotals } from '../dynamic-resources/devices/device-totals.ts';

export interface ResourceSpec {
  readonly name: string;
  readonly weight: number;
}

export interface UtilizationShapePoint {
  readonly utilization: number;
  readonly score: number;
}

export interface ScoringStrategy {
  readonly type: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
  readonly resources: readonly ResourceSpec[];
  readonly requestedToCapacityRatio?: { readonly shape: readonly UtilizationShapePoint[] };
}

/** Points of a shape go up to 10, scores up to 100. */
const MAX_CUSTOM_PRIORITY_SCORE = 10;

type ResourceScorer = (requested: Int64, capacity: Int64) => Int64;

/** The score of a node, given per resource what would be requested with the pod on it and what it has (0: left out). */
type NodeScorer = (requested: readonly Int64[], allocatable: readonly Int64[]) => Int64;

export function nodeScorer({ type, resources, requestedToCapacityRatio }: ScoringStrategy): NodeScorer {
  switch (type) {
    case 'LeastAllocated':
      return weighted(resources, leastRequestedScore);
    case 'MostAllocated':
      return weighted(resources, mostRequestedScore);
    case 'RequestedToCapacityRatio':
      return byShape(resources, requestedToCapacityRatio?.shape ?? []);
  }
}

function weighted(resources: readonly ResourceSpec[], scoreOf: ResourceScorer): NodeScorer {
  return (requested, allocatable) => {
    let sum: Int64 = 0;
    let weights = 0;
    for (let i = 0; i < requested.length; i++) {
      const capacity = allocatable[i]!;
      if (capacity === 0) continue;
      const { weight } = resources[i]!;
      sum = add(sum, multiply(scoreOf(requested[i]!, capacity), weight));
      weights += weight;
    }
    return weights === 0 ? 0 : divide(sum, weights);
  };
}

function leastRequestedScore(requested: Int64, capacity: Int64): Int64 {
  return requested > capacity ? 0 : divide(multiply(subtract(capacity, requested), MAX_NODE_SCORE), capacity);
}

function mostRequestedScore(requested: Int64, capacity: Int64): Int64 {
  return divide(multiply(requested > capacity ? capacity : requested, MAX_NODE_SCORE), capacity);
}

function byShape(resources: readonly ResourceSpec[], shape: readonly UtilizationShapePoint[]): NodeScorer {
  const points = shape.map(({ utilization, score }) => ({
    utilization,
    score: score * (MAX_NODE_SCORE / MAX_CUSTOM_PRIORITY_SCORE),
  }));
  const scoreOf = (requested: Int64, capacity: Int64): number =>
    brokenLinear(points, requested > capacity ? 100 : Number(divide(multiply(requested, 100), capacity)));
  return (requested, allocatable) => {
    let sum = 0;
    let weights = 0;
    for (let i = 0; i < requested.length; i++) {
      const capacity = allocatable[i]!;
      if (capacity === 0) continue;
      const score = scoreOf(requested[i]!, capacity);
      if (score <= 0) continue;
      sum += score * resources[i]!.weight;
      weights += resources[i]!.weight;
    }
    return weights === 0 ? 0 : Math.round(sum / weights);
  };
}

/** Straight lines between the points, flat before the first and after the last. */
function brokenLinear(points: readonly UtilizationShapePoint[], utilization: number): number {
  for (const [i, point] of points.entries()) {
    if (utilization > point.utilization) continue;
    const before = points[i - 1];
    if (!before) return point.score;
    const rise = (point.score - before.score) * (utilization - before.utilization);
    return before.score + Math.trunc(rise / (point.utilization - before.utilization));
  }
  return points.at(-1)?.score ?? 0;
}

/** What the pod asks for, resource by resource; for scoring by free room 100m and 200Mi stand in for what is absent. */
export function scoredRequests(
  pod: PodInfo,
  resources: readonly ResourceSpec[],
  useRequested: boolean,
): readonly Int64[] {
  const requests = useRequested
    ? podRequests(pod.pod, { useStatusResources: true })
    : // Upstream's scorer is made without the PodLevelResources gate, so pod-level requests do not count here.
      podRequests(pod.pod, { skipPodLevelResources: true, nonMissingContainerRequests: NON_MISSING });
  return resources.map(({ name }) => {
    const quantity = requests.get(name);
    return quantity === undefined ? 0 : countedAmount(name, quantity);
  });
}

const NON_MISSING = new Map([
  ['cpu', NON_MISSING_CPU],
  ['memory', NON_MISSING_MEMORY],
]);

interface NodeAmounts {
  readonly requested: readonly Int64[];
  readonly allocated: readonly Int64[];
  readonly allocatable: readonly Int64[];
}

/** What the node has and has given away; a scalar resource that the pod does not ask for is left out. */
export function nodeAmounts(
  nodeInfo: NodeInfo,
  resources: readonly ResourceSpec[],
  podAmounts: readonly Int64[],
  useRequested: boolean,
  devices?: DeviceTotals,
): NodeAmounts {
  // Filled by push: such lists come to be made for large numbers at once.
  const requested: Int64[] = [];
  const allocated: Int64[] = [];
  const allocatable: Int64[] = [];
  for (let i = 0; i < resources.length; i++) {
    const { name } = resources[i]!;
    const asked = podAmounts[i]!;
    const amounts =
      asked === 0 && isScalarResourceName(name) ? NOTHING : amountsOf(nodeInfo, name, useRequested, devices);
    const [capacity, taken] = amounts;
    const isThere = capacity !== 0;
    allocatable.push(capacity);
    allocated.push(isThere ? taken : 0);
    requested.push(isThere ? add(taken, asked) : 0);
  }
  return { requested, allocated, allocatable };
}

const NOTHING: readonly [Int64, Int64] = [0, 0];

function amountsOf(
  node: NodeInfo,
  name: string,
  useRequested: boolean,
  devices: DeviceTotals | undefined,
): readonly [Int64, Int64] {
  const { allocatable, requested } = node;
  switch (name) {
    case 'cpu':
      return [allocatable.milliCPU, useRequested ? requested.milliCPU : node.nonZeroRequestedCPU];
    case 'memory':
      return [allocatable.memory, useRequested ? requested.memory : node.nonZeroRequestedMemory];
    case 'ephemeral-storage':
      return [allocatable.ephemeralStorage, requested.ephemeralStorage];
    default: {
      const capacity = allocatable.scalars?.get(name);
      const provided = devices && !capacity ? devices(node.node, name) : undefined;
      if (provided && provided[0] > 0) return provided;
      return capacity === undefined ? NOTHING : [capacity, requested.scalars?.get(name) ?? 0];
    }
  }
}
