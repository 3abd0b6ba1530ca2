// A rollout that stops all old pods before it starts the new ones.
// Behaviour: pkg/controller/deployment/recreate.go, Kubernetes v1.36.3.
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { controlledBy } from '../pod-control/claim.ts';
import { isPodTerminal } from '../pod-control/pod-state.ts';
import { replicasOf } from './fenceposts.ts';
import { ensureNewReplicaSet, syncRevision } from './new-replica-set.ts';
import { isActive, type Rollout, totalOf } from './rollout.ts';
import { cleanupDeployment, scaleReplicaSet } from './scale.ts';
import { isDeploymentComplete, type StatusSync, syncRolloutStatus } from './status.ts';

export function rolloutRecreate(rollout: Rollout): StatusSync {
  syncRevision(rollout);
  let hasScaledDown = false;
  for (const old of rollout.oldReplicaSets.filter(isActive))
    hasScaledDown = scaleReplicaSet(rollout, old, 0) || hasScaledDown;
  if (hasScaledDown || areOldPodsRunning(rollout)) return syncRolloutStatus(rollout);

  const newest = rollout.newReplicaSet ?? ensureNewReplicaSet(rollout);
  scaleReplicaSet(rollout, newest, replicasOf(rollout.deployment));
  if (isDeploymentComplete(rollout.deployment, rollout.statusBefore)) cleanupDeployment(rollout);
  return syncRolloutStatus(rollout);
}

/** Pods on their way out still run. */
function areOldPodsRunning({ oldReplicaSets, context }: Rollout): boolean {
  if (totalOf(oldReplicaSets, ({ status }) => status.replicas) > 0) return true;
  return oldReplicaSets.some(({ metadata }) =>
    controlledBy<Pod>(context.reader, 'pods', metadata.uid ?? '').some((pod) => !isPodTerminal(pod)),
  );
}
