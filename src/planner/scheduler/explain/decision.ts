// Everything that the scheduler concluded about one pod: each node's verdict and scores, the best nodes, the message, the victims.
// Behaviour: pkg/scheduler/schedule_one.go, Kubernetes v1.36.3.
import { CycleState } from '../framework/cycle-state.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import type { PluginScore } from '../framework/run-outcomes.ts';
import type { Framework } from '../framework/runtime.ts';
import { type StatusCode, statusMessage } from '../framework/status.ts';
import { bestNodes, type NodeSearch, schedulePod, searchOfAllNodes } from '../schedule-one.ts';

interface NodeVerdict {
  readonly node: string;
  readonly status: StatusCode;
  /** The plugin that rejected the pod. */
  readonly plugin?: string;
  readonly reasons?: readonly string[];
  /** Of plugins that had something to say, by name. */
  readonly scores?: readonly PluginScore[];
  readonly total?: number;
}

export interface Decision {
  /** `namespace/name` */
  readonly pod: string;
  /** Why the pod is not even queued. */
  readonly gated?: string;
  /** What rejected the pod before any node was looked at. */
  readonly preFilter?: string;
  /** By name; nodes that nobody looked at are missing. */
  readonly nodes: readonly NodeVerdict[];
  readonly best: readonly string[];
  readonly node?: string;
  readonly message?: string;
  /** The cycle ended with an error, which is the message. */
  readonly hasFailed?: boolean;
  /** Where evicting `victims` would let the pod in. */
  readonly nominated?: string;
  readonly victims?: readonly PodInfo[];
  readonly state: CycleState;
}

/** Decides without changing anything. */
export function decidePod(framework: Framework, pod: PodInfo, search: NodeSearch = searchOfAllNodes()): Decision {
  const gate = framework.runPreEnqueuePlugins(pod);
  if (gate) return { pod: pod.key, gated: statusMessage(gate), nodes: [], best: [], state: new CycleState() };
  const {
    outcome,
    diagnosis,
    scores = [],
    feasible,
    state,
  } = schedulePod(framework, pod, search, { alwaysScore: true });
  const verdicts = new Map<string, NodeVerdict>();
  for (const { name } of feasible) verdicts.set(name, { node: name, status: 'Success' });
  for (const { name, scores: byPlugin, total } of scores)
    verdicts.set(name, { node: name, status: 'Success', scores: [...byPlugin].sort(byPluginName), total });
  for (const [node, { code, plugin, reasons }] of diagnosis.nodeToStatus.statuses)
    if (!verdicts.has(node))
      verdicts.set(node, { node, status: code, ...(plugin ? { plugin } : {}), reasons: [...reasons].sort() });
  const nominated = outcome.kind === 'unschedulable' ? outcome.nominatingInfo?.nominatedNodeName : undefined;
  return {
    pod: pod.key,
    ...(diagnosis.preFilterMsg ? { preFilter: diagnosis.preFilterMsg } : {}),
    nodes: [...verdicts.values()].sort((a, b) => (a.node < b.node ? -1 : 1)),
    best: bestNodes(scores),
    ...(outcome.kind === 'scheduled' ? { node: outcome.node } : { message: outcome.message }),
    ...(outcome.kind === 'error' ? { hasFailed: true } : {}),
    ...(nominated ? { nominated } : {}),
    ...(outcome.kind === 'unschedulable' && outcome.victims ? { victims: outcome.victims } : {}),
    state,
  };
}

function byPluginName(a: PluginScore, b: PluginScore): number {
  return a.plugin < b.plugin ? -1 : a.plugin > b.plugin ? 1 : 0;
}
