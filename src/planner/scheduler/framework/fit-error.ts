// Why no node took a pod: the verdict per node, and the sentence that ends up in conditions and events.
// Behaviour: pkg/scheduler/framework/types.go (Diagnosis, FitError) and interface.go (NodeToStatus), Kubernetes v1.36.3.
import type { NodeInfo } from './node-info.ts';
import { isRejected, type Status, type StatusCode, unschedulableAndUnresolvable } from './status.ts';

/** The verdict on each node. */
export interface NodeVerdicts {
  get(nodeName: string): Status;
  /** Nodes with this verdict. */
  nodesForStatusCode(nodes: readonly NodeInfo[], code: StatusCode): readonly NodeInfo[];
  /** How many nodes give each reason. */
  reasonCounts(numAllNodes: number): ReadonlyMap<string, number>;
}

/** Verdicts by node name, and one for all nodes that were not looked at. */
export class NodeToStatus implements NodeVerdicts {
  readonly statuses = new Map<string, Status>();
  absentNodesStatus: Status = unschedulableAndUnresolvable();

  get(nodeName: string): Status {
    return this.statuses.get(nodeName) ?? this.absentNodesStatus;
  }

  set(nodeName: string, status: Status): void {
    this.statuses.set(nodeName, status);
  }

  get size(): number {
    return this.statuses.size;
  }

  nodesForStatusCode(nodes: readonly NodeInfo[], code: StatusCode): readonly NodeInfo[] {
    return nodes.filter(({ name }) => this.get(name).code === code);
  }

  reasonCounts(numAllNodes: number): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const count = (reasons: readonly string[], times: number): void => {
      for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + times);
    };
    for (const { reasons } of this.statuses.values()) count(reasons, 1);
    if (this.size < numAllNodes) count(this.absentNodesStatus.reasons, numAllNodes - this.size);
    return counts;
  }
}

export interface Diagnosis<Verdicts extends NodeVerdicts = NodeVerdicts> {
  readonly nodeToStatus: Verdicts;
  /** Plugins that rejected the pod: their events and hints decide when it is tried again. */
  readonly unschedulablePlugins: Set<string>;
  readonly pendingPlugins: Set<string>;
  preFilterMsg: string;
  postFilterMsg: string;
}

export function newDiagnosis(): Diagnosis<NodeToStatus> {
  return diagnosisOf(new NodeToStatus());
}

export function diagnosisOf<Verdicts extends NodeVerdicts>(
  nodeToStatus: Verdicts,
  rejectors: Iterable<string> = [],
): Diagnosis<Verdicts> {
  return {
    nodeToStatus,
    unschedulablePlugins: new Set(rejectors),
    pendingPlugins: new Set(),
    preFilterMsg: '',
    postFilterMsg: '',
  };
}

export function addPluginStatus(diagnosis: Diagnosis, status: Status): void {
  if (!status.plugin) return;
  if (isRejected(status)) diagnosis.unschedulablePlugins.add(status.plugin);
  if (status.code === 'Pending') diagnosis.pendingPlugins.add(status.plugin);
}

export const NO_NODES_AVAILABLE = 'no nodes available to schedule pods';

interface FitDiagnosis extends Pick<Diagnosis, 'preFilterMsg' | 'postFilterMsg'> {
  readonly nodeToStatus: Pick<NodeVerdicts, 'reasonCounts'>;
}

/** `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. preemption: …` */
export function fitErrorMessage(
  numAllNodes: number,
  { nodeToStatus, preFilterMsg, postFilterMsg }: FitDiagnosis,
): string {
  let message = `0/${numAllNodes} nodes are available:`;
  if (preFilterMsg) message += ` ${preFilterMsg}.`;
  else {
    const lines = histogram(nodeToStatus.reasonCounts(numAllNodes));
    if (lines.length > 0) message += ` ${lines.join(', ')}.`;
  }
  return postFilterMsg ? `${message} ${postFilterMsg}` : message;
}

/** `10 x` sorts before `2 y`: upstream sorts the texts. */
function histogram(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts].map(([reason, times]) => `${times} ${reason}`).sort();
}
