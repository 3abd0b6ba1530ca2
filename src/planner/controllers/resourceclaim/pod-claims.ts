// Gives a pod the claims that it waits for, and reserves those of a pod that came to its node past the scheduler.
// Behaviour: pkg/controller/resourceclaim/controller.go (podNeedsWork, syncPod, handleClaim), Kubernetes v1.36.3.
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Pod, PodResourceClaim } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../../schema/generated/types/resource-v1.ts';
import type { PodGroup } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS, RESOURCE_CLAIMS } from '../../../schema/resource-names.ts';
import type { SyncContext, SyncResult } from '../../engine/controller.ts';
import { consumerOf, isReservedForPod, sharesClaim } from '../../resource-claims/consumers.ts';
import { claimOfPod, whyNotForPod } from '../../resource-claims/named-claims.ts';
import { findGenerated, type MadeClaim, madeStatuses, makeClaim } from './generated-claim.ts';
import type { MadeClaims } from './made-claims.ts';

/** Whether a sync would do something; a sync that has nothing to do could still fail over a group that is not there. */
export function podNeedsWork(pod: Pod, reader: ClusterReader, sharesClaims: boolean): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  return (pod.spec.resourceClaims ?? []).some((entry) => {
    const named = claimOfPod(pod, entry);
    if (named.kind === 'missing' || named.kind === 'unknown') return true;
    if (named.kind === 'unneeded') return false;
    const claim = reader.get<ResourceClaim>(RESOURCE_CLAIMS, pod.metadata.namespace, named.name);
    if (!claim) {
      if (entry.resourceClaimTemplateName === undefined) return false;
      const group = groupOf(pod, reader, sharesClaims);
      return group === 'missing' || !sharesClaim(group, entry);
    }
    if (named.isGenerated && whyNotForPod(pod, claim, sharesClaims) !== undefined) return false;
    return Boolean(pod.spec.nodeName) && needsReservation(pod, claim, sharesClaims);
  });
}

export function syncPod(
  pod: Pod,
  context: SyncContext,
  memory: MadeClaims,
  sharesClaims: boolean,
): SyncResult | undefined {
  const { reader, client, recorder } = context;
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  const group = groupOf(pod, reader, sharesClaims);
  if (group === 'missing') return { retry: true };
  const entries = pod.spec.resourceClaims ?? [];
  const made = new Map<string, string>();
  for (const entry of entries) {
    const claim = provideClaim({ pod, group, entry }, context, memory, sharesClaims);
    if (claim === undefined) continue;
    if ('error' in claim) {
      recorder.event(pod, 'Warning', 'FailedResourceClaimCreation', `PodResourceClaim ${entry.name}: ${claim.error}`);
      return { retry: true };
    }
    made.set(entry.name, claim.name);
  }
  if (made.size > 0) {
    // The write brings the pod back here.
    const status = { ...pod.status, resourceClaimStatuses: madeStatuses(made) };
    return client.updateStatus('pods', { ...pod, status }).ok ? undefined : { retry: true };
  }
  if (!pod.spec.nodeName) return undefined;
  return reserveAll(pod, group, context, sharesClaims) ? undefined : { retry: true };
}

interface WantedClaim {
  readonly pod: Pod;
  readonly group: PodGroup | undefined;
  readonly entry: PodResourceClaim;
}

/** The claim that the status does not name yet, or nothing when none is missing or somebody else has to make it. */
function provideClaim(
  { pod, group, entry }: WantedClaim,
  context: SyncContext,
  memory: MadeClaims,
  sharesClaims: boolean,
): MadeClaim | undefined {
  const { reader } = context;
  const named = claimOfPod(pod, entry);
  if (named.kind === 'unneeded') return undefined;
  if (named.kind === 'unknown') return { error: `checking for claim before creating it: ${named.problem}` };
  if (named.kind === 'named') {
    const claim = reader.get<ResourceClaim>(RESOURCE_CLAIMS, pod.metadata.namespace, named.name);
    if (claim && (!named.isGenerated || whyNotForPod(pod, claim, sharesClaims) === undefined)) return undefined;
  }
  if (entry.resourceClaimTemplateName === undefined) return undefined;
  const isShared = sharesClaim(group, entry);
  const existing = findGenerated(isShared ? group : pod, entry.name, context, memory);
  if (existing !== undefined) return { name: existing };
  return isShared ? undefined : makeClaim(pod, entry, context, memory);
}

/** False when a claim is not the pod's, or a write was refused. */
function reserveAll(
  pod: Pod,
  group: PodGroup | undefined,
  { reader, client }: SyncContext,
  sharesClaims: boolean,
): boolean {
  for (const entry of pod.spec.resourceClaims ?? []) {
    const named = claimOfPod(pod, entry);
    if (named.kind === 'unneeded') continue;
    if (named.kind !== 'named') return false;
    const claim = reader.get<ResourceClaim>(RESOURCE_CLAIMS, pod.metadata.namespace, named.name);
    if (!claim) return true;
    if (named.isGenerated && whyNotForPod(pod, claim, sharesClaims) !== undefined) return false;
    if (!needsReservation(pod, claim, sharesClaims)) continue;
    const reservedFor = [...(claim.status.reservedFor ?? []), consumerOf(pod, group, entry)];
    if (!client.updateStatus(RESOURCE_CLAIMS, { ...claim, status: { ...claim.status, reservedFor } }).ok) return false;
  }
  return true;
}

/** Whether the claim has devices that the pod may not use yet. */
function needsReservation(pod: Pod, claim: ResourceClaim, sharesClaims: boolean): boolean {
  return claim.status.allocation !== undefined && !isReservedForPod(pod, claim, sharesClaims);
}

/** The group of the pod, if claims are shared and the pod is in one. */
function groupOf(pod: Pod, reader: ClusterReader, sharesClaims: boolean): PodGroup | undefined | 'missing' {
  const name = sharesClaims ? pod.spec.schedulingGroup?.podGroupName : undefined;
  if (name === undefined) return undefined;
  return reader.get<PodGroup>(POD_GROUPS, pod.metadata.namespace, name) ?? 'missing';
}
