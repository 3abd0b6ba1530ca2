// What may let in a pod whose claims kept it out.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (EventsToRegister), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../../apimachinery/deep-equal.ts';
import type { ResourceClaim } from '../../../../schema/generated/types/resource-v1.ts';
import type { ClusterEventWithHint } from '../../framework/events.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import type { PodClaims } from './claims/pod-claims.ts';

export function eventsToRegister(claimsOf: (pod: PodInfo) => PodClaims): readonly ClusterEventWithHint[] {
  return [
    { resource: 'Node', actions: ['Add', 'UpdateNodeLabel', 'UpdateNodeAllocatable'] },
    {
      resource: 'ResourceClaim',
      actions: ['Add', 'Update'],
      hint: (pod, previous, object) => {
        const [before, after] = [previous as ResourceClaim | undefined, object as ResourceClaim]; // events of claims carry claims
        const found = claimsOf(pod);
        if ('problem' in found) return false;
        if (before?.status?.allocation && !after.status?.allocation) return true;
        if (!found.claims.some(({ metadata }) => metadata.uid === after.metadata.uid)) return false;
        return !before || !semanticDeepEqual(before.status, after.status);
      },
    },
    {
      resource: 'Pod',
      actions: ['UpdatePodGeneratedResourceClaim'],
      hint: (pod, _previous, object) => object?.metadata.uid === pod.metadata.uid && !('problem' in claimsOf(pod)),
    },
    { resource: 'DeviceClass', actions: ['Add', 'Update'] },
    { resource: 'ResourceSlice', actions: ['Add', 'Update'] },
  ];
}
