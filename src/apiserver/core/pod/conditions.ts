// Sets a condition of a pod as the API server and most of its clients do: whole, with the time of its last change.
// Behaviour: pkg/api/pod/util.go (UpdatePodCondition), Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { PodCondition, PodStatus } from '../../../schema/generated/types/core-v1.ts';

type SetCondition = Omit<PodCondition, 'lastTransitionTime'>;

export function withPodCondition(status: PodStatus, condition: SetCondition, now: number): PodStatus {
  const conditions = status.conditions ?? [];
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[at];
  const kept = before?.status === condition.status ? before.lastTransitionTime : formatTime(now);
  const next: PodCondition = kept === undefined ? { ...condition } : { ...condition, lastTransitionTime: kept };
  return { ...status, conditions: before ? conditions.with(at, next) : [...conditions, next] };
}

/** What was made of a status last. */
interface Made {
  readonly condition: SetCondition;
  readonly now: number;
  readonly status: PodStatus;
}

const lastMade = new WeakMap<PodStatus, Made>();

/** The same with one condition again and again: pods of a template share their status, and go on sharing it. */
export function withSharedPodCondition(status: PodStatus, condition: SetCondition, now: number): PodStatus {
  const last = lastMade.get(status);
  if (last?.condition === condition && last.now === now) return last.status;
  const made = withPodCondition(status, condition, now);
  lastMade.set(status, { condition, now, status: made });
  return made;
}
