// Tries a pod group in each set of nodes that it may go to, and takes the one that the scores prefer.
// Behaviour: pkg/scheduler/schedule_one_podgroup.go (podGroupSchedulingPlacementAlgorithm, findBestPlacement), Kubernetes v1.36.3.
// Differs: of several best placements the first by name is taken, and where none will do the first by name is reported.
import type { CycleState } from './framework/cycle-state.ts';
import type { Placement, PodGroupRef } from './framework/plugin.ts';
import type { Status } from './framework/status.ts';
import { type GroupTrial, type TrialOptions, type TrialResult, UNSCHEDULABLE_GROUP } from './pod-group-trial.ts';
import type { ProfileRun, SchedulerState } from './scheduler-state.ts';

export function tryPlacements(
  { cache }: SchedulerState,
  { framework }: ProfileRun,
  group: PodGroupRef,
  trial: GroupTrial,
  podGroup: CycleState,
  options: TrialOptions,
): TrialResult {
  const placements = framework.runPlacementGeneratePlugins(group);
  if ('code' in placements) return trial.untried(placements);
  const found: { readonly placement: Placement; readonly result: TrialResult }[] = [];
  let first: TrialResult | undefined;
  for (const placement of placements) {
    cache.assumePlacement(placement.nodes);
    const result = trial.run(podGroup, options);
    cache.forgetPlacement();
    if (result.status?.code === 'Error') return result;
    first ??= result;
    if (result.status === undefined || result.isWaitingOnPreemption) found.push({ placement, result });
  }
  const [only, ...more] = found;
  if (!only) {
    const told = `0/${placements.length} placements are available, first placement status: ${UNSCHEDULABLE_GROUP}`;
    const status: Status = { code: 'Unschedulable', reasons: [told] };
    return first ? { ...first, status } : trial.untried(status);
  }
  if (more.length === 0) return only.result;
  const totals = framework.runPlacementScorePlugins(
    group,
    found.map(({ placement, result }) => ({
      placement,
      assignments: result.pods.filter(({ node }) => node !== undefined).map(({ queued }) => queued.podInfo),
    })),
  );
  if ('code' in totals) return trial.untried(totals);
  const best = found[totals.indexOf(Math.max(...totals))] ?? only;
  return best.result;
}
