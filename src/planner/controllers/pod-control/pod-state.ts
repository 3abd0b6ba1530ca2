// What controllers ask about a pod: active, terminal, terminating, ready, available and since when.
// Behaviour: pkg/api/v1/pod/util.go and pkg/controller/controller_utils.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import type { Pod, PodCondition } from '../../../schema/generated/types/core-v1.ts';

export function isPodTerminal({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed';
}

/** Neither finished nor on its way out. */
export function isPodActive(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && !isPodTerminal(pod);
}

export function isPodTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined && !isPodTerminal(pod);
}

/** Whether an init container of that name goes on running beside the others. */
export function isSidecar({ spec }: Pod, name: string): boolean {
  return (
    spec.initContainers?.some((container) => container.name === name && container.restartPolicy === 'Always') ?? false
  );
}

export function podCondition({ status }: Pod, type: string): PodCondition | undefined {
  if (status.conditions) for (const condition of status.conditions) if (condition.type === type) return condition;
  return undefined;
}

export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True';
}

/** Milliseconds since the epoch; undefined when the pod is not ready or nobody wrote down since when it is. */
export function podReadySince(pod: Pod): number | undefined {
  const ready = podCondition(pod, 'Ready');
  if (ready?.status !== 'True' || ready.lastTransitionTime === undefined) return undefined;
  return parseTime(ready.lastTransitionTime);
}

/** Ready for at least so many seconds. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isPodReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = podReadySince(pod);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}

/** Milliseconds until the first of the pods becomes available; undefined when none is on its way. */
export function untilNextAvailable(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  if (minReadySeconds <= 0) return undefined;
  let earliest: number | undefined;
  for (const pod of pods) {
    const since = podReadySince(pod);
    if (since === undefined) continue;
    const wait = since + minReadySeconds * 1000 - now;
    if (wait > 0 && (earliest === undefined || wait < earliest)) earliest = wait;
  }
  return earliest;
}

/** Whether an update of a pod changed anything that its ReplicaSet or the like counts. */
export function isPodChangeCounted(before: Pod, after: Pod): boolean {
  const old = before.metadata;
  const now = after.metadata;
  return (
    before.status.phase !== after.status.phase ||
    old.deletionTimestamp !== now.deletionTimestamp ||
    old.uid !== now.uid ||
    !sameReadiness(before, after) ||
    !isSame(old.labels, now.labels) ||
    !isSame(old.ownerReferences, now.ownerReferences)
  );
}

function sameReadiness(before: Pod, after: Pod): boolean {
  const a = podCondition(before, 'Ready');
  const b = podCondition(after, 'Ready');
  return a?.status === b?.status && a?.lastTransitionTime === b?.lastTransitionTime;
}

/** Shared as long as nobody wrote them. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || semanticDeepEqual(a, b);
}
