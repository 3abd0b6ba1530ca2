// Keeps a pod out of the queue while it carries scheduling gates.
// Behaviour: pkg/scheduler/framework/plugins/schedulinggates, Kubernetes v1.36.3.
import type { PreEnqueuePlugin } from '../../framework/plugin.ts';
import { unschedulableAndUnresolvable } from '../../framework/status.ts';

export const schedulingGates = {
  name: 'SchedulingGates',
  eventsToRegister: [
    {
      resource: 'Pod',
      actions: ['UpdatePodSchedulingGatesEliminated'],
      hint: (pod, _previous, object) => object?.metadata.uid === pod.metadata.uid,
    },
  ],
  preEnqueue({ spec }) {
    const gates = spec.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return unschedulableAndUnresolvable(`waiting for scheduling gates: [${gates.map(({ name }) => name).join(' ')}]`);
  },
} satisfies PreEnqueuePlugin;
