// Keeps a pod to the node it names.
// Behaviour: pkg/scheduler/framework/plugins/nodename, Kubernetes v1.36.3.
import type { FilterPlugin } from '../../framework/plugin.ts';
import { unschedulableAndUnresolvable } from '../../framework/status.ts';

const ERR_REASON = "node(s) didn't match the requested node name";

const OTHER_NODE = unschedulableAndUnresolvable(ERR_REASON);

export const nodeName = {
  name: 'NodeName',
  eventsToRegister: [{ resource: 'Node', actions: ['Add'] }],
  filter(_state, pod, nodeInfo) {
    const wanted = pod.spec.nodeName;
    return !wanted || wanted === nodeInfo.name ? undefined : OTHER_NODE;
  },
} satisfies FilterPlugin;
