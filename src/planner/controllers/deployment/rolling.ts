// A rolling update: one step up of the new ReplicaSet, or one step down of the old ones, as far as surge and availability allow.
// Behaviour: pkg/controller/deployment/rolling.go, Kubernetes v1.36.3.
import type { ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import { SyncError } from '../pod-control/refused-request.ts';
import { maxUnavailable, replicasOf } from './fenceposts.ts';
import { ensureNewReplicaSet, newReplicas } from './new-replica-set.ts';
import { isActive, type Rollout, totalOf } from './rollout.ts';
import { cleanupDeployment, scaleReplicaSet } from './scale.ts';
import { isDeploymentComplete, type StatusSync, syncRolloutStatus } from './status.ts';

export function rolloutRolling(rollout: Rollout): StatusSync {
  const newest = ensureNewReplicaSet(rollout);
  const hasMoved = scaleNew(rollout, newest) || scaleDownOld(rollout, newest);
  if (!hasMoved && isDeploymentComplete(rollout.deployment, rollout.statusBefore)) cleanupDeployment(rollout);
  return syncRolloutStatus(rollout);
}

function scaleNew(rollout: Rollout, newest: ReplicaSet): boolean {
  const { deployment, allReplicaSets } = rollout;
  const wanted = replicasOf(deployment);
  const current = replicasOf(newest);
  if (current === wanted) return false;
  return scaleReplicaSet(rollout, newest, current > wanted ? wanted : newReplicas(deployment, allReplicaSets, current));
}

const availableIn = ({ status }: ReplicaSet): number => status.availableReplicas ?? 0;

/** Failures are not reported: the next sync goes on from where this one stopped. */
function scaleDownOld(rollout: Rollout, newest: ReplicaSet): boolean {
  const { deployment, oldReplicaSets, allReplicaSets } = rollout;
  if (totalOf(oldReplicaSets, replicasOf) === 0) return false;
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment);
  const newUnavailable = replicasOf(newest) - availableIn(newest);
  const budget = totalOf(allReplicaSets, replicasOf) - minAvailable - newUnavailable;
  if (budget <= 0) return false;
  try {
    const cleanedUp = cleanupUnhealthy(rollout, budget);
    return cleanedUp + scaleDownHealthy(rollout, minAvailable) > 0;
  } catch (error) {
    if (error instanceof SyncError) return false;
    throw error;
  }
}

/** Replicas that are not available can go whatever happens, oldest ReplicaSet first. */
function cleanupUnhealthy(rollout: Rollout, budget: number): number {
  let done = 0;
  for (const set of rollout.oldReplicaSets.filter(isActive)) {
    const unhealthy = replicasOf(set) - availableIn(set);
    if (done >= budget) break;
    if (unhealthy === 0) continue;
    const count = Math.min(budget - done, unhealthy);
    // A ReplicaSet never has more available replicas than it asked for, unless its status is behind.
    if (count < 0) throw new SyncError(`got invalid request to scale down ${set.metadata.name}`);
    scaleReplicaSet(rollout, set, replicasOf(set) - count);
    done += count;
  }
  return done;
}

function scaleDownHealthy(rollout: Rollout, minAvailable: number): number {
  const surplus =
    totalOf(
      rollout.allReplicaSets.filter((set) => isActive(set) || set === rollout.newReplicaSet),
      availableIn,
    ) - minAvailable;
  let done = 0;
  for (const set of rollout.oldReplicaSets.filter(isActive)) {
    if (done >= surplus) break;
    const count = Math.min(replicasOf(set), surplus - done);
    scaleReplicaSet(rollout, set, replicasOf(set) - count);
    done += count;
  }
  return done;
}
