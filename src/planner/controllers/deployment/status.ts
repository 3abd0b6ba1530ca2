// The status of a Deployment, its progress and its progress deadline.
// Behaviour: pkg/controller/deployment/{sync,progress}.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from '../../../schema/generated/types/apps-v1.ts';
import { omitEmpty } from '../pod-control/omit-empty.ts';
import {
  AVAILABLE,
  conditionOf,
  keepTransition,
  MINIMUM_REPLICAS_AVAILABLE,
  MINIMUM_REPLICAS_UNAVAILABLE,
  NEW_RS_AVAILABLE,
  newCondition,
  PAUSED,
  PROGRESSING,
  REPLICA_FAILURE,
  REPLICA_SET_UPDATED,
  RESUMED,
  TIMED_OUT,
  withCondition,
  withoutCondition,
} from './conditions.ts';
import { maxUnavailable, progressDeadline, replicasOf } from './fenceposts.ts';
import { type Rollout, totalOf } from './rollout.ts';

const MINIMUM_AVAILABILITY = 'Deployment has minimum availability.';
const NO_MINIMUM_AVAILABILITY = 'Deployment does not have minimum availability.';
const IS_PAUSED = 'Deployment is paused';
const IS_RESUMED = 'Deployment is resumed';

/** When to look again whether the deadline has passed, if the status stayed as it was. */
export interface StatusSync {
  readonly requeueAfter?: number;
}

