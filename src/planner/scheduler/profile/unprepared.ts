// What plugins answer where a configuration turns off the extension point at which they would have prepared themselves.
// Behaviour: getPreFilterState, getPreScoreState and getStateData of pkg/scheduler/framework/plugins/*, Kubernetes v1.36.3.
import type { FilterPlugin, ScorePlugin } from '../framework/plugin.ts';
import { errorStatus, isSuccess } from '../framework/status.ts';

/** By plugins that do not filter without their PreFilter; the others work everything out again. */
const FILTER_ERRORS: Readonly<Record<string, string>> = {
  DynamicResources: 'not found',
  InterPodAffinity: 'error reading "PreFilterInterPodAffinity" from cycleState: not found',
  NodeDeclaredFeatures: 'error reading "PreFilterNodeDeclaredFeatures" from cycle-state: not found',
  NodePorts: 'reading "PreFilterNodePorts" from cycleState: not found',
  NodeResourcesFit: 'error reading "PreFilterNodeResourcesFit" from cycleState: not found',
  PodTopologySpread: 'reading "PreFilterPodTopologySpread" from cycleState: not found',
  VolumeBinding: 'not found',
  VolumeRestrictions: 'cannot read "PreFilterVolumeRestrictions" from cycleState',
};

/** By plugins that score by what their PreFilter has found. */
const SCORE_ERRORS_WITHOUT_PRE_FILTER: Readonly<Record<string, string>> = { DynamicResources: 'not found' };

const SCORE_ERRORS: Readonly<Record<string, string>> = {
  InterPodAffinity: 'failed to read "PreScoreInterPodAffinity" from cycleState: not found',
  PodTopologySpread: 'error reading "PreScorePodTopologySpread" from cycleState: not found',
  TaintToleration: 'failed to read "PreScoreTaintToleration" from cycleState: not found',
};

export function unpreparedFilter(plugin: FilterPlugin): FilterPlugin {
  const error = FILTER_ERRORS[plugin.name];
  if (error === undefined) return plugin;
  const status = errorStatus(error);
  if (plugin.name !== 'VolumeRestrictions') return { ...plugin, filter: () => status };
  // It looks for volumes that exclude one another first, for which it needs nothing.
  return {
    ...plugin,
    filter: (state, pod, nodeInfo) => {
      const refusal = plugin.filter(state, pod, nodeInfo);
      return isSuccess(refusal) ? status : refusal;
    },
  };
}

/** `point`: where the plugin would have prepared itself. */
export function unpreparedScore(plugin: ScorePlugin, point: 'preFilter' | 'preScore'): ScorePlugin {
  const failure = (point === 'preScore' ? SCORE_ERRORS : SCORE_ERRORS_WITHOUT_PRE_FILTER)[plugin.name];
  return failure === undefined ? plugin : { ...plugin, failure };
}
