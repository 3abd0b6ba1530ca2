// Resizes the ReplicaSets of a Deployment: one of them, all in proportion, or away when the history is full.
// Behaviour: pkg/controller/deployment/sync.go (scale, scaleReplicaSet, cleanupDeployment), Kubernetes v1.36.3.
import { parseGoInt } from '../../../apimachinery/go/int.ts';
import type { Deployment, ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import { acceptedOrGone } from '../pod-control/refused-request.ts';
import {
  countAnnotation,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  replicasAnnotationsDiffer,
  withReplicasAnnotations,
} from './annotations.ts';
import { isRollingUpdate, maxReplicas, replicasOf, revisionHistoryLimit } from './fenceposts.ts';
import { SCALING_REPLICA_SET } from './new-replica-set.ts';
import { byRevision, bySizeNewer, bySizeOlder } from './order.ts';
import { isActive, type Rollout, totalOf } from './rollout.ts';

/** Whether the Deployment was scaled since one of its active ReplicaSets was last sized. */
export function isScalingEvent({ deployment, allReplicaSets }: Rollout): boolean {
  return allReplicaSets.filter(isActive).some((set) => {
    const desired = countAnnotation(set, DESIRED_REPLICAS);
    return desired !== undefined && desired !== replicasOf(deployment);
  });
}

/** Spreads a change of spec.replicas over the ReplicaSets. */
export function scale(rollout: Rollout): void {
  const { deployment, newReplicaSet, oldReplicaSets } = rollout;
  const only = activeOrLatest(newReplicaSet, oldReplicaSets);
  if (only) {
    scaleReplicaSet(rollout, only, replicasOf(deployment));
    return;
  }
  if (newReplicaSet && isSaturated(deployment, newReplicaSet)) {
    for (const old of oldReplicaSets.filter(isActive)) scaleReplicaSet(rollout, old, 0);
    return;
  }
  if (isRollingUpdate(deployment)) scaleInProportion(rollout);
}

function scaleInProportion(rollout: Rollout): void {
  const { deployment } = rollout;
  const active = rollout.allReplicaSets.filter(isActive);
  const allowed = replicasOf(deployment) > 0 ? maxReplicas(deployment) : 0;
  const toAdd = allowed - totalOf(active, replicasOf);
  // Newer ones grow first and older ones shrink first when they are equally large.
  const sets = toAdd === 0 ? active : active.toSorted(toAdd > 0 ? bySizeNewer : bySizeOlder);
  let added = 0;
  const sizes = sets.map((set) => {
    const share = proportionOf(set, deployment, toAdd, added);
    added += share;
    return replicasOf(set) + share;
  });
  sets.forEach((set, i) => {
    const size = sizes[i] ?? 0;
    const isLargest = i === 0 && toAdd !== 0;
    scaleReplicaSet(rollout, set, isLargest ? Math.max(size + toAdd - added, 0) : size, true);
  });
}

function proportionOf(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  if (replicasOf(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const share = fractionOf(set, deployment);
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
}

/** How much a ReplicaSet grows to keep its share of what the Deployment may have. */
function fractionOf(set: ReplicaSet, deployment: Deployment): number {
  const size = replicasOf(set);
  if (replicasOf(deployment) === 0) return -size;
  const before = countAnnotation(set, MAX_REPLICAS) || (deployment.status.replicas ?? 0);
  if (before === 0) return 0;
  const share = (size * maxReplicas(deployment)) / before;
  return Math.trunc(share < 0 ? share - 0.5 : share + 0.5) - size;
}

/** The only active one, or the newest when none is; undefined when several are. */
function activeOrLatest(newest: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined {
  const active = [...old, ...(newest ? [newest] : [])].filter(isActive);
  if (active.length > 1) return undefined;
  return active[0] ?? newest ?? old.at(-1);
}

function isSaturated(deployment: Deployment, { metadata, spec, status }: ReplicaSet): boolean {
  const desired = parseGoInt(metadata.annotations?.[DESIRED_REPLICAS] ?? '', 64, 'Atoi');
  const replicas = replicasOf(deployment);
  return (
    desired.ok &&
    replicasOf({ spec }) === replicas &&
    Number(desired.value) === replicas &&
    (status.availableReplicas ?? 0) === replicas
  );
}

/** Whether the size changed. With `force` the annotations are brought up to date even when it does not. */
export function scaleReplicaSet(rollout: Rollout, set: ReplicaSet, size: number, force = false): boolean {
  const before = replicasOf(set);
  if (before === size && !(force && replicasAnnotationsDiffer(set, rollout.deployment))) return false;
  const { deployment } = rollout;
  const annotations = withReplicasAnnotations(set.metadata.annotations, deployment);
  rollout.updateReplicaSet({
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas: size },
  });
  if (before === size) return false;
  const message = `Scaled ${before < size ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${size}`;
  rollout.event('Normal', SCALING_REPLICA_SET, message);
  return true;
}

/** Deletes the oldest revisions that the history limit leaves no room for, if they are empty. */
export function cleanupDeployment({ deployment, oldReplicaSets, context }: Rollout): void {
  const limit = revisionHistoryLimit(deployment);
  if (limit === undefined) return;
  const alive = oldReplicaSets.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  for (const set of alive.toSorted(byRevision).slice(0, Math.max(alive.length - limit, 0))) {
    const { namespace, name = '', generation = 0 } = set.metadata;
    const isEmpty = set.status.replicas === 0 && replicasOf(set) === 0;
    if (!isEmpty || generation > (set.status.observedGeneration ?? 0)) continue;
    acceptedOrGone(context.client.delete('replicasets.apps', { namespace, name }));
  }
}