function calculateStatus(rollout: Rollout): DeploymentStatus {
  const { deployment, allReplicaSets: all, newReplicaSet, countsTerminating, context } = rollout;
  const available = totalOf(all, ({ status }) => status.availableReplicas);
  const terminating = countsTerminating ? terminatingReplicas(all) : undefined;
  const { collisionCount, conditions } = deployment.status;
  const status: DeploymentStatus = {
    ...omitEmpty({
      observedGeneration: deployment.metadata.generation,
      replicas: totalOf(all, (set) => set.status.replicas),
      updatedReplicas: newReplicaSet?.status.replicas,
      readyReplicas: totalOf(all, (set) => set.status.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: Math.max(totalOf(all, replicasOf) - available, 0),
      conditions,
    }),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  };
  const isAvailable = available >= replicasOf(deployment) - maxUnavailable(deployment);
  return withCondition(
    status,
    isAvailable
      ? newCondition(AVAILABLE, 'True', MINIMUM_REPLICAS_AVAILABLE, MINIMUM_AVAILABILITY, context.now)
      : newCondition(AVAILABLE, 'False', MINIMUM_REPLICAS_UNAVAILABLE, NO_MINIMUM_AVAILABILITY, context.now),
  );
}

/** Unknown as long as one ReplicaSet that was looked at does not tell. */
function terminatingReplicas(sets: readonly ReplicaSet[]): number | undefined {
  let total = 0;
  for (const { status } of sets) {
    if (status.terminatingReplicas !== undefined) total += status.terminatingReplicas;
    else if (status.observedGeneration) return undefined;
  }
  return total;
}

export function syncDeploymentStatus(rollout: Rollout): void {
  writeStatus(rollout, calculateStatus(rollout));
}

function writeStatus(rollout: Rollout, status: DeploymentStatus): boolean {
  if (semanticDeepEqual(rollout.deployment.status, status)) return false;
  rollout.updateStatus(status);
  return true;
}

/** As `syncDeploymentStatus`, with the Progressing and ReplicaFailure conditions of a rollout. */
export function syncRolloutStatus(rollout: Rollout): StatusSync {
  const calculated = calculateStatus(rollout);
  const status = withReplicaFailure(withProgress(rollout, calculated), rollout);
  return writeStatus(rollout, status) ? {} : untilDeadline(rollout, status);
}

function withProgress(rollout: Rollout, status: DeploymentStatus): DeploymentStatus {
  const { deployment, newReplicaSet, context } = rollout;
  if (progressDeadline(deployment) === undefined) return withoutCondition(status, PROGRESSING);
  const current = conditionOf(deployment.status, PROGRESSING);
  if (status.replicas === status.updatedReplicas && current?.reason === NEW_RS_AVAILABLE) return status;
  const subject = newReplicaSet
    ? `ReplicaSet "${newReplicaSet.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`;
  const condition = (value: 'True' | 'False', reason: string, what: string): DeploymentCondition =>
    newCondition(PROGRESSING, value, reason, `${subject} ${what}`, context.now);
  if (isDeploymentComplete(deployment, status))
    return withCondition(status, condition('True', NEW_RS_AVAILABLE, 'has successfully progressed.'));
  if (isProgressing(rollout.deployment.status, status)) {
    // Set anew even when status and reason stay, so that the deadline counts from now.
    const progress = keepTransition(condition('True', REPLICA_SET_UPDATED, 'is progressing.'), current);
    return withCondition(withoutCondition(status, PROGRESSING), progress);
  }
  if (hasTimedOut(deployment, status, context.now))
    return withCondition(status, condition('False', TIMED_OUT, 'has timed out progressing.'));
  return status;
}

function withReplicaFailure(status: DeploymentStatus, { newReplicaSet, allReplicaSets }: Rollout): DeploymentStatus {
  const failureOf = (set: ReplicaSet) => set.status.conditions?.find(({ type }) => type === REPLICA_FAILURE);
  const found = [...(newReplicaSet ? [newReplicaSet] : []), ...allReplicaSets]
    .map(failureOf)
    .find((c) => c !== undefined);
  if (found === undefined) return withoutCondition(status, REPLICA_FAILURE);
  const { lastTransitionTime } = found;
  return withCondition(status, {
    ...found,
    ...(lastTransitionTime === undefined ? {} : { lastUpdateTime: lastTransitionTime }),
  });
}

export function isDeploymentComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = replicasOf(deployment);
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** More pods updated, ready or available than before, or fewer old ones. */
function isProgressing(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const condition = conditionOf(status, PROGRESSING);
  if (condition === undefined || condition.reason === NEW_RS_AVAILABLE) return false;
  return condition.reason === TIMED_OUT || deadlineAfter(deployment, condition) < now;
}

function deadlineAfter(deployment: Deployment, { lastUpdateTime }: DeploymentCondition): number {
  return (parseTime(lastUpdateTime ?? '') ?? 0) + (progressDeadline(deployment) ?? 0) * 1000;
}

function untilDeadline({ deployment, context }: Rollout, status: DeploymentStatus): StatusSync {
  const condition = conditionOf(deployment.status, PROGRESSING);
  if (progressDeadline(deployment) === undefined || condition === undefined) return {};
  if (isDeploymentComplete(deployment, status) || condition.reason === TIMED_OUT) return {};
  // A rollout that has been complete is not timed any more when pods are lost; upstream looks again and again, to no effect.
  if (condition.reason === NEW_RS_AVAILABLE) return {};
  const left = deadlineAfter(deployment, condition) - context.now;
  // Within the last second upstream looks every few milliseconds.
  return { requeueAfter: left < 1000 ? Math.max(left, 0) + 1 : left + 1000 };
}

/** Stops and restarts the clock of the deadline: says so in Progressing, unless the deadline has passed already. */
export function syncPausedCondition(rollout: Rollout): void {
  const { deployment, context } = rollout;
  if (progressDeadline(deployment) === undefined) return;
  const reason = conditionOf(deployment.status, PROGRESSING)?.reason;
  const isPaused = deployment.spec.paused === true;
  if (reason === TIMED_OUT || (reason === PAUSED) === isPaused) return;
  const condition = isPaused
    ? newCondition(PROGRESSING, 'Unknown', PAUSED, IS_PAUSED, context.now)
    : newCondition(PROGRESSING, 'Unknown', RESUMED, IS_RESUMED, context.now);
  rollout.updateStatus(withCondition(deployment.status, condition));
}
