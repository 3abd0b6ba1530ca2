// One pod, one look at the nodes: which admit it, how they score, where it goes or why it goes nowhere.
// Behaviour: pkg/scheduler/schedule_one.go, Kubernetes v1.36.3.
// Differs: of several best nodes the first by name is taken; upstream's choice among them follows no rule.
import { CycleState } from './framework/cycle-state.ts';
import {
  addPluginStatus,
  type Diagnosis,
  fitErrorMessage,
  NO_NODES_AVAILABLE,
  type NodeToStatus,
  newDiagnosis,
} from './framework/fit-error.ts';
import type { NodeInfo } from './framework/node-info.ts';
import type { ClaimChange, NominatingInfo } from './framework/plugin.ts';
import type { PodInfo } from './framework/pod-info.ts';
import type { NodePluginScores, PreFilterOutcome } from './framework/run-outcomes.ts';
import type { Framework } from './framework/runtime.ts';
import { isRejected, isSuccess, statusMessage, unschedulableAndUnresolvable } from './framework/status.ts';

/** Where the next search starts among the nodes: it moves on from pod to pod, whatever their profiles. */
export interface NodeRotation {
  nextStartNodeIndex: number;
}

/** How a profile looks for nodes. */
export interface NodeSearch {
  /** How many feasible nodes are enough: 1..100; 100 looks at every node, 0 lets the number of nodes decide. */
  readonly percentageOfNodesToScore: number;
  readonly rotation: NodeRotation;
}

export function searchOfAllNodes(): NodeSearch {
  return { percentageOfNodesToScore: 100, rotation: { nextStartNodeIndex: 0 } };
}

/** What the scheduler acts on. */
export interface SchedulingResult {
  readonly state: CycleState;
  readonly diagnosis: Diagnosis;
  readonly outcome: SchedulingOutcome;
}

interface DetailedResult extends SchedulingResult {
  readonly feasible: readonly NodeInfo[];
  readonly diagnosis: Diagnosis<NodeToStatus>;
  /** Only when there was something to compare. */
  readonly scores?: readonly NodePluginScores[];
}

type SchedulingOutcome =
  | { readonly kind: 'scheduled'; readonly node: string }
  | {
      readonly kind: 'unschedulable';
      readonly message: string;
      readonly nominatingInfo?: NominatingInfo;
      readonly victims?: readonly PodInfo[];
      readonly claimChange?: ClaimChange;
    }
  | { readonly kind: 'no-nodes'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string };

interface SchedulingOptions {
  /** Score even a single feasible node, which the scheduler itself does not bother to do. */
  readonly alwaysScore?: boolean;
  /** The pod is one of a group that is looked at as a whole: what plugins remember from pod to pod of it. */
  readonly podGroup?: CycleState;
  /** Leave open whether evicting others would help. */
  readonly skipPostFilter?: boolean;
}

export function schedulePod(
  framework: Framework,
  pod: PodInfo,
  search: NodeSearch,
  options: SchedulingOptions = {},
): DetailedResult {
  const state = new CycleState();
  state.podGroup = options.podGroup;
  const diagnosis = newDiagnosis();
  const nodes = framework.handle.snapshot.candidates();
  const result = (outcome: SchedulingOutcome, feasible: readonly NodeInfo[] = []): DetailedResult => ({
    state,
    feasible,
    diagnosis,
    outcome,
  });
  if (nodes.length === 0) return result({ kind: 'no-nodes', message: NO_NODES_AVAILABLE });

  const preFiltered = framework.runPreFilterPlugins(state, pod);
  const { status } = preFiltered;
  for (const plugin of preFiltered.pluginsWithNodes) diagnosis.unschedulablePlugins.add(plugin);
  let feasible: readonly NodeInfo[] = [];
  if (status && !isSuccess(status)) {
    if (!isRejected(status)) return result({ kind: 'error', message: statusMessage(status) });
    diagnosis.nodeToStatus.absentNodesStatus = status;
    diagnosis.preFilterMsg = statusMessage(status);
    addPluginStatus(diagnosis, status);
  } else {
    const found = findNodesThatFit(framework, state, pod, search, diagnosis, preFiltered);
    if (found.error !== undefined) return result({ kind: 'error', message: found.error });
    feasible = found.nodes;
  }
  if (feasible.length === 0) {
    if (!options.skipPostFilter) return result(postFilter(framework, state, pod, diagnosis, nodes.length));
    diagnosis.postFilterMsg = POST_FILTER_SKIPPED;
    return result({ kind: 'unschedulable', message: fitErrorMessage(nodes.length, diagnosis) });
  }

  if (feasible.length === 1 && !options.alwaysScore)
    return result({ kind: 'scheduled', node: feasible[0]!.name }, feasible);
  const preScore = framework.runPreScorePlugins(state, pod, feasible);
  if (!isSuccess(preScore)) return result({ kind: 'error', message: statusMessage(preScore) }, feasible);
  const scored = framework.runScorePlugins(state, pod, feasible);
  if (!scored.ok) return result({ kind: 'error', message: statusMessage(scored.status) }, feasible);
  const [node = ''] = bestNodes(scored.nodes);
  return { ...result({ kind: 'scheduled', node }, feasible), scores: scored.nodes };
}

