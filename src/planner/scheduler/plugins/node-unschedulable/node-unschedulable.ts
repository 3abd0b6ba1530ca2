// Keeps pods off cordoned nodes unless they tolerate the taint that goes with a cordon.
// Behaviour: pkg/scheduler/framework/plugins/nodeunschedulable, Kubernetes v1.36.3.
import type { Node, Pod, Taint } from '../../../../schema/generated/types/core-v1.ts';
import { tolerationsTolerateTaint } from '../../../../selectors/toleration.ts';
import type { FilterPlugin } from '../../framework/plugin.ts';
import { unschedulableAndUnresolvable } from '../../framework/status.ts';

const ERR_REASON_UNSCHEDULABLE = 'node(s) were unschedulable';

const UNSCHEDULABLE_TAINT: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

const UNSCHEDULABLE = unschedulableAndUnresolvable(ERR_REASON_UNSCHEDULABLE);

export const nodeUnschedulable = {
  name: 'NodeUnschedulable',
  eventsToRegister: [
    {
      resource: 'Node',
      actions: ['Add', 'UpdateNodeTaint'],
      hint: (_pod, previous, object) => {
        const [before, after] = [previous as Node | undefined, object as Node | undefined]; // events of nodes carry nodes
        return !after?.spec?.unschedulable && (before === undefined || before.spec?.unschedulable === true);
      },
    },
    {
      resource: 'Pod',
      actions: ['UpdatePodToleration'],
      hint: (pod, _previous, object) =>
        object?.metadata.uid === pod.metadata.uid &&
        tolerationsTolerateTaint((object as Pod | undefined)?.spec.tolerations, UNSCHEDULABLE_TAINT),
    },
  ],
  filter(_state, pod, { node }) {
    if (!node.spec?.unschedulable) return undefined;
    return tolerationsTolerateTaint(pod.spec.tolerations, UNSCHEDULABLE_TAINT) ? undefined : UNSCHEDULABLE;
  },
} satisfies FilterPlugin;
