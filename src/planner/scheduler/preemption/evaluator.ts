// Finds the node where evicting less important pods lets a pod in at the least cost.
// Behaviour: pkg/scheduler/framework/preemption/preemption.go, Kubernetes v1.36.3.
// Differs: upstream starts at a random node and breaks the last tie by chance; here both go by name.
import type { PodDisruptionBudget } from '../../../schema/generated/types/policy-v1.ts';
import type { CycleState } from '../framework/cycle-state.ts';
import { fitErrorMessage, NodeToStatus } from '../framework/fit-error.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { Handle, PostFilterOutcome } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import { unschedulable, unschedulableAndUnresolvable } from '../framework/status.ts';
import { selectVictimsOnNode, startTimeOf, type Victims } from './victims.ts';

export const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NEVER_PREEMPTS = 'not eligible due to preemptionPolicy=Never.';
const TERMINATING_VICTIM = 'not eligible due to a terminating pod on the nominated node.';

export interface PreemptionOptions {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

interface Candidate {
  readonly node: string;
  readonly victims: Victims;
}

export function preempt(
  handle: Handle,
  options: PreemptionOptions,
  state: CycleState,
  pod: PodInfo,
  statuses: NodeToStatus,
): PostFilterOutcome {
  const refusal = whyNotEligible(handle, pod, statuses);
  if (refusal !== undefined) return { status: unschedulable(refusal) };
  const nodes = handle.snapshot.list();
  const { candidates, nodeToStatus } = findCandidates(
    handle,
    options,
    state,
    pod,
    statuses.nodesForStatusCode(nodes, 'Unschedulable'),
  );
  const best = selectCandidate(candidates, handle.now());
  if (!best) {
    nodeToStatus.absentNodesStatus = unschedulableAndUnresolvable(NOT_HELPFUL);
    const message = fitErrorMessage(nodes.length, { nodeToStatus, preFilterMsg: '', postFilterMsg: '' });
    return { nominatingInfo: { nominatedNodeName: '' }, status: unschedulable(message) };
  }
  return { nominatingInfo: { nominatedNodeName: best.node }, victims: best.victims.pods, status: undefined };
}

function whyNotEligible({ snapshot }: Handle, pod: PodInfo, statuses: NodeToStatus): string | undefined {
  if (pod.spec.preemptionPolicy === 'Never') return NEVER_PREEMPTS;
  const nominated = pod.status.nominatedNodeName;
  // A node that has become hopeless is no reason to wait.
  if (!nominated || statuses.get(nominated).code === 'UnschedulableAndUnresolvable') return undefined;
  const victims = snapshot.get(nominated)?.pods.filter((other) => other.priority < pod.priority) ?? [];
  return victims.some(isTerminatingByPreemption) ? TERMINATING_VICTIM : undefined;
}

function isTerminatingByPreemption(pod: PodInfo): boolean {
  if (!pod.isTerminating) return false;
  const condition = pod.status.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return condition?.status === 'True' && condition.reason === 'PreemptionByScheduler';
}

interface CandidateSearch {
  readonly candidates: readonly Candidate[];
  /** Nodes where preemption does not help, and why. */
  readonly nodeToStatus: NodeToStatus;
}

function findCandidates(
  handle: Handle,
  options: PreemptionOptions,
  state: CycleState,
  pod: PodInfo,
  potentialNodes: readonly NodeInfo[],
): CandidateSearch {
  const nodeToStatus = new NodeToStatus();
  const nonViolating: Candidate[] = [];
  const violating: Candidate[] = [];
  const wanted = numCandidates(options, potentialNodes.length);
  const budgets =
    potentialNodes.length > 0 ? handle.objects.list<PodDisruptionBudget>('poddisruptionbudgets.policy') : [];
  const byName = [...potentialNodes].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const nodeInfo of byName) {
    const found = selectVictimsOnNode(handle, state.clone(), pod, nodeInfo.clone(), budgets);
    if ('status' in found) {
      nodeToStatus.set(nodeInfo.name, found.status);
      continue;
    }
    const { victims } = found;
    (victims.numPDBViolations === 0 ? nonViolating : violating).push({ node: nodeInfo.name, victims });
    if (nonViolating.length > 0 && nonViolating.length + violating.length >= wanted) break;
  }
  return { candidates: [...nonViolating, ...violating], nodeToStatus };
}

export function numCandidates(
  { minCandidateNodesPercentage, minCandidateNodesAbsolute }: PreemptionOptions,
  nodes: number,
): number {
  return Math.min(nodes, Math.max(Math.floor((nodes * minCandidateNodesPercentage) / 100), minCandidateNodesAbsolute));
}

/** Added to each priority so that a few pods of negative priority do not weigh less than one. */
const PRIORITY_OFFSET = 2 ** 31;

/** The greater the better; a later rule decides among those that are equal by the earlier ones. */
const RULES: readonly ((victims: Victims, now: number) => number)[] = [
  ({ numPDBViolations }) => -numPDBViolations,
  ({ pods }) => -(pods[0]?.priority ?? 0),
  ({ pods }) => -pods.reduce((sum, { priority }) => sum + priority + PRIORITY_OFFSET, 0),
  ({ pods }) => -pods.length,
  ({ pods }, now) => earliestStartOfHighestPriority(pods, now),
];

function selectCandidate(candidates: readonly Candidate[], now: number): Candidate | undefined {
  let left = [...candidates].sort((a, b) => (a.node < b.node ? -1 : 1));
  for (const rule of RULES) {
    if (left.length <= 1) break;
    const scores = left.map(({ victims }) => rule(victims, now));
    const best = Math.max(...scores);
    left = left.filter((_candidate, i) => scores[i] === best);
  }
  return left[0];
}

function earliestStartOfHighestPriority(pods: readonly PodInfo[], now: number): number {
  const highest = Math.max(...pods.map(({ priority }) => priority));
  return Math.min(...pods.filter(({ priority }) => priority === highest).map((pod) => startTimeOf(pod) ?? now));
}
