// The first of some filter plugins that refuses a pod, and what it says.
import type { CycleState } from '../../framework/cycle-state.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import type { FilterPlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { isSuccess, type Status, withPlugin } from '../../framework/status.ts';

export function firstRefusal(
  plugins: readonly FilterPlugin[],
  state: CycleState,
  pod: PodInfo,
  nodeInfo: NodeInfo,
): Status | undefined {
  for (const plugin of plugins) {
    const status = plugin.filter(state, pod, nodeInfo);
    if (status !== undefined && !isSuccess(status)) return withPlugin(status, plugin.name);
  }
  return undefined;
}
