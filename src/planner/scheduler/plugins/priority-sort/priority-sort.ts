// Higher priority first; among equals, who came to the queue first.
// Behaviour: pkg/scheduler/framework/plugins/queuesort, Kubernetes v1.36.3.
import type { QueueSortPlugin } from '../../framework/plugin.ts';

export const prioritySort = {
  name: 'PrioritySort',
  less(a, b) {
    const [first, second] = [a.podInfo.priority, b.podInfo.priority];
    return first === second ? a.timestamp < b.timestamp : first > second;
  },
} satisfies QueueSortPlugin;
