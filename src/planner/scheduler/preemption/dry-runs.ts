// Tries out on copies which pods would have to go from a node.
// Behaviour: pkg/scheduler/framework/preemption/preemption.go (DryRunPreemption), Kubernetes v1.36.3.
import type { PodDisruptionBudget } from '../../../schema/generated/types/policy-v1.ts';
import { type CycleState, stateKey } from '../framework/cycle-state.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { Handle } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import { selectVictimsOnNode, type VictimSelection } from './victims.ts';

export interface DryRuns {
  readonly budgets: readonly PodDisruptionBudget[];
  readonly select: (nodeInfo: NodeInfo) => VictimSelection;
}

/** Lets whoever starts the cycle remember dry runs from one pod to the next of its kind. */
export const dryRunMemory = stateKey<(runs: DryRuns) => DryRuns>('preemption/dryRunMemory');

export function dryRunsFor(handle: Handle, state: CycleState, pod: PodInfo): DryRuns {
  const budgets = handle.objects.list<PodDisruptionBudget>('poddisruptionbudgets.policy');
  const runs: DryRuns = {
    budgets,
    select: (nodeInfo) => selectVictimsOnNode(handle, state, pod, nodeInfo, budgets),
  };
  return state.read(dryRunMemory)?.(runs) ?? runs;
}
