// Lets the pods of a gang into the queue when there are enough of them, and to their nodes when enough of them have one.
// Behaviour: pkg/scheduler/framework/plugins/gangscheduling/gangscheduling.go, Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type { Pod } from '../../../../schema/generated/types/core-v1.ts';
import type { PodGroup } from '../../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS } from '../../../../schema/resource-names.ts';
import type { Handle, PermitPlugin, PreEnqueuePlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { errorStatus, type Status, unschedulableAndUnresolvable } from '../../framework/status.ts';

const NAME = 'GangScheduling';
const TOO_FEW_PODS: Status = unschedulableAndUnresolvable(
  'waiting for minCount pods from a gang to appear in scheduling queue',
);
const TOO_FEW_SCHEDULED: Status = { code: 'Wait', reasons: ['waiting for minCount pods from a gang to be scheduled'] };
const PERMIT_TIMEOUT = 5 * 60_000;

type GangHandle = Pick<Handle, 'objects' | 'podGroups' | 'waitingPods' | 'activate'>;

export function makeGangScheduling({ objects, podGroups, waitingPods, activate }: GangHandle) {
  const groupOf = (pod: PodInfo, name: string) => objects.get<PodGroup>(POD_GROUPS, pod.namespace, name);
  const noState = (pod: PodInfo, name: string): Status =>
    errorStatus(`pod group state not found for pod group ${pod.namespace}/${name}`);

  return {
    name: NAME,
    eventsToRegister: [
      {
        resource: 'Pod',
        actions: ['Add'],
        hint: (pod, _previous, added) => isInGroupOf(pod, added as Pod | undefined), // events of pods carry pods
      },
      {
        resource: 'PodGroup',
        actions: ['Add'],
        hint: (pod, _previous, added) =>
          added?.metadata.namespace === pod.namespace && added.metadata.name === nameOf(pod),
      },
    ],
    preEnqueue(pod) {
      const name = nameOf(pod);
      if (name === undefined) return undefined;
      const group = groupOf(pod, name);
      if (!group)
        return unschedulableAndUnresolvable(
          `waiting for pods's pod group ${goQuote(name)} to appear in scheduling queue`,
        );
      const { gang } = group.spec.schedulingPolicy;
      if (!gang) return undefined;
      const state = podGroups.get(pod.namespace, name);
      if (!state) return noState(pod, name);
      return state.allPodsCount < gang.minCount ? TOO_FEW_PODS : undefined;
    },
    permit(_state, pod) {
      const name = nameOf(pod);
      if (name === undefined) return undefined;
      const group = groupOf(pod, name);
      if (!group) {
        const missing = `podgroup.scheduling.k8s.io ${goQuote(name)} not found`;
        return { status: errorStatus(`failed to get podGroup ${pod.namespace}/${name}: ${missing}`) };
      }
      const { gang } = group.spec.schedulingPolicy;
      if (!gang) return undefined;
      const state = podGroups.get(pod.namespace, name);
      if (!state) return { status: noState(pod, name) };
      if (state.scheduledPodsCount < gang.minCount) {
        // They may have waited for this pod.
        activate(state.unscheduledPods());
        return { status: TOO_FEW_SCHEDULED, timeout: PERMIT_TIMEOUT };
      }
      for (const { uid } of state.assumedPods()) waitingPods.allow(uid, NAME);
      return undefined;
    },
  } satisfies PreEnqueuePlugin & PermitPlugin;
}

function nameOf({ spec }: PodInfo): string | undefined {
  return spec.schedulingGroup?.podGroupName;
}

function isInGroupOf(pod: PodInfo, added: Pod | undefined): boolean {
  const name = nameOf(pod);
  return (
    name !== undefined &&
    added?.metadata.namespace === pod.namespace &&
    added.spec.schedulingGroup?.podGroupName === name
  );
}
