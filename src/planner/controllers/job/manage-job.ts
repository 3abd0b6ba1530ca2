// Creates the pods that a Job lacks and deletes those that it has too many.
// Behaviour: pkg/controller/job/job_controller.go (manageJob, deleteActivePods), indexed_job_utils.go, Kubernetes v1.36.3.
import { newControllerRef } from '../../../apimachinery/owner-references.ts';
import { JOB_COMPLETION_INDEX } from '../../../apimachinery/well-known/annotations.ts';
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import type { Container, Pod, PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import { compareActivePods } from '../pod-control/deletion-ranking.ts';
import { createPod, deletePod, errorOf, podFromTemplate, slowStartBatch } from '../pod-control/pod-control.ts';
import { isPodReady, isPodTerminating } from '../pod-control/pod-state.ts';
import { isNamespaceTerminatingError, SyncError } from '../pod-control/refused-request.ts';
import { remainingBackoff, remainingBackoffOfIndex } from './backoff.ts';
import { firstMissing, NO_INDEXES, union, withIndexes } from './indexes.ts';
import {
  byCompletionIndex,
  completionIndex,
  INDEX_FAILURE_COUNT,
  INDEX_IGNORED_FAILURE_COUNT,
  indexFailureCount,
  indexIgnoredFailureCount,
  isIndexedJob,
  isJobSuspended,
  JOB_KIND,
  replacesOnlyFailedPods,
  TRACKING_FINALIZER,
  withoutTrackingFinalizer,
} from './job-pods.ts';
import type { JobSync } from './job-sync.ts';
import { matchPodFailurePolicy } from './pod-failure-policy.ts';

/** Pods that one sync creates or deletes at most. */
const MAX_PODS_PER_SYNC = 500;
/** Syncs that are put off are put off at least so long. */
const BATCH_PERIOD = 1000;
const MAX_GENERATED_NAME_BASE = 58;
const COMPLETION_INDEX_ENV = 'JOB_COMPLETION_INDEX';

/** Brings the active pods to the number wanted; gives the first error. */
export function manageJob(sync: JobSync): SyncError | undefined {
  const { job, active } = sync;
  if (isJobSuspended(job)) return deleteUncounted(sync, podsForRemoval(job, active, active.length));
  const wanted = wantedActive(sync);
  const surplus = podsForRemoval(job, active, Math.max(active.length - wanted, 0)).slice(0, MAX_PODS_PER_SYNC);
  if (surplus.length > 0) return deleteUncounted(sync, surplus);
  const terminating = replacesOnlyFailedPods(job) ? sync.terminating : 0;
  const missing = wanted - terminating - active.length;
  return missing > 0 ? createMissing(sync, Math.min(missing, MAX_PODS_PER_SYNC)) : undefined;
}

/** Without completions a Job starts no more pods once one has succeeded. */
function wantedActive({ job, active, succeeded }: JobSync): number {
  const { parallelism = 0, completions } = job.spec;
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(Math.min(completions - succeeded, parallelism), 0);
}

/** Deletes the active pods of a Job that ends; true when all of them went. */
export function deleteActivePods(sync: JobSync): { readonly isDone: boolean; readonly error: SyncError | undefined } {
  const { deleted, error } = deletePods(sync, sync.active, (pod) => void deletePod(pod, sync.job, sync.context));
  return { isDone: deleted === sync.active.length, error };
}

/** Pods that are not wanted any more must not count as failed: their finalizer goes first. */
function deleteUncounted(sync: JobSync, pods: readonly Pod[]): SyncError | undefined {
  const { client } = sync.context;
  return deletePods(sync, pods, (pod) => {
    const patch = withoutTrackingFinalizer(pod);
    const { namespace, name = '' } = pod.metadata;
    if (patch) {
      const answer = client.patch('pods', { namespace, name }, patch);
      if (!answer.ok && answer.status.reason === 'NotFound') return;
      if (!answer.ok) throw new SyncError(`removing completion finalizer: ${answer.status.message}`);
    }
    deletePod(pod, sync.job, sync.context);
  }).error;
}

function deletePods(
  sync: JobSync,
  pods: readonly Pod[],
  remove: (pod: Pod) => void,
): { readonly deleted: number; readonly error: SyncError | undefined } {
  let deleted = 0;
  let first: SyncError | undefined;
  for (const pod of pods) {
    const error = errorOf(() => remove(pod));
    first ??= error;
    if (error === undefined) deleted += 1;
    if (isPodReady(pod)) sync.ready -= 1;
  }
  sync.activeCount -= deleted;
  sync.terminating += deleted;
  return { deleted, error: first };
}

function createMissing(sync: JobSync, count: number): SyncError | undefined {
  const { job, context } = sync;
  const isPerIndex = job.spec.backoffLimitPerIndex !== undefined;
  const remaining = isPerIndex ? 0 : remainingBackoff(sync.backoff, context.now);
  if (remaining > 0) {
    sync.lookAgainIn(Math.max(remaining, BATCH_PERIOD));
    return undefined;
  }
  const template = inGroup(podTemplate(job), sync.podGroup);
  if (!isIndexedJob(job))
    return createPods(
      sync,
      Array.from({ length: count }, () => podOf(job, template)),
    );
  const pending = pendingIndexes(sync, count);
  const indexes = isPerIndex ? indexesPastBackoff(sync, pending) : pending;
  return createPods(
    sync,
    indexes.map((index) => indexedPodOf(sync, template, index)),
  );
}

function createPods(sync: JobSync, pods: readonly Pod[]): SyncError | undefined {
  let refused = 0;
  const { successes, error } = slowStartBatch(pods.length, (i) => {
    const pod = pods[i];
    const failure = pod && errorOf(() => void createPod(pod, sync.job, sync.context));
    if (failure === undefined || isNamespaceTerminatingError(failure)) return;
    refused += 1;
    throw failure;
  });
  sync.activeCount += successes;
  return refused > 0 ? error : undefined;
}

/** The lowest indexes without a pod that runs, has succeeded or has failed for good. */
function pendingIndexes(sync: JobSync, count: number): readonly number[] {
  const { job, active, pods } = sync;
  let taken = withIndexes(sync.succeededIndexes, indexesOf(active));
  if (replacesOnlyFailedPods(job)) taken = withIndexes(taken, indexesOf(pods.filter(isPodTerminating)));
  return firstMissing(union(taken, sync.failedIndexes ?? NO_INDEXES), count, job.spec.completions ?? 0);
}

export function indexesOf(pods: readonly Pod[]): readonly number[] {
  return pods.map(completionIndex).filter((index) => index !== undefined);
}

/** Those whose own back-off is over; when none is, the Job is looked at again at the first end. */
function indexesPastBackoff(sync: JobSync, pending: readonly number[]): readonly number[] {
  const waits = pending.map((index) => ({
    index,
    wait: remainingBackoffOfIndex(sync.delayedPods.get(index), sync.context.now),
  }));
  const due = waits.filter(({ wait }) => wait === 0);
  if (due.length === 0 && waits.length > 0)
    sync.lookAgainIn(Math.max(Math.min(...waits.map(({ wait }) => wait)), BATCH_PERIOD));
  return due.map(({ index }) => index);
}

function podTemplate(job: Job): PodTemplateSpec {
  const { template } = job.spec;
  const { finalizers = [] } = template.metadata;
  const tracked = finalizers.includes(TRACKING_FINALIZER) ? finalizers : [...finalizers, TRACKING_FINALIZER];
  const metadata = { ...template.metadata, finalizers: tracked };
  if (!isIndexedJob(job)) return { ...template, metadata };
  const { initContainers, containers } = template.spec;
  return {
    metadata,
    spec: {
      ...template.spec,
      ...(initContainers ? { initContainers: initContainers.map(withCompletionIndexEnv) } : {}),
      ...(containers ? { containers: containers.map(withCompletionIndexEnv) } : {}),
    },
  };
}

function inGroup(template: PodTemplateSpec, podGroupName: string | undefined): PodTemplateSpec {
  if (podGroupName === undefined) return template;
  return { ...template, spec: { ...template.spec, schedulingGroup: { podGroupName } } };
}

function withCompletionIndexEnv(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === COMPLETION_INDEX_ENV)) return container;
  const fieldPath = `metadata.labels['${JOB_COMPLETION_INDEX}']`;
  return { ...container, env: [...env, { name: COMPLETION_INDEX_ENV, valueFrom: { fieldRef: { fieldPath } } }] };
}

