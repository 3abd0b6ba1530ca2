// Finds the node where evicting less important pods lets a pod in at the least cost.
// Behaviour: pkg/scheduler/framework/preemption/preemption.go, Kubernetes v1.36.3.
// Differs: upstream starts at a random node and breaks the last tie by chance; here both go by name.
import type { CycleState } from '../framework/cycle-state.ts';
import { fitErrorMessage, type NodeVerdicts } from '../framework/fit-error.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { Handle, PostFilterOutcome } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import { type Status, unschedulable } from '../framework/status.ts';
import { dryRunsFor } from './dry-runs.ts';
import { startTimeOf, type Victims } from './victims.ts';

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
  statuses: NodeVerdicts,
): PostFilterOutcome {
  const refusal = whyNotEligible(handle, pod, statuses);
  if (refusal !== undefined) return { status: unschedulable(refusal) };
  const nodes = handle.snapshot.list();
  const potentialNodes = statuses.nodesForStatusCode(nodes, 'Unschedulable');
  const { candidates, refusals } = findCandidates(handle, options, state, pod, potentialNodes);
  const best = selectCandidate(candidates, handle.now());
  if (!best) {
    const message = fitErrorMessage(nodes.length, {
      nodeToStatus: { reasonCounts: () => reasonCounts(refusals, nodes.length - potentialNodes.length) },
      preFilterMsg: '',
      postFilterMsg: '',
    });
    return { nominatingInfo: { nominatedNodeName: '' }, status: unschedulable(message) };
  }
  return { nominatingInfo: { nominatedNodeName: best.node }, victims: best.victims.pods, status: undefined };
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
  const condition = pod.status.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return condition?.status === 'True' && condition.reason === 'PreemptionByScheduler';
}

interface CandidateSearch {
  readonly candidates: readonly Candidate[];
  /** Why preemption does not help, and on how many nodes. */
  readonly refusals: ReadonlyMap<Status, number>;
}

function findCandidates(
  handle: Handle,
  options: PreemptionOptions,
  state: CycleState,
  pod: PodInfo,
  potentialNodes: readonly NodeInfo[],
): CandidateSearch {
  const refusals = new Map<Status, number>();
  const nonViolating: Candidate[] = [];
  const violating: Candidate[] = [];
  const wanted = numCandidates(options, potentialNodes.length);
  if (potentialNodes.length === 0) return { candidates: [], refusals };
  const { select } = dryRunsFor(handle, state, pod);
  for (const nodeInfo of byName(potentialNodes)) {
    const found = select(nodeInfo);
    if ('status' in found) {
      refusals.set(found.status, (refusals.get(found.status) ?? 0) + 1);
      continue;
    }
    const { victims } = found;
    (victims.numPDBViolations === 0 ? nonViolating : violating).push({ node: nodeInfo.name, victims });
    if (nonViolating.length > 0 && nonViolating.length + violating.length >= wanted) break;
  }
  return { candidates: [...nonViolating, ...violating], refusals };
}

/** Nodes often come in order already. */
function byName(nodes: readonly NodeInfo[]): readonly NodeInfo[] {
  const isSorted = nodes.every(({ name }, i) => i === 0 || nodes[i - 1]!.name < name);
  return isSorted ? nodes : [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
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
