// Makes ResourceClaims from templates for pods, reserves claims for pods that were bound past the scheduler, and frees what
// nobody uses. What pod groups share is made in group-claims.ts.
// Behaviour: pkg/controller/resourceclaim/controller.go, Kubernetes v1.36.3.
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../../schema/generated/types/resource-v1.ts';
import type { PodGroup } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS, RESOURCE_CLAIMS } from '../../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, splitKey, type Watch } from '../../engine/controller.ts';
import { claimOfGroup, claimOfPod, SHARED_CLAIMS, TEMPLATES } from '../../resource-claims/named-claims.ts';
import { ClaimUsers, claimPlace, membersPlace, templatePlace } from './claim-users.ts';
import { MadeClaims } from './made-claims.ts';
import { podNeedsWork, syncPod } from './pod-claims.ts';
import { isPodDone, syncClaim } from './released-claims.ts';

/** Claims are synced under the name of their place, pods under their own. */
const CLAIM_KEY = 'claim:';

export const resourceClaimController: ControllerFactory = ({ isFeatureEnabled }) => {
  const sharesClaims = isFeatureEnabled(SHARED_CLAIMS);
  const users = new ClaimUsers();
  const made = new MadeClaims();
  const ofGroups: Watch = { resource: POD_GROUPS, keys: keysOfGroup };
  return {
    name: 'resource_claim',
    watches: [
      { resource: 'pods', keys: keysOfPod },
      { resource: RESOURCE_CLAIMS, keys: keysOfClaim },
      {
        resource: TEMPLATES,
        keys: ({ type, object: { metadata } }, reader) =>
          type === 'DELETED' ? [] : keysOfUsers(templatePlace(metadata.namespace, metadata.name ?? ''), reader),
      },
      ...(sharesClaims ? [ofGroups] : []),
    ],
    sync(key, context) {
      const { reader } = context;
      if (key.startsWith(CLAIM_KEY)) {
        const { namespace, name } = splitKey(key.slice(CLAIM_KEY.length));
        const claim = reader.get<ResourceClaim>(RESOURCE_CLAIMS, namespace, name);
        return !claim || syncClaim(claim, context, sharesClaims) ? undefined : { retry: true };
      }
      made.startSync();
      const { namespace, name } = splitKey(key);
      const pod = reader.get<Pod>('pods', namespace, name);
      return pod && syncPod(pod, context, made, sharesClaims);
    },
  };

  function keysOfPod({ type, object }: StoreEvent, reader: ClusterReader): readonly string[] {
    const pod = object as Pod; // the watch is on pods
    const { namespace } = pod.metadata;
    const { resourceClaims = [], schedulingGroup } = pod.spec;
    const extended = pod.status.extendedResourceClaimStatus;
    if (resourceClaims.length === 0 && !extended) return [];
    const isGone = type === 'DELETED';
    const releases = isGone || isPodDone(pod);
    const keys: string[] = [];
    if (schedulingGroup?.podGroupName !== undefined && sharesClaims)
      users.note(membersPlace(namespace, schedulingGroup.podGroupName), keyFor(pod), isGone);
    for (const entry of resourceClaims) {
      const { resourceClaimTemplateName: template } = entry;
      if (template !== undefined) users.note(templatePlace(namespace, template), keyFor(pod), isGone);
      const named = claimOfPod(pod, entry);
      if (named.kind !== 'named') continue;
      const place = claimPlace(namespace, named.name);
      users.note(place, keyFor(pod), isGone);
      if (releases) keys.push(place);
    }
    if (extended && releases) keys.push(claimPlace(namespace, extended.resourceClaimName));
    if (!isGone && podNeedsWork(pod, reader, sharesClaims)) keys.push(keyFor(pod));
    return keys;
  }

  /** The claims that a group leaves behind; its pods learn from its status which claims they share. */
  function keysOfGroup({ type, object }: StoreEvent, reader: ClusterReader): readonly string[] {
    const group = object as PodGroup; // the watch is on groups
    const { namespace, name = '' } = group.metadata;
    const { resourceClaims = [] } = group.spec;
    if (resourceClaims.length === 0) return [];
    const left = resourceClaims.flatMap((entry) => {
      const named = claimOfGroup(group, entry);
      return type === 'DELETED' && named.kind === 'named' ? [claimPlace(namespace, named.name)] : [];
    });
    return [...left, ...keysOfUsers(membersPlace(namespace, name), reader)];
  }

  function keysOfClaim({ type, object: { metadata } }: StoreEvent, reader: ClusterReader): readonly string[] {
    const place = claimPlace(metadata.namespace, metadata.name ?? '');
    return [...(type === 'DELETED' ? [] : [place]), ...keysOfUsers(place, reader)];
  }

  /** Those of the pods that have something to do now. */
  function keysOfUsers(place: string, reader: ClusterReader): readonly string[] {
    return users.of(place).filter((user) => {
      const { namespace, name } = splitKey(user);
      const pod = reader.get<Pod>('pods', namespace, name);
      return pod !== undefined && podNeedsWork(pod, reader, sharesClaims);
    });
  }
};