function podOf(job: Job, template: PodTemplateSpec): Pod {
  return podFromTemplate(template, job, newControllerRef(job, JOB_KIND));
}

function indexedPodOf(sync: JobSync, template: PodTemplateSpec, index: number): Pod {
  const { job } = sync;
  const { metadata, spec } = template;
  const name = job.metadata.name ?? '';
  const pod = podOf(job, {
    metadata: {
      ...metadata,
      annotations: {
        ...metadata.annotations,
        [JOB_COMPLETION_INDEX]: String(index),
        ...(job.spec.backoffLimitPerIndex === undefined ? {} : failureAnnotations(job, sync.delayedPods.get(index))),
      },
      labels: { ...metadata.labels, [JOB_COMPLETION_INDEX]: String(index) },
    },
    spec: { ...spec, hostname: `${name}-${index}` },
  });
  return { ...pod, metadata: { ...pod.metadata, generateName: generateNameOf(name, index) } };
}

function generateNameOf(job: string, index: number): string {
  const suffix = `-${index}-`;
  const whole = job + suffix;
  return whole.length <= MAX_GENERATED_NAME_BASE
    ? whole
    : whole.slice(0, MAX_GENERATED_NAME_BASE - suffix.length) + suffix;
}

/** A pod that replaces another goes on counting the failures of its index. */
function failureAnnotations(job: Job, replaced: Pod | undefined): Readonly<Record<string, string>> {
  if (replaced === undefined) return { [INDEX_FAILURE_COUNT]: '0' };
  const { isCounted } = matchPodFailurePolicy(job.spec.podFailurePolicy, replaced);
  const ignored = indexIgnoredFailureCount(replaced) + (isCounted ? 0 : 1);
  return {
    [INDEX_FAILURE_COUNT]: String(indexFailureCount(replaced) + (isCounted ? 1 : 0)),
    ...(ignored > 0 ? { [INDEX_IGNORED_FAILURE_COUNT]: String(ignored) } : {}),
  };
}

