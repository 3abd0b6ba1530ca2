// Sets a condition in a pod's status.
// Behaviour: UpdatePodCondition in pkg/api/v1/pod/util.go, Kubernetes v1.36.3.
import { formatTime } from '../../apimachinery/time/time.ts';
import type { Pod, PodCondition } from '../../schema/generated/types/core-v1.ts';

export const DISRUPTION_TARGET = 'DisruptionTarget';

/** The pod with the condition, as of its generation; the very same pod when it says so already. */
export function withPodCondition(pod: Pod, condition: PodCondition, now: number): Pod {
  const before = pod.status.conditions ?? [];
  const at = before.findIndex(({ type }) => type === condition.type);
  const old = before[at];
  const isSame =
    old?.status === condition.status &&
    (old.reason ?? '') === (condition.reason ?? '') &&
    (old.message ?? '') === (condition.message ?? '');
  if (isSame) return pod;
  const { generation } = pod.metadata;
  const next: PodCondition = {
    ...condition,
    ...(generation ? { observedGeneration: generation } : {}),
    lastTransitionTime:
      old?.status === condition.status ? (old.lastTransitionTime ?? formatTime(now)) : formatTime(now),
  };
  const conditions = at < 0 ? [...before, next] : before.with(at, next);
  return { ...pod, status: { ...pod.status, conditions } };
}
