// How far a Deployment may go above and below its replicas during a rollout.
// Behaviour: pkg/controller/deployment/util/deployment_util.go (ResolveFenceposts, MaxSurge, MaxUnavailable), Kubernetes v1.36.3.
import { getScaledValueFromIntOrPercent } from '../../../apimachinery/int-or-string.ts';
import type { Deployment } from '../../../schema/generated/types/apps-v1.ts';

/** MaxInt32 in a limit or a deadline means that there is none. */
const NO_LIMIT = 2 ** 31 - 1;

interface Fenceposts {
  readonly surge: number;
  readonly unavailable: number;
}

/** Surge is rounded up, unavailability down; when both come to 0 one pod may be unavailable. */
function resolveFenceposts({ spec }: Deployment): Fenceposts | undefined {
  const { maxSurge = 0, maxUnavailable = 0 } = spec.strategy.rollingUpdate ?? {};
  const surge = getScaledValueFromIntOrPercent(maxSurge, replicasOf({ spec }), true);
  const unavailable = getScaledValueFromIntOrPercent(maxUnavailable, replicasOf({ spec }), false);
  if (!surge.ok || !unavailable.ok) return undefined;
  const isStuck = surge.value === 0 && unavailable.value === 0;
  return { surge: surge.value, unavailable: isStuck ? 1 : unavailable.value };
}

export function replicasOf({ spec }: { readonly spec: { readonly replicas?: number } }): number {
  return spec.replicas ?? 0;
}

export function isRollingUpdate({ spec }: Deployment): boolean {
  return spec.strategy.type === 'RollingUpdate';
}

function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? (resolveFenceposts(deployment)?.surge ?? 0) : 0;
}

export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  return Math.min(resolveFenceposts(deployment)?.unavailable ?? 0, replicas);
}

/** Most replicas that all ReplicaSets together may ask for. */
export function maxReplicas(deployment: Deployment): number {
  return replicasOf(deployment) + maxSurge(deployment);
}

export function progressDeadline({ spec }: Deployment): number | undefined {
  return spec.progressDeadlineSeconds === NO_LIMIT ? undefined : spec.progressDeadlineSeconds;
}

export function revisionHistoryLimit({ spec }: Deployment): number | undefined {
  return spec.revisionHistoryLimit === NO_LIMIT ? undefined : spec.revisionHistoryLimit;
}
