// Whether the devices of a pod can be prepared on its node: its claims are there, are its own, and are reserved for it.
// Behaviour: pkg/kubelet/cm/dra/manager.go (prepareResources), Kubernetes v1.36.3.
// Differs: drivers prepare whatever is allocated; nothing tells which of them run.
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../schema/resource-names.ts';
import { keyFor } from '../../engine/controller.ts';
import { isReservedForPod, podsOf } from '../../resource-claims/consumers.ts';
import { claimOfPod, whyNotForPod } from '../../resource-claims/named-claims.ts';

/** Why they cannot; undefined when they can. */
export function whyNotPrepared(pod: Pod, reader: ClusterReader, sharesClaims: boolean): string | undefined {
  const { namespace, name, uid } = pod.metadata;
  const { extendedResourceClaimStatus: extended } = pod.status;
  const entries = [
    ...(pod.spec.resourceClaims ?? []),
    ...(extended ? [{ name: '', resourceClaimName: extended.resourceClaimName }] : []),
  ];
  for (const entry of entries) {
    const named = claimOfPod(pod, entry);
    if ('problem' in named) return named.problem;
    if (named.kind === 'unneeded') continue;
    const claim = reader.get<ResourceClaim>(RESOURCE_CLAIMS, namespace, named.name);
    if (!claim) return `fetch ResourceClaim ${named.name}: resourceclaims.resource.k8s.io "${named.name}" not found`;
    const problem = named.isGenerated ? whyNotForPod(pod, claim, sharesClaims) : undefined;
    if (problem !== undefined) return problem;
    if (!isReservedForPod(pod, claim, sharesClaims))
      return `pod ${name} (${uid}) is not allowed to use ResourceClaim ${named.name} (${claim.metadata.uid})`;
  }
  return undefined;
}

/** Pods that may have waited for a claim to be reserved for them or for their group. */
export function consumersOf({ object }: StoreEvent, reader: ClusterReader): readonly string[] {
  const { metadata, status } = object as ResourceClaim; // the watch is on claims
  const { namespace } = metadata;
  const isWaiting = ({ spec, status: of }: Pod): boolean => Boolean(spec.nodeName) && !of.podIP;
  return (status?.reservedFor ?? []).flatMap((consumer) =>
    podsOf(consumer, namespace, reader).filter(isWaiting).map(keyFor),
  );
}
