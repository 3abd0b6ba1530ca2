// Prefers nodes where the pod makes the use of cpu and memory more even.
// Behaviour: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go, Kubernetes v1.36.3.
import { stateKey } from '../../framework/cycle-state.ts';
import { add, divide, type Int64, int64OfFloat, subtract } from '../../framework/int64.ts';
import { type Handle, MAX_NODE_SCORE, type PreScorePlugin, type ScorePlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { SKIP } from '../../framework/status.ts';
import { type DeviceTotals, deviceTotals } from '../dynamic-resources/devices/device-totals.ts';
import { nodeAmounts, type ResourceSpec, scoredRequests } from '../node-resources-fit/scoring-strategy.ts';

export interface NodeResourcesBalancedAllocationArgs {
  readonly resources: readonly ResourceSpec[];
}

interface ScoreState {
  readonly asked: readonly Int64[];
  /** Where some of the resources come from device classes. */
  readonly devices: DeviceTotals | undefined;
}

const preScoreState = stateKey<ScoreState>('PreScoreNodeResourcesBalancedAllocation');

export function makeNodeResourcesBalancedAllocation(
  { resources }: NodeResourcesBalancedAllocationArgs,
  handle: Pick<Handle, 'objects' | 'pendingAllocations' | 'isFeatureEnabled'>,
) {
  const scoreStateOf = (pod: PodInfo): ScoreState => ({
    asked: scoredRequests(pod, resources, true),
    devices: deviceTotals(handle, resources),
  });
  return {
    name: 'NodeResourcesBalancedAllocation',
    preScore(state, pod) {
      const data = scoreStateOf(pod);
      // Best-effort pods would all gather on one node.
      if (data.asked.every((amount) => amount === 0)) return SKIP;
      state.write(preScoreState, data);
      return undefined;
    },
    score(state, pod, nodeInfo) {
      const { asked, devices } = state.read(preScoreState) ?? scoreStateOf(pod);
      if (asked.every((amount) => amount === 0)) return 0;
      const { requested, allocated, allocatable } = nodeAmounts(nodeInfo, resources, asked, true, devices);
      return balancedChange(balancedScore(requested, allocatable), balancedScore(allocated, allocatable));
    },
  } satisfies PreScorePlugin & ScorePlugin;
}

const HALF = MAX_NODE_SCORE / 2;

/** 75 when the balance stays, more when it gets better. */
function balancedChange(scoreWithPod: Int64, scoreWithoutPod: Int64): Int64 {
  return add(HALF, divide(subtract(add(HALF, scoreWithPod), scoreWithoutPod), 2));
}

/** 100 when every resource is used to the same fraction. */
function balancedScore(requested: readonly Int64[], allocatable: readonly Int64[]): Int64 {
  const fractions: number[] = [];
  let total = 0;
  for (let i = 0; i < requested.length; i++) {
    const capacity = allocatable[i]!;
    if (capacity === 0) continue;
    const fraction = Math.min(Number(requested[i]!) / Number(capacity), 1);
    total += fraction;
    fractions.push(fraction);
  }
  let deviation = 0;
  if (fractions.length === 2) deviation = Math.abs((fractions[0]! - fractions[1]!) / 2);
  else if (fractions.length > 2) {
    const mean = total / fractions.length;
    let sum = 0;
    for (const fraction of fractions) sum += (fraction - mean) * (fraction - mean);
    deviation = Math.sqrt(sum / fractions.length);
  }
  return int64OfFloat((1 - deviation) * MAX_NODE_SCORE);
}
