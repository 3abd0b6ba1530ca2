// What a Job asks of a pod: its index, its tracking finalizer, whether it counts as failed and when it finished.
// Behaviour: pkg/controller/job/{job_controller,indexed_job_utils,backoff_utils,tracking_utils}.go, Kubernetes v1.36.3.
import { MAX_INT32 } from '../../../apimachinery/go/integer-limits.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import { JOB_COMPLETION_INDEX } from '../../../apimachinery/well-known/annotations.ts';
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import type { ContainerStatus, Pod } from '../../../schema/generated/types/core-v1.ts';
import { isSidecar, podCondition } from '../pod-control/pod-state.ts';
import { atoi } from './indexes.ts';

export const JOB_KIND = { group: 'batch', version: 'v1', kind: 'Job' };
export const TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';
export const INDEX_FAILURE_COUNT = 'batch.kubernetes.io/job-index-failure-count';
export const INDEX_IGNORED_FAILURE_COUNT = 'batch.kubernetes.io/job-index-ignored-failure-count';

export function isIndexedJob({ spec }: Job): boolean {
  return spec.completionMode === 'Indexed';
}

export function isJobSuspended({ spec }: Job): boolean {
  return spec.suspend === true;
}

export function isJobFinished({ status }: Job): boolean {
  return status.conditions?.some((c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True') ?? false;
}

/** Pods on their way out are waited for: only a failed one is replaced. */
export function replacesOnlyFailedPods({ spec }: Job): boolean {
  return spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;
}

export function hasTrackingFinalizer({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;
}

/** The patch that takes the finalizer off; undefined when the pod has none. */
export function withoutTrackingFinalizer(pod: Pod): object | undefined {
  if (!hasTrackingFinalizer(pod)) return undefined;
  return { metadata: { '$deleteFromPrimitiveList/finalizers': [TRACKING_FINALIZER] } };
}

export function isPodFailed({ metadata, status }: Pod, job: Job): boolean {
  if (status.phase === 'Failed') return true;
  if (replacesOnlyFailedPods(job)) return false;
  return metadata.deletionTimestamp !== undefined && status.phase !== 'Succeeded';
}

/** Undefined when the pod has none or it does not read. */
export function completionIndex({ metadata }: Pod): number | undefined {
  const index = atoi(metadata.annotations?.[JOB_COMPLETION_INDEX] ?? '');
  return index === undefined || index < 0 ? undefined : index;
}

/** The index, if it is one that the Job still has. */
export function validIndex(pod: Pod, { spec }: Job): number | undefined {
  const index = completionIndex(pod);
  return index !== undefined && index < (spec.completions ?? 0) ? index : undefined;
}

/** By index, pods without one first. */
export function byCompletionIndex(a: Pod, b: Pod): number {
  return (completionIndex(a) ?? -1) - (completionIndex(b) ?? -1);
}

export function indexFailureCount(pod: Pod): number {
  return countAnnotation(pod, INDEX_FAILURE_COUNT);
}

export function indexIgnoredFailureCount(pod: Pod): number {
  return countAnnotation(pod, INDEX_IGNORED_FAILURE_COUNT);
}

function countAnnotation({ metadata }: Pod, key: string): number {
  const count = atoi(metadata.annotations?.[key] ?? '') ?? 0;
  return count < 0 || count > MAX_INT32 ? 0 : count;
}

/** When the containers ended, else since when the pod is not ready, else when it was deleted or created. Milliseconds. */
export function finishedAt(pod: Pod): number {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp = '' } = pod.metadata;
  const containers = containersFinishedAt(pod);
  if (containers !== undefined) return containers;
  const ready = podCondition(pod, 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime !== undefined)
    return parseTime(ready.lastTransitionTime) ?? 0;
  if (deletionTimestamp !== undefined) return (parseTime(deletionTimestamp) ?? 0) - deletionGracePeriodSeconds * 1000;
  return parseTime(creationTimestamp) ?? 0;
}

/** Undefined when one of them still runs; then the sidecars decide alone. */
function containersFinishedAt(pod: Pod): number | undefined {
  const { status } = pod;
  const regular = latest(undefined, status.containerStatuses ?? []);
  return latest(
    regular,
    (status.initContainerStatuses ?? []).filter(({ name }) => isSidecar(pod, name)),
  );
}

function latest(before: number | undefined, statuses: readonly ContainerStatus[]): number | undefined {
  let time = before;
  for (const { state } of statuses) {
    const end = state.terminated?.finishedAt;
    if (end === undefined) return undefined;
    time = Math.max(time ?? Number.NEGATIVE_INFINITY, parseTime(end) ?? 0);
  }
  return time;
}
