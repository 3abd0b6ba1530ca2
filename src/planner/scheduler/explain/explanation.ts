// Why a pod is where it is or why it waits: the decision, everything in its way on each node, and what would help.
import { CycleState } from '../framework/cycle-state.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import type { Framework } from '../framework/runtime.ts';
import { isSuccess } from '../framework/status.ts';
import { searchOfAllNodes } from '../schedule-one.ts';
import { type Decision, decidePod } from './decision.ts';
import { type NodeObstacles, obstaclesOn } from './obstacles.ts';
import { type Remedy, remediesFor } from './remedies.ts';

export interface Explanation {
  readonly decision: Decision;
  /** Nodes that refuse the pod, those with the fewest obstacles first, then by name. */
  readonly rejections: readonly NodeObstacles[];
  /** Only for pods that fit nowhere. */
  readonly remedies: readonly Remedy[];
}

/** Explains without changing anything. */
export function explainPod(framework: Framework, pod: PodInfo): Explanation {
  const decision = decidePod(framework, pod, searchOfAllNodes());
  const rejections = decision.gated === undefined ? rejectionsOf(framework, pod) : [];
  const remedies = decision.node === undefined ? remediesFor(framework, pod, rejections) : [];
  const { nominated, victims = [] } = decision;
  if (nominated === undefined || victims.length === 0) return { decision, rejections, remedies };
  const names = victims.map(({ key }) => key).join(', ');
  const eviction: Remedy = { at: 'cluster', change: `evict ${names}`, nodes: [nominated] };
  return { decision, rejections, remedies: [eviction, ...remedies] };
}

function rejectionsOf(framework: Framework, pod: PodInfo): readonly NodeObstacles[] {
  const state = new CycleState();
  // A pod that is rejected as a whole has no obstacles node by node.
  if (!isSuccess(framework.runPreFilterPlugins(state, pod).status)) return [];
  return framework.handle.snapshot
    .list()
    .map((nodeInfo) => ({ node: nodeInfo.name, obstacles: obstaclesOn(framework, state, pod, nodeInfo) }))
    .filter(({ obstacles }) => obstacles.length > 0)
    .sort((a, b) => a.obstacles.length - b.obstacles.length || (a.node < b.node ? -1 : 1));
}
