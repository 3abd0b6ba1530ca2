// Keeps as many pods of a template as its owner asks for.
// Behaviour: pkg/controller/replicaset/replica_set.go, Kubernetes v1.36.3.
// Differs: no expectations, since each sync sees all writes before it; pods are looked at by name where upstream takes any order.
import { controllerOf, newControllerRef } from '../../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { type Controller, type SyncContext, type SyncResult, splitKey } from '../../engine/controller.ts';
import { AdoptionWatch } from '../pod-control/adoption-watch.ts';
import { claimObjects, controlledBy, selectObjects } from '../pod-control/claim.ts';
import { podsToDelete, rankedByRelatedPods } from '../pod-control/deletion-ranking.ts';
import {
  createPod,
  deletePod,
  errorOf,
  firstErrorOf,
  podFromTemplate,
  slowStartBatch,
} from '../pod-control/pod-control.ts';
import { isPodActive, isPodChangeCounted, isPodTerminating, untilNextAvailable } from '../pod-control/pod-state.ts';
import { isNamespaceTerminatingError, retryWhenRefused, type SyncError } from '../pod-control/refused-request.ts';
import type { ReplicaOwner, ReplicaOwnerKind } from './replica-owner.ts';
import { calculateStatus, updateStatus } from './status.ts';

/** Pods that one sync creates or deletes at most. */
const BURST_REPLICAS = 500;

export function replicaController<T extends ReplicaOwner>(kind: ReplicaOwnerKind<T>): Controller {
  const adoption = new AdoptionWatch<T, Pod>({
    ownerResource: kind.resource,
    ownerKind: kind.gvk.kind,
    ownedResource: 'pods',
    selectorOf: kind.selectorOf,
    isCounted: isPodChangeCounted,
  });
  return {
    name: kind.controllerName,
    watches: [adoption.owners, adoption.owned],
    sync: retryWhenRefused((key, context) => {
      const { namespace, name } = splitKey(key);
      const owner = context.reader.get<T>(kind.resource, namespace, name);
      return owner && syncReplicas(owner, kind, adoption, key, context);
    }),
  };
}

function syncReplicas<T extends ReplicaOwner>(
  owner: T,
  kind: ReplicaOwnerKind<T>,
  adoption: AdoptionWatch<T, Pod>,
  key: string,
  context: SyncContext,
): SyncResult | undefined {
  const selector = kind.selectorOf(owner);
  const matches = ({ metadata }: Pod): boolean => selector.matches(metadata.labels);
  const pods = adoption.candidates(owner, context.reader);
  const active = claimObjects(
    pods.filter(isPodActive),
    { owner, ownerKind: kind.gvk, resource: 'pods', matches },
    context.client,
  );
  adoption.settled(key);
  const terminating = kind.countsTerminating
    ? pods.filter((pod) => isPodTerminating(pod) && controllerOf(pod)?.uid === owner.metadata.uid && matches(pod))
        .length
    : undefined;

  const failure =
    owner.metadata.deletionTimestamp === undefined ? manageReplicas(owner, active, kind, context) : undefined;
  const status = calculateStatus(owner, active, terminating, failure, context.now);
  const updated = updateStatus(owner, status, kind.resource, context);
  if (failure !== undefined) return { retry: true };

  const { minReadySeconds = 0 } = updated.spec;
  const { readyReplicas, availableReplicas } = updated.status;
  if (minReadySeconds <= 0 || readyReplicas === availableReplicas) return undefined;
  return { requeueAfter: untilNextAvailable(active, minReadySeconds, context.now) ?? minReadySeconds * 1000 };
}

/** Creates what is missing or deletes what is too much; gives the first error. */
function manageReplicas<T extends ReplicaOwner>(
  owner: T,
  active: readonly Pod[],
  kind: ReplicaOwnerKind<T>,
  context: SyncContext,
): SyncError | undefined {
  const surplus = active.length - (owner.spec.replicas ?? 0);
  if (surplus < 0) return createReplicas(owner, Math.min(-surplus, BURST_REPLICAS), kind, context);
  if (surplus === 0) return undefined;
  const { reader, now } = context;
  const doomed = podsToDelete(active, Math.min(surplus, BURST_REPLICAS), () =>
    rankedByRelatedPods(relatedPods(owner, kind, reader), now),
  );
  return firstErrorOf(doomed.map((pod) => () => void deletePod(pod, owner, context)));
}

function createReplicas<T extends ReplicaOwner>(
  owner: T,
  count: number,
  kind: ReplicaOwnerKind<T>,
  context: SyncContext,
): SyncError | undefined {
  const { template } = owner.spec;
  if (template === undefined) return undefined;
  const pod = podFromTemplate(template, owner, newControllerRef(owner, kind.gvk));
  return slowStartBatch(count, () => {
    const error = errorOf(() => void createPod(pod, owner, context));
    if (error !== undefined && !isNamespaceTerminatingError(error)) throw error;
  }).error;
}

/** Pods of everything that the owner's own controller controls: all revisions of one Deployment. */
function relatedPods<T extends ReplicaOwner>(
  owner: T,
  kind: ReplicaOwnerKind<T>,
  reader: ClusterReader,
): readonly Pod[] {
  const controller = controllerOf(owner);
  if (controller === undefined) return [];
  const found = new Map<string, Pod>();
  for (const sibling of controlledBy<T>(reader, kind.resource, controller.uid)) {
    for (const pod of selectObjects<Pod>(reader, 'pods', sibling.metadata.namespace, kind.selectorOf(sibling)))
      found.set(pod.metadata.uid ?? '', pod);
  }
  return [...found.values()];
}
