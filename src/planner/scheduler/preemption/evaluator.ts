// Finds the node where evicting less important pods lets a pod in at the least cost.
// Behaviour: pkg/scheduler/framework/preemption/preemption.go, Kubernetes v1.36.3.
// Differs: upstream starts at a random node and breaks the last tie by chance; here both go by name.
import type { PodDisruptionBudget } from '../../../schema/generated/types/policy-v1.ts';
import { DISRUPTION_TARGET } from '../../objects/pod-condition.ts';
import { type CycleState, stateKey } from '../framework/cycle-state.ts';
import { fitErrorMessage, type NodeVerdicts } from '../framework/fit-error.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { Handle, PostFilterOutcome } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import { errorStatus, type Status, statusMessage, unschedulable } from '../framework/status.ts';
import { type CandidateRequest, type CandidateSearch, findCandidates } from './candidates.ts';
import { selectVictimsOnNode } from './victims.ts';

const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NEVER_PREEMPTS = 'not eligible due to preemptionPolicy=Never.';
const TERMINATING_VICTIM = 'not eligible due to a terminating pod on the nominated node.';

export interface PreemptionRequest extends CandidateRequest {
  readonly budgets: readonly PodDisruptionBudget[];
}

/** Lets whoever starts the cycle search among candidates that it keeps from one pod to the next of its kind. */
export const candidateMemory = stateKey<(request: PreemptionRequest) => CandidateSearch>('preemption/candidates');

export interface PreemptionOptions {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

export function preempt(
  handle: Handle,
  options: PreemptionOptions,
  state: CycleState,
  pod: PodInfo,
  statuses: NodeVerdicts,
): PostFilterOutcome {
  const refusal = whyNotEligible(handle, pod, statuses);
  if (refusal !== undefined) return { status: unschedulable(refusal) };
  const nodes = handle.snapshot.list();
  const { best, refusals, potential } = searchFor(handle, options, state, pod, statuses, nodes);
  if (best) return { nominatingInfo: { nominatedNodeName: best.node }, victims: best.victims.pods, status: undefined };
  const failures = new Set([...refusals.keys()].filter(({ code }) => code === 'Error').map(statusMessage));
  if (failures.size > 0) return { status: errorStatus(aggregate([...failures])) };
  const message = fitErrorMessage(nodes.length, {
    nodeToStatus: { reasonCounts: () => reasonCounts(refusals, nodes.length - potential) },
    preFilterMsg: '',
    postFilterMsg: '',
  });
  return { nominatingInfo: { nominatedNodeName: '' }, status: unschedulable(message) };
}

/** Several errors in one, as Go's aggregates print them. */
function aggregate(messages: readonly string[]): string {
  return messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`;
}

function whyNotEligible({ snapshot }: Handle, pod: PodInfo, statuses: NodeVerdicts): string | undefined {
  if (pod.spec.preemptionPolicy === 'Never') return NEVER_PREEMPTS;
  const nominated = pod.status.nominatedNodeName;
  // A node that has become hopeless is no reason to wait.
  if (!nominated || statuses.get(nominated).code === 'UnschedulableAndUnresolvable') return undefined;
  const victims = snapshot.get(nominated)?.pods.filter((other) => other.priority < pod.priority) ?? [];
  return victims.some(isTerminatingByPreemption) ? TERMINATING_VICTIM : undefined;
}

function isTerminatingByPreemption(pod: PodInfo): boolean {
  if (!pod.isTerminating) return false;
  const condition = pod.status.conditions?.find(({ type }) => type === DISRUPTION_TARGET);
  return condition?.status === 'True' && condition.reason === 'PreemptionByScheduler';
}

function searchFor(
  handle: Handle,
  options: PreemptionOptions,
  state: CycleState,
  pod: PodInfo,
  statuses: NodeVerdicts,
  nodes: readonly NodeInfo[],
): CandidateSearch {
  const budgets = handle.objects.list<PodDisruptionBudget>('poddisruptionbudgets.policy');
  const request: PreemptionRequest = {
    budgets,
    wanted: (potential) => numCandidates(options, potential),
    now: handle.now(),
    select: (nodeInfo) => selectVictimsOnNode(handle, state, pod, nodeInfo, budgets),
  };
  const remembered = state.read(candidateMemory);
  return remembered
    ? remembered(request)
    : findCandidates(statuses.nodesForStatusCode(nodes, 'Unschedulable'), request);
}

function reasonCounts(refusals: ReadonlyMap<Status, number>, hopeless: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>(hopeless > 0 ? [[NOT_HELPFUL, hopeless]] : []);
  for (const [{ reasons }, nodes] of refusals)
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + nodes);
  return counts;
}

export function numCandidates(
  { minCandidateNodesPercentage, minCandidateNodesAbsolute }: PreemptionOptions,
  nodes: number,
): number {
  return Math.min(nodes, Math.max(Math.floor((nodes * minCandidateNodesPercentage) / 100), minCandidateNodesAbsolute));
}