/** The nodes with the greatest total, by name. */
export function bestNodes(scores: readonly NodePluginScores[]): readonly string[] {
  const best = scores.reduce((max, { total }) => Math.max(max, total), Number.NEGATIVE_INFINITY);
  return scores
    .filter(({ total }) => total === best)
    .map(({ name }) => name)
    .sort();
}

interface FoundNodes {
  readonly nodes: readonly NodeInfo[];
  /** The filters of a node failed, which ended the search. */
  readonly error?: string;
}

function findNodesThatFit(
  framework: Framework,
  state: CycleState,
  pod: PodInfo,
  search: NodeSearch,
  diagnosis: Diagnosis<NodeToStatus>,
  { nodeNames }: PreFilterOutcome,
): FoundNodes {
  const all = framework.handle.snapshot.candidates();
  const { nominatedNodeName } = pod.status;
  const nominated = nominatedNodeName ? framework.handle.snapshot.getCandidate(nominatedNodeName) : undefined;
  if (nominated) {
    const found = findNodesThatPassFilters(framework, state, pod, search, diagnosis, [nominated]);
    // What goes wrong there is looked at again with all nodes.
    if (found.error === undefined && found.nodes.length > 0) return found;
  }
  let nodes = all;
  if (nodeNames) {
    nodes = [...nodeNames].sort().flatMap((name) => framework.handle.snapshot.getCandidate(name) ?? []);
    // Upstream names what has rejected the pod by now: a nominated node that was in vain adds its plugin.
    const plugins = [...diagnosis.unschedulablePlugins].sort().join(' ');
    diagnosis.nodeToStatus.absentNodesStatus = unschedulableAndUnresolvable(
      `node(s) didn't satisfy plugin(s) [${plugins}]`,
    );
  }
  const found = findNodesThatPassFilters(framework, state, pod, search, diagnosis, nodes);
  const { rotation } = search;
  const processed = found.nodes.length + diagnosis.nodeToStatus.size;
  rotation.nextStartNodeIndex = (rotation.nextStartNodeIndex + processed) % all.length;
  return found;
}

/**
 * One after the other, as upstream does with a `parallelism` of 1; the orders that its sixteen workers may come in end no
 * sooner. The search ends at a feasible node that is one too many, so what refuses the pod before that one counts as well.
 */
function findNodesThatPassFilters(
  framework: Framework,
  state: CycleState,
  pod: PodInfo,
  { percentageOfNodesToScore, rotation }: NodeSearch,
  diagnosis: Diagnosis<NodeToStatus>,
  nodes: readonly NodeInfo[],
): FoundNodes {
  const enough = numNodesToFind(framework, percentageOfNodesToScore, nodes.length);
  const start = rotation.nextStartNodeIndex;
  const nodeAt = (i: number): NodeInfo => nodes[(start + i) % nodes.length]!;
  if (framework.plugins.filter.length === 0)
    return { nodes: Array.from({ length: Math.min(enough, nodes.length) }, (_, i) => nodeAt(i)) };
  const feasible: NodeInfo[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const nodeInfo = nodeAt(i);
    const status = framework.runFilterPluginsWithNominatedPods(state, pod, nodeInfo);
    if (status === undefined || isSuccess(status)) {
      if (feasible.length === enough) break;
      feasible.push(nodeInfo);
    } else if (status.code === 'Error') return { nodes: feasible, error: statusMessage(status) };
    else {
      diagnosis.nodeToStatus.set(nodeInfo.name, status);
      addPluginStatus(diagnosis, status);
    }
  }
  return { nodes: feasible };
}

const POST_FILTER_SKIPPED = 'All PostFilter plugins are skipped';
const MIN_FEASIBLE_NODES = 100;
const MIN_FEASIBLE_PERCENTAGE = 5;

/** Where nothing tells nodes apart the first that fits will do. */
export function numNodesToFind({ plugins }: Framework, percentageOfNodesToScore: number, nodes: number): number {
  return plugins.score.length === 0 ? 1 : numFeasibleNodesToFind(percentageOfNodesToScore, nodes);
}

function numFeasibleNodesToFind(percentageOfNodesToScore: number, nodes: number): number {
  if (nodes < MIN_FEASIBLE_NODES) return nodes;
  const percentage =
    percentageOfNodesToScore === 0
      ? Math.max(50 - Math.floor(nodes / 125), MIN_FEASIBLE_PERCENTAGE)
      : percentageOfNodesToScore;
  return Math.max(Math.floor((nodes * percentage) / 100), MIN_FEASIBLE_NODES);
}

/** What a pod that fits nowhere is told, and whether evicting others would help it. */
export function postFilter(
  framework: Framework,
  state: CycleState,
  pod: PodInfo,
  diagnosis: Diagnosis,
  numAllNodes: number,
): SchedulingOutcome {
  const run = framework.runPostFilterPlugins(state, pod, diagnosis.nodeToStatus);
  diagnosis.postFilterMsg = statusMessage(run.status);
  return {
    kind: 'unschedulable',
    message: fitErrorMessage(numAllNodes, diagnosis),
    ...(run.nominatingInfo ? { nominatingInfo: run.nominatingInfo } : {}),
    ...(run.victims ? { victims: run.victims } : {}),
    ...(run.claimChange ? { claimChange: run.claimChange } : {}),
  };
}
