// Keeps a pod off nodes where a host port it wants is taken.
// Behaviour: pkg/scheduler/framework/plugins/nodeports, Kubernetes v1.36.3.
import type { Pod } from '../../../../schema/generated/types/core-v1.ts';
import { HostPortInfo, hostPortsOf } from '../../framework/host-ports.ts';
import type { FilterPlugin, PreFilterPlugin } from '../../framework/plugin.ts';
import { SKIP, unschedulable } from '../../framework/status.ts';

const ERR_REASON = "node(s) didn't have free ports for the requested pod ports";

const TAKEN = unschedulable(ERR_REASON);

export const nodePorts = {
  name: 'NodePorts',
  eventsToRegister: [
    {
      resource: 'Pod',
      actions: ['Delete'],
      hint: (pod, previous) => {
        const deleted = previous as Pod; // events of pods carry pods
        if (!deleted.spec.nodeName && !deleted.status?.nominatedNodeName) return false;
        const freed = new HostPortInfo();
        for (const port of hostPortsOf(deleted.spec)) freed.add(port);
        return pod.hostPorts.some((port) => freed.conflicts(port));
      },
    },
    { resource: 'Node', actions: ['Add'] },
  ],
  preFilter: (_state, pod) => (pod.hostPorts.length === 0 ? { status: SKIP } : undefined),
  filter(_state, pod, { usedPorts }) {
    for (const port of pod.hostPorts) if (usedPorts.conflicts(port)) return TAKEN;
    return undefined;
  },
} satisfies PreFilterPlugin & FilterPlugin;
