// The conditions of a Deployment and their reasons.
// Behaviour: pkg/controller/deployment/util/deployment_util.go, Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { DeploymentCondition, DeploymentStatus } from '../../../schema/generated/types/apps-v1.ts';

export const AVAILABLE = 'Available';
export const PROGRESSING = 'Progressing';
export const REPLICA_FAILURE = 'ReplicaFailure';

export const REPLICA_SET_UPDATED = 'ReplicaSetUpdated';
export const FAILED_RS_CREATE = 'ReplicaSetCreateError';
export const NEW_REPLICA_SET = 'NewReplicaSetCreated';
export const FOUND_NEW_RS = 'FoundNewReplicaSet';
export const NEW_RS_AVAILABLE = 'NewReplicaSetAvailable';
export const TIMED_OUT = 'ProgressDeadlineExceeded';
export const PAUSED = 'DeploymentPaused';
export const RESUMED = 'DeploymentResumed';
export const MINIMUM_REPLICAS_AVAILABLE = 'MinimumReplicasAvailable';
export const MINIMUM_REPLICAS_UNAVAILABLE = 'MinimumReplicasUnavailable';

export function newCondition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: number,
): DeploymentCondition {
  const time = formatTime(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

export function conditionOf({ conditions }: DeploymentStatus, type: string): DeploymentCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** The status with the condition at the end; unchanged when status and reason stay what they were. */
export function withCondition(status: DeploymentStatus, condition: DeploymentCondition): DeploymentStatus {
  const current = conditionOf(status, condition.type);
  if (current?.status === condition.status && current.reason === condition.reason) return status;
  const { conditions = [] } = withoutCondition(status, condition.type);
  return { ...status, conditions: [...conditions, keepTransition(condition, current)] };
}

/** The condition with the transition time of the one before, if the status is the same. */
export function keepTransition(
  condition: DeploymentCondition,
  current: DeploymentCondition | undefined,
): DeploymentCondition {
  if (current?.status !== condition.status || current.lastTransitionTime === undefined) return condition;
  return { ...condition, lastTransitionTime: current.lastTransitionTime };
}

export function withoutCondition(status: DeploymentStatus, type: string): DeploymentStatus {
  if (conditionOf(status, type) === undefined) return status;
  const { conditions = [], ...rest } = status;
  const kept = conditions.filter((condition) => condition.type !== type);
  return kept.length === 0 ? rest : { ...rest, conditions: kept };
}
