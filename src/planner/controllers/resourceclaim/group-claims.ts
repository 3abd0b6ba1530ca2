// Makes the claims that the pods of a group share.
// Behaviour: pkg/controller/resourceclaim/controller.go (enqueuePodGroup, podGroupNeedsWork, syncPodGroup, handlePodGroupClaim),
// Kubernetes v1.36.3.
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../../schema/generated/types/resource-v1.ts';
import type { PodGroup, PodGroupResourceClaim } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS, RESOURCE_CLAIMS } from '../../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, type SyncContext, splitKey } from '../../engine/controller.ts';
import {
  claimOfGroup,
  isForGroup,
  type NamedClaim,
  SHARED_CLAIMS,
  TEMPLATES,
} from '../../resource-claims/named-claims.ts';
import { ClaimUsers, claimPlace, templatePlace } from './claim-users.ts';
import { findGenerated, type MadeClaim, madeStatuses, makeClaim } from './generated-claim.ts';
import { MadeClaims } from './made-claims.ts';

const NOTHING = new MadeClaims();

/** Upstream does this in the controller for pods; the keys of groups are looked at here. */
export const podGroupClaimController: ControllerFactory = ({ isFeatureEnabled }) => {
  const users = new ClaimUsers();
  const made = new MadeClaims();
  const isEnabled = isFeatureEnabled(SHARED_CLAIMS);
  const ofUsers =
    (placeOf: typeof claimPlace) =>
    ({ object: { metadata } }: StoreEvent, reader: ClusterReader): readonly string[] =>
      users.of(placeOf(metadata.namespace, metadata.name ?? '')).filter((key) => {
        const { namespace, name } = splitKey(key);
        const group = reader.get<PodGroup>(POD_GROUPS, namespace, name);
        return group !== undefined && needsWork(group, reader);
      });
  return {
    name: 'resource_claim',
    watches: isEnabled
      ? [
          { resource: POD_GROUPS, keys: keysOfGroup },
          { resource: RESOURCE_CLAIMS, keys: ofUsers(claimPlace) },
          { resource: TEMPLATES, keys: ofUsers(templatePlace) },
        ]
      : [],
    sync(key, context) {
      made.startSync();
      const { namespace, name } = splitKey(key);
      const group = context.reader.get<PodGroup>(POD_GROUPS, namespace, name);
      return !group || syncGroup(group, context, made) ? undefined : { retry: true };
    },
  };

  function keysOfGroup({ type, object }: StoreEvent, reader: ClusterReader): readonly string[] {
    const group = object as PodGroup; // the watch is on groups
    const isGone = type === 'DELETED';
    for (const entry of group.spec.resourceClaims ?? []) {
      const { namespace } = group.metadata;
      const { resourceClaimTemplateName: template } = entry;
      if (template !== undefined) users.note(templatePlace(namespace, template), keyFor(group), isGone);
      const named = claimOfGroup(group, entry);
      if (named.kind === 'named') users.note(claimPlace(namespace, named.name), keyFor(group), isGone);
    }
    return !isGone && needsWork(group, reader) ? [keyFor(group)] : [];
  }
};

function needsWork(group: PodGroup, reader: ClusterReader): boolean {
  if (group.metadata.deletionTimestamp !== undefined) return false;
  return (group.spec.resourceClaims ?? []).some((entry) => {
    const named = claimOfGroup(group, entry);
    if (named.kind === 'missing' || named.kind === 'unknown') return true;
    if (named.kind === 'unneeded' || entry.resourceClaimTemplateName === undefined) return false;
    return !reader.get<ResourceClaim>(RESOURCE_CLAIMS, group.metadata.namespace, named.name);
  });
}

/** False when something failed. */
function syncGroup(group: PodGroup, context: SyncContext, memory: MadeClaims): boolean {
  if (group.metadata.deletionTimestamp !== undefined) return true;
  const made = new Map<string, string>();
  for (const entry of group.spec.resourceClaims ?? []) {
    const claim = provideClaim(group, entry, context, memory);
    if (claim === undefined) continue;
    if ('error' in claim) {
      const message = `PodGroupResourceClaim ${entry.name}: ${claim.error}`;
      context.recorder.event(group, 'Warning', 'FailedResourceClaimCreation', message);
      return false;
    }
    made.set(entry.name, claim.name);
  }
  if (made.size === 0) return true;
  const status = { ...group.status, resourceClaimStatuses: madeStatuses(made) };
  return context.client.updateStatus(POD_GROUPS, { ...group, status }).ok;
}

/** A pod that found the claim made by name has come across it: nobody takes it for present when it is not. */
function isKnownToPods({ metadata }: PodGroup, named: NamedClaim, { reader }: SyncContext): boolean {
  if (named.kind !== 'named') return false;
  return reader
    .list<Pod>('pods', metadata.namespace)
    .some(({ status }) => status.resourceClaimStatuses?.some((entry) => entry.resourceClaimName === named.name));
}

function provideClaim(
  group: PodGroup,
  entry: PodGroupResourceClaim,
  context: SyncContext,
  memory: MadeClaims,
): MadeClaim | undefined {
  const named = claimOfGroup(group, entry);
  if (named.kind === 'unneeded') return undefined;
  if (named.kind === 'unknown') return { error: `checking for claim before creating it: ${named.problem}` };
  if (named.kind === 'named') {
    const claim = context.reader.get<ResourceClaim>(RESOURCE_CLAIMS, group.metadata.namespace, named.name);
    if (claim && (!named.isGenerated || isForGroup(group, claim))) return undefined;
  }
  if (entry.resourceClaimTemplateName === undefined) return undefined;
  const existing = findGenerated(group, entry.name, context, isKnownToPods(group, named, context) ? NOTHING : memory);
  return existing === undefined ? makeClaim(group, entry, context, memory) : { name: existing };
}
