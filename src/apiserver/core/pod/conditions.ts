// Sets a condition of a pod as the API server and most of its clients do: whole, with the time of its last change.
// Behaviour: pkg/api/pod/util.go (UpdatePodCondition), Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time.ts';
import type { PodCondition, PodStatus } from '../../../schema/generated/types/core-v1.ts';

export function withPodCondition(
  status: PodStatus,
  condition: Omit<PodCondition, 'lastTransitionTime'>,
  now: number,
): PodStatus {
  const conditions = status.conditions ?? [];
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[at];
  const kept = before?.status === condition.status ? before.lastTransitionTime : formatTime(now);
  const next: PodCondition = kept === undefined ? { ...condition } : { ...condition, lastTransitionTime: kept };
  return { ...status, conditions: before ? conditions.with(at, next) : [...conditions, next] };
}
