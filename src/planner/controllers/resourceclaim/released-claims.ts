// Takes reservations of consumers that are gone off a claim, frees its devices after the last, and removes it with its pod.
// Behaviour: pkg/controller/resourceclaim/controller.go (syncClaim), Kubernetes v1.36.3.
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Client } from '../../../apiserver/server.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceClaim, ResourceClaimConsumerReference } from '../../../schema/generated/types/resource-v1.ts';
import type { PodGroup } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS, RESOURCE_CLAIMS } from '../../../schema/resource-names.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { isGroup, isPod } from '../../resource-claims/consumers.ts';
import { CLAIM_PROTECTION } from '../../resource-claims/named-claims.ts';

/** False when a write was refused. */
export function syncClaim(claim: ResourceClaim, context: SyncContext, sharesClaims: boolean): boolean {
  const { reader } = context;
  const { namespace, name = '' } = claim.metadata;
  const client = context.on(claim);
  const { reservedFor = [] } = claim.status;
  const remaining = reservedFor.filter((consumer) => isThere(consumer, namespace, reader, sharesClaims));
  const isHeld = claim.metadata.finalizers?.includes(CLAIM_PROTECTION) ?? false;
  const isFreed = remaining.length < reservedFor.length;
  const isDeleting = claim.metadata.deletionTimestamp !== undefined;
  if (isFreed || (isHeld && isDeleting && remaining.length === 0)) {
    const freed = freedClaim(claim, remaining, isHeld);
    const saved = freed === claim ? claim : savedStatus(freed, client);
    if (!saved) return false;
    if (isHeld && !saved.status.allocation) {
      const finalizers = (saved.metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLAIM_PROTECTION);
      if (!client.update(RESOURCE_CLAIMS, { ...saved, metadata: { ...saved.metadata, finalizers } }).ok) return false;
    }
  }
  if (remaining.length > 0) return true;
  const owner = controllerOf(claim);
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Pod') return true;
  const pod = reader.get<Pod>('pods', namespace, owner.name);
  // Without a pod the garbage collector takes care.
  if (!pod || (pod.metadata.uid === owner.uid && !isPodDone(pod))) return true;
  return isDeleting || client.delete(RESOURCE_CLAIMS, { namespace, name }).ok;
}

/** The pod has ended, or will never start. */
export function isPodDone({ metadata, spec, status }: Pod): boolean {
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return true;
  return metadata.deletionTimestamp !== undefined && !spec.nodeName;
}

/** A group counts until it is gone, whatever became of its pods; of consumers of other kinds nothing is known. */
function isThere(
  consumer: ResourceClaimConsumerReference,
  namespace: string | undefined,
  reader: ClusterReader,
  sharesClaims: boolean,
): boolean {
  const { name, uid } = consumer;
  if (isPod(consumer)) {
    const pod = reader.get<Pod>('pods', namespace, name);
    return pod !== undefined && pod.metadata.uid === uid && !isPodDone(pod);
  }
  if (!sharesClaims || !isGroup(consumer)) return true;
  return reader.get<PodGroup>(POD_GROUPS, namespace, name)?.metadata.uid === uid;
}

/** A claim that nobody uses gives its devices back, if the finalizer says that they are given back here. */
function freedClaim(
  claim: ResourceClaim,
  remaining: readonly ResourceClaimConsumerReference[],
  isHeld: boolean,
): ResourceClaim {
  const { reservedFor: before = [], allocation, ...status } = claim.status;
  const keepsDevices = allocation !== undefined && !(isHeld && remaining.length === 0);
  if (remaining.length === before.length && keepsDevices === (allocation !== undefined)) return claim;
  return {
    ...claim,
    status: {
      ...status,
      ...(keepsDevices ? { allocation } : {}),
      ...(remaining.length > 0 ? { reservedFor: remaining } : {}),
    },
  };
}

function savedStatus(claim: ResourceClaim, client: Client): ResourceClaim | undefined {
  const answer = client.updateStatus<ResourceClaim>(RESOURCE_CLAIMS, claim);
  return answer.ok ? answer.object : undefined;
}
