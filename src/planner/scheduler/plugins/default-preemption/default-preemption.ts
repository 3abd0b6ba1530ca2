// Makes room for a pod that fits nowhere by evicting pods of lower priority.
// Behaviour: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go, Kubernetes v1.36.3.
// Differs: evictions are requested at once, so that no pod is ever held back because its preemption is still under way.
import type { Handle, PostFilterPlugin } from '../../framework/plugin.ts';
import { isSuccess, statusMessage } from '../../framework/status.ts';
import { type PreemptionOptions, preempt } from '../../preemption/evaluator.ts';

export type DefaultPreemptionArgs = PreemptionOptions;

export function makeDefaultPreemption(args: DefaultPreemptionArgs, handle: Handle) {
  return {
    name: 'DefaultPreemption',
    postFilter(state, pod, statuses) {
      const outcome = preempt(handle, args, state, pod, statuses);
      const { status } = outcome;
      if (status === undefined || isSuccess(status)) return outcome;
      return { ...outcome, status: { ...status, reasons: [`preemption: ${statusMessage(status)}`] } };
    },
  } satisfies PostFilterPlugin;
}