/** Pods to delete: at least so many, and in any case those without an index of their own. */
function podsForRemoval(job: Job, pods: readonly Pod[], atLeast: number): readonly Pod[] {
  const { surplus, left } = isIndexedJob(job)
    ? withoutDuplicates(pods, job.spec.completions ?? 0)
    : { surplus: [], left: pods };
  const more = atLeast - surplus.length;
  return more > 0 ? [...surplus, ...left.toSorted(compareActivePods).slice(0, more)] : surplus;
}

/** Of several pods with one index the one that got furthest stays. */
function withoutDuplicates(
  pods: readonly Pod[],
  completions: number,
): { surplus: readonly Pod[]; left: readonly Pod[] } {
  const byIndex = new Map<number | undefined, Pod[]>();
  for (const pod of pods.toSorted(byCompletionIndex)) {
    const index = completionIndex(pod);
    byIndex.set(index, [...(byIndex.get(index) ?? []), pod]);
  }
  const surplus: Pod[] = [];
  const left: Pod[] = [];
  for (const [index, group] of byIndex) {
    if (index === undefined || index >= completions) {
      surplus.push(...group);
      continue;
    }
    const ranked = group.sort(compareActivePods);
    surplus.push(...ranked.slice(0, -1));
    left.push(...ranked.slice(-1));
  }
  return { surplus, left };
}
