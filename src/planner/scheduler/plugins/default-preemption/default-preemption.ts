// Makes room for a pod that fits nowhere by evicting pods of lower priority.
// Behaviour: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go, Kubernetes v1.36.3.
// Differs: evictions are requested at once, so that no pod is ever held back because its preemption is still under way.
import type { PodGroup } from '../../../../schema/generated/types/scheduling-v1alpha2.ts';
import type { Handle, PostFilterPlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { isSuccess, statusMessage, unschedulable } from '../../framework/status.ts';
import { type PreemptionOptions, preempt } from '../../preemption/evaluator.ts';

export type DefaultPreemptionArgs = PreemptionOptions;

export function makeDefaultPreemption(args: DefaultPreemptionArgs, handle: Handle) {
  return {
    name: 'DefaultPreemption',
    postFilter(state, pod, statuses) {
      const refusal = whyNotForGroup(pod, handle);
      if (refusal !== undefined) return { status: unschedulable(refusal) };
      const outcome = preempt(handle, args, state, pod, statuses);
      const { status } = outcome;
      if (status === undefined || isSuccess(status)) return outcome;
      return { ...outcome, status: { ...status, reasons: [`preemption: ${statusMessage(status)}`] } };
    },
  } satisfies PostFilterPlugin;
}

/** Where whole groups are placed or make room for themselves, no pod of one does so alone. */
function whyNotForGroup({ namespace, spec }: PodInfo, { objects, isFeatureEnabled }: Handle): string | undefined {
  const name = spec.schedulingGroup?.podGroupName;
  if (name === undefined) return undefined;
  if (isFeatureEnabled('TopologyAwareWorkloadScheduling')) {
    const group = objects.get<PodGroup>('podgroups.scheduling.k8s.io', namespace, name);
    if (!group) return 'preemption: pod group for pod not found';
    if (group.spec.schedulingConstraints)
      return 'preemption: not eligible due to placement-based pod group scheduling limitation';
  }
  if (isFeatureEnabled('WorkloadAwarePreemption'))
    return 'preemption: not eligible due to workload aware preemption enabled';
  return undefined;
}
