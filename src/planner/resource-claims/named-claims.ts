// Which ResourceClaim an entry in spec.resourceClaims of a pod or of a pod group stands for, and whether a claim is theirs.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/resourceclaim/resourceclaim.go, Kubernetes v1.36.3.
// Differs: with the gate on a generated claim of somebody else ends kube-scheduler where the pod is in no group; here the pod waits.
import { goQuote } from '../../apimachinery/go/quote.ts';
import { controllerOf } from '../../apimachinery/owner-references.ts';
import type { Pod, PodResourceClaim } from '../../schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../schema/generated/types/resource-v1.ts';
import type { PodGroup, PodGroupResourceClaim } from '../../schema/generated/types/scheduling-v1alpha2.ts';

export const TEMPLATES = 'resourceclaimtemplates.resource.k8s.io';
export const SCHEDULING_GROUP = 'scheduling.k8s.io';
/** The finalizer of claims whose devices the scheduler allocated. */
export const CLAIM_PROTECTION = 'resource.kubernetes.io/delete-protection';
/** The gate of claims that the pods of a group share. */
export const SHARED_CLAIMS = 'DRAWorkloadResourceClaims';

/** What of a pod matters here; the scheduler's own picture of it has that too. */
export type ClaimingPod = Pick<Pod, 'metadata' | 'spec' | 'status'>;

export type NamedClaim =
  | { readonly kind: 'named'; readonly name: string; readonly isGenerated: boolean }
  /** The pod or group turned out not to need it. */
  | { readonly kind: 'unneeded' }
  /** The claim is still to be made from its template. */
  | { readonly kind: 'missing'; readonly problem: string }
  /** The entry names nothing that is known. */
  | { readonly kind: 'unknown'; readonly problem: string };

export function claimOfPod({ metadata, status }: ClaimingPod, entry: PodResourceClaim): NamedClaim {
  const whose = `pod ${goQuote(`${metadata.namespace}/${metadata.name}`)}`;
  return namedClaim(entry, status.resourceClaimStatuses, whose, goQuote(entry.name));
}

export function claimOfGroup({ metadata, status }: PodGroup, entry: PodGroupResourceClaim): NamedClaim {
  return namedClaim(entry, status.resourceClaimStatuses, `PodGroup ${metadata.namespace}/${metadata.name}`, entry.name);
}

function namedClaim(
  { name, resourceClaimName, resourceClaimTemplateName }: PodResourceClaim,
  statuses: readonly { readonly name: string; readonly resourceClaimName?: string }[] = [],
  whose: string,
  entry: string,
): NamedClaim {
  if (resourceClaimName !== undefined) return { kind: 'named', name: resourceClaimName, isGenerated: false };
  if (resourceClaimTemplateName === undefined)
    return { kind: 'unknown', problem: `${whose}, spec.resourceClaim ${entry}: none of the supported fields are set` };
  const status = statuses.find((candidate) => candidate.name === name);
  if (!status) return { kind: 'missing', problem: `${whose}: ResourceClaim not created yet` };
  if (status.resourceClaimName === undefined) return { kind: 'unneeded' };
  return { kind: 'named', name: status.resourceClaimName, isGenerated: true };
}

/** Why a generated claim does not serve this pod; undefined when it does. */
export function whyNotForPod(
  { metadata, spec }: ClaimingPod,
  claim: ResourceClaim,
  acceptsGroups: boolean,
): string | undefined {
  const owner = controllerOf(claim);
  if (owner?.uid === metadata.uid) return undefined;
  const group = spec.schedulingGroup?.podGroupName;
  if (acceptsGroups && group !== undefined && isPodGroup(owner) && owner?.name === group) return undefined;
  const notMade = `ResourceClaim ${metadata.namespace}/${claim.metadata.name} was not created for Pod ${metadata.namespace}/${metadata.name}`;
  return acceptsGroups && group !== undefined
    ? `${notMade} (neither Pod nor PodGroup ${group} is the owner)`
    : `${notMade} (Pod is not owner)`;
}

export function isForGroup({ metadata }: PodGroup, claim: ResourceClaim): boolean {
  return controllerOf(claim)?.uid === metadata.uid;
}

/** Whatever the version of its API. */
function isPodGroup(owner: { readonly apiVersion: string; readonly kind: string } | undefined): boolean {
  return owner?.kind === 'PodGroup' && owner.apiVersion.startsWith(`${SCHEDULING_GROUP}/`);
}
