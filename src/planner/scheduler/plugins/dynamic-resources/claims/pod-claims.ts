// The claims that a pod names or that were made for it, and why one of them does not do.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (foreachPodResourceClaim, podResourceClaimBindings),
// Kubernetes v1.36.3.
import { goQuote } from '../../../../../apimachinery/go/quote.ts';
import type {
  ResourceClaim,
  ResourceClaimConsumerReference,
} from '../../../../../schema/generated/types/resource-v1.ts';
import type { PodGroup } from '../../../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS, RESOURCE_CLAIMS } from '../../../../../schema/resource-names.ts';
import { consumerOf } from '../../../../resource-claims/consumers.ts';
import { claimOfPod, whyNotForPod } from '../../../../resource-claims/named-claims.ts';
import type { ClusterLister } from '../../../framework/plugin.ts';
import type { PodInfo } from '../../../framework/pod-info.ts';

export type PodClaims = { readonly claims: readonly ResourceClaim[] } | { readonly problem: string };

/** Claims that turned out not to be needed are left out. */
export function podClaims(objects: ClusterLister, pod: PodInfo, acceptsGroups: boolean): PodClaims {
  const claims: ResourceClaim[] = [];
  for (const entry of pod.spec.resourceClaims ?? []) {
    const named = claimOfPod(pod, entry);
    if ('problem' in named) return named;
    if (named.kind === 'unneeded') continue;
    const claim = objects.get<ResourceClaim>(RESOURCE_CLAIMS, pod.namespace, named.name);
    if (!claim) return { problem: `could not find ResourceClaim ${goQuote(`${pod.namespace}/${named.name}`)}` };
    if (claim.metadata.deletionTimestamp !== undefined)
      return { problem: `resourceclaim ${goQuote(claim.metadata.name ?? '')} is being deleted` };
    const problem = named.isGenerated ? whyNotForPod(pod, claim, acceptsGroups) : undefined;
    if (problem !== undefined) return { problem };
    claims.push(claim);
  }
  return { claims };
}

type PodConsumers = { readonly consumers: readonly ResourceClaimConsumerReference[] } | { readonly problem: string };

/** For whom each entry of the pod is to be reserved; nothing says anything but the pod while groups share no claims. */
export function podConsumers(objects: ClusterLister, pod: PodInfo, acceptsGroups: boolean): PodConsumers {
  if (!acceptsGroups) return { consumers: [] };
  const name = pod.spec.schedulingGroup?.podGroupName;
  const group = name === undefined ? undefined : groupOf(objects, pod);
  if (name !== undefined && !group) return { problem: `podgroup.scheduling.k8s.io ${goQuote(name)} not found` };
  return { consumers: (pod.spec.resourceClaims ?? []).map((entry) => consumerOf(pod, group, entry)) };
}

export function groupOf(objects: ClusterLister, { namespace, spec }: PodInfo): PodGroup | undefined {
  const name = spec.schedulingGroup?.podGroupName;
  return name === undefined ? undefined : objects.get<PodGroup>(POD_GROUPS, namespace, name);
}
