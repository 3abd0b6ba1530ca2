// What volumes have to say about one pod: asked node by node, and only about nodes that everything else admits.
import { CycleState } from '../../framework/cycle-state.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import type { FilterPlugin, PreFilterPlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { isSkip, isSuccess } from '../../framework/status.ts';

type Filter = FilterPlugin & Partial<PreFilterPlugin>;

export class ClaimPart {
  /** Says to the plugins that reserve and bind what has been found out. */
  readonly state: CycleState;
  readonly #pod: PodInfo;
  readonly #filters: readonly Filter[];
  /** A plugin failed, which is for the plain path to report. */
  hasFailed = false;

  constructor(state: CycleState, pod: PodInfo, filters: readonly Filter[]) {
    this.state = state;
    this.#pod = pod;
    this.#filters = filters;
  }

  get admitsAll(): boolean {
    return this.#filters.length === 0;
  }

  admits(nodeInfo: NodeInfo): boolean {
    for (const plugin of this.#filters) {
      const status = plugin.filter(this.state, this.#pod, nodeInfo);
      if (isSuccess(status)) continue;
      if (status?.code === 'Error') this.hasFailed = true;
      return false;
    }
    return true;
  }
}

/** undefined when the pod is rejected, or kept to some nodes, before any is looked at. */
export function makeClaimPart(
  plugins: readonly Filter[],
  pod: PodInfo,
  nodes: readonly NodeInfo[],
): ClaimPart | undefined {
  const state = new CycleState();
  const active: Filter[] = [];
  for (const plugin of plugins) {
    const result = plugin.preFilter?.(state, pod, nodes);
    if (isSkip(result?.status)) continue;
    if (!isSuccess(result?.status) || result?.nodeNames) return undefined;
    if (!plugin.admitsAnywhere?.(state, pod)) active.push(plugin);
  }
  return new ClaimPart(state, pod, active);
}
