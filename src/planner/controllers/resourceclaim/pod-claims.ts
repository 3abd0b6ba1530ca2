// Which ResourceClaims a pod's entries in spec.resourceClaims stand for.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/resourceclaim/claim.go, Kubernetes v1.36.3.
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { Pod, PodResourceClaim } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceClaim, ResourceClaimConsumerReference } from '../../../schema/generated/types/resource-v1.ts';

const MAX_RESERVED_FOR = 256;

export type NamedClaim =
  | { readonly kind: 'named'; readonly name: string; readonly isGenerated: boolean }
  /** The claim is still to be made from its template. */
  | { readonly kind: 'missing' }
  /** The pod turned out not to need it. */
  | { readonly kind: 'unneeded' };

export function namedClaim(pod: Pod, { name, resourceClaimName }: PodResourceClaim): NamedClaim {
  if (resourceClaimName !== undefined) return { kind: 'named', name: resourceClaimName, isGenerated: false };
  const status = pod.status.resourceClaimStatuses?.find((entry) => entry.name === name);
  if (!status) return { kind: 'missing' };
  if (status.resourceClaimName === undefined) return { kind: 'unneeded' };
  return { kind: 'named', name: status.resourceClaimName, isGenerated: true };
}

/** Why a generated claim does not serve this pod; undefined when it does. */
export function whyNotForPod(pod: Pod, claim: ResourceClaim): string | undefined {
  const { namespace, name, uid } = pod.metadata;
  if (claim.metadata.namespace === namespace && controllerOf(claim)?.uid === uid) return undefined;
  return `ResourceClaim ${claim.metadata.namespace}/${claim.metadata.name} was not created for pod ${namespace}/${name} (pod is not owner)`;
}

/** Whether the claim has devices that a pod without a reservation, and with room for one, waits for. */
export function needsReservation(pod: Pod, { status }: ResourceClaim): boolean {
  const reserved = status.reservedFor ?? [];
  return (
    status.allocation !== undefined &&
    !reserved.some(({ uid }) => uid === pod.metadata.uid) &&
    reserved.length < MAX_RESERVED_FOR
  );
}

export function consumerOf({ metadata }: Pod): ResourceClaimConsumerReference {
  return { resource: 'pods', name: metadata.name ?? '', uid: metadata.uid ?? '' };
}

/** The pod has ended, or will never start. */
export function isPodDone({ metadata, spec, status }: Pod): boolean {
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return true;
  return metadata.deletionTimestamp !== undefined && !spec.nodeName;
}
