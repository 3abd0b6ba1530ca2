// Who a ResourceClaim is reserved for: a pod, or the group that shares it among its pods.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/resourceclaim/resourceclaim.go (BindTo, IsReservedForPod), Kubernetes v1.36.3.
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { Pod, PodResourceClaim } from '../../schema/generated/types/core-v1.ts';
import type { ResourceClaim, ResourceClaimConsumerReference } from '../../schema/generated/types/resource-v1.ts';
import type { PodGroup } from '../../schema/generated/types/scheduling-v1alpha2.ts';
import { type ClaimingPod, SCHEDULING_GROUP } from './named-claims.ts';

/** The group, when it shares just this claim under just this name; else the pod itself. `group`: undefined with the gate off. */
export function consumerOf(
  pod: ClaimingPod,
  group: PodGroup | undefined,
  entry: PodResourceClaim,
): ResourceClaimConsumerReference {
  const { name = '', uid = '' } = pod.metadata;
  return sharesClaim(group, entry) ? groupConsumer(group) : { resource: 'pods', name, uid };
}

export function sharesClaim(group: PodGroup | undefined, entry: PodResourceClaim): group is PodGroup {
  return (
    group?.spec.resourceClaims?.some(
      ({ name, resourceClaimName, resourceClaimTemplateName }) =>
        name === entry.name &&
        resourceClaimName === entry.resourceClaimName &&
        resourceClaimTemplateName === entry.resourceClaimTemplateName,
    ) ?? false
  );
}

function groupConsumer({ metadata }: PodGroup): ResourceClaimConsumerReference {
  const { name = '', uid = '' } = metadata;
  return { apiGroup: SCHEDULING_GROUP, resource: 'podgroups', name, uid };
}

/** Pods do not know the uid of their group: its name will do. */
export function isReservedForPod(
  { metadata, spec }: ClaimingPod,
  { status }: ResourceClaim,
  acceptsGroups: boolean,
): boolean {
  const group = acceptsGroups ? spec.schedulingGroup?.podGroupName : undefined;
  return (
    status?.reservedFor?.some(
      (consumer) =>
        consumer.uid === metadata.uid || (group !== undefined && isGroup(consumer) && consumer.name === group),
    ) ?? false
  );
}

/** The pods that a consumer stands for: the one of its name, whatever its uid, or all of the group. */
export function podsOf(
  consumer: ResourceClaimConsumerReference,
  namespace: string | undefined,
  reader: ClusterReader,
): readonly Pod[] {
  const { name } = consumer;
  if (isPod(consumer)) {
    const pod = reader.get<Pod>('pods', namespace, name);
    return pod ? [pod] : [];
  }
  if (!isGroup(consumer)) return [];
  return reader.list<Pod>('pods', namespace).filter(({ spec }) => spec.schedulingGroup?.podGroupName === name);
}

export function isPod({ apiGroup, resource }: ResourceClaimConsumerReference): boolean {
  return !apiGroup && resource === 'pods';
}

export function isGroup({ apiGroup, resource }: ResourceClaimConsumerReference): boolean {
  return apiGroup === SCHEDULING_GROUP && resource === 'podgroups';
}
