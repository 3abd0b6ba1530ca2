// Counts finished pods exactly once: their uid goes into the status, then their finalizer away, then the uid becomes a number.
// Behaviour: pkg/controller/job/job_controller.go (trackJobStatusAndRemoveFinalizers), Kubernetes v1.36.3.
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { RefusedRequest, type SyncError } from '../pod-control/refused-request.ts';
import {
  COMPLETE,
  ensureCondition,
  FAILED,
  FAILURE_TARGET,
  restated,
  SUCCESS_CRITERIA_MET,
  trueCondition,
} from './conditions.ts';
import { countIndexes, formatIndexes, hasIndex, withIndexes } from './indexes.ts';
import {
  byCompletionIndex,
  completionIndex,
  hasTrackingFinalizer,
  isIndexedJob,
  isPodFailed,
  validIndex,
  withoutTrackingFinalizer,
} from './job-pods.ts';
import type { JobSync } from './job-sync.ts';
import { matchPodFailurePolicy } from './pod-failure-policy.ts';

const MAX_UNCOUNTED_PODS = 500;

/** `isDirty`: the counters changed already. `saved` is called once what the sync found out is in the store. */
export function trackPods(sync: JobSync, isDirty: boolean, saved: () => void): void {
  const tracked = new Set(sync.pods.filter(hasTrackingFinalizer).map(({ metadata }) => metadata.uid ?? ''));
  let mustFlush = settleCounted(sync, tracked) || isDirty;
  const finished = collectFinished(sync);
  mustFlush = finished.hasNews || mustFlush;
  if (isIndexedJob(sync.job)) mustFlush = updateIndexes(sync, finished.succeededIndexes) || mustFlush;
  mustFlush = announceEnd(sync) || mustFlush;

  if (mustFlush) {
    sync.flush();
    saved();
  }
  const error = removeFinalizers(sync, finished.pods, tracked);
  mustFlush = settleCounted(sync, tracked);
  if (error) {
    if (mustFlush) sync.flush();
    throw error;
  }
  const hasEnded = !finished.isCutShort && enactEnd(sync);
  if (mustFlush || hasEnded) sync.flush();
  if (hasEnded) tellEnd(sync);
}

interface Finished {
  /** Pods whose finalizer may go. */
  readonly pods: readonly Pod[];
  readonly succeededIndexes: readonly number[];
  readonly hasNews: boolean;
  /** There are more than one sync may count. */
  readonly isCutShort: boolean;
}

function collectFinished(sync: JobSync): Finished {
  const { job, counters } = sync;
  const isIndexed = isIndexedJob(job);
  const pods = isIndexed ? sync.pods.toSorted(byCompletionIndex) : sync.pods;
  const done: Pod[] = [];
  const succeededIndexes: number[] = [];
  const succeeded = [...counters.uncounted.succeeded];
  const failed = [...counters.uncounted.failed];
  let hasNews = false;
  let isCutShort = false;
  for (const pod of pods) {
    const { uid = '' } = pod.metadata;
    if (!hasTrackingFinalizer(pod) || !canRemoveFinalizer(sync, pod)) continue;
    done.push(pod);
    if (pod.status.phase === 'Succeeded' && !sync.uncounted.failed.has(uid)) {
      const index = validIndex(pod, job);
      if (isIndexed && index !== undefined && !hasIndex(sync.previouslySucceeded, index)) {
        succeededIndexes.push(index);
        hasNews = true;
      } else if (!isIndexed && !sync.uncounted.succeeded.has(uid)) {
        succeeded.push(uid);
        hasNews = true;
      }
    } else if (countsAsFailed(sync, pod)) {
      failed.push(uid);
      hasNews = true;
    }
    isCutShort = succeededIndexes.length + succeeded.length + failed.length >= MAX_UNCOUNTED_PODS;
    if (isCutShort) break;
  }
  counters.uncounted = { succeeded, failed };
  return { pods: done, succeededIndexes, hasNews, isCutShort };
}

function canRemoveFinalizer({ job, finished, delayedPods }: JobSync, pod: Pod): boolean {
  if (job.metadata.deletionTimestamp !== undefined || finished || pod.status.phase === 'Succeeded') return true;
  if (!isPodFailed(pod, job)) return false;
  const index = completionIndex(pod);
  return index === undefined || delayedPods.get(index)?.metadata.uid !== pod.metadata.uid;
}

/** When the Job fails, every pod that has not finished counts as failed. */
function countsAsFailed({ job, finished, uncounted }: JobSync, pod: Pod): boolean {
  const isFailing = finished !== undefined && finished.type !== SUCCESS_CRITERIA_MET;
  if (!isPodFailed(pod, job) && !isFailing) return false;
  if (uncounted.failed.has(pod.metadata.uid ?? '')) return false;
  if (isIndexedJob(job) && validIndex(pod, job) === undefined) return false;
  return matchPodFailurePolicy(job.spec.podFailurePolicy, pod).isCounted;
}

function updateIndexes(sync: JobSync, added: readonly number[]): boolean {
  const { counters } = sync;
  const succeeded = withIndexes(sync.succeededIndexes, added);
  const completedIndexes = formatIndexes(succeeded);
  const failedIndexes = sync.failedIndexes && formatIndexes(sync.failedIndexes);
  const isNews = completedIndexes !== counters.completedIndexes || failedIndexes !== counters.failedIndexes;
  Object.assign(counters, { succeeded: countIndexes(succeeded), completedIndexes, failedIndexes });
  return isNews;
}

/** First the condition that the Job is going to end, then, when all pods are counted, the one that it has. */
function announceEnd(sync: JobSync): boolean {
  const { finished, counters, context } = sync;
  if (finished?.type === FAILURE_TARGET) {
    counters.conditions = [...counters.conditions, finished];
    sync.finished = restated(finished, FAILED, context.now);
    return true;
  }
  if (finished?.type !== SUCCESS_CRITERIA_MET) return false;
  const isNews = trueCondition({ status: { conditions: counters.conditions } }, SUCCESS_CRITERIA_MET) === undefined;
  if (isNews) counters.conditions = [...counters.conditions, finished];
  sync.finished = restated(finished, COMPLETE, context.now);
  return isNews;
}

/** Turns uids into numbers for pods that are no longer tracked; whether there were any. */
function settleCounted({ counters }: JobSync, tracked: ReadonlySet<string>): boolean {
  const succeeded = counters.uncounted.succeeded.filter((uid) => tracked.has(uid));
  const failed = counters.uncounted.failed.filter((uid) => tracked.has(uid));
  const newlySucceeded = counters.uncounted.succeeded.length - succeeded.length;
  const newlyFailed = counters.uncounted.failed.length - failed.length;
  counters.succeeded += newlySucceeded;
  counters.failed += newlyFailed;
  counters.uncounted = { succeeded, failed };
  return newlySucceeded + newlyFailed > 0;
}

/** Takes what no longer has a finalizer out of `tracked`. */
function removeFinalizers({ context }: JobSync, pods: readonly Pod[], tracked: Set<string>): SyncError | undefined {
  let first: SyncError | undefined;
  for (const pod of pods) {
    const { namespace, name = '', uid = '' } = pod.metadata;
    const answer = context.client.patch('pods', { namespace, name }, withoutTrackingFinalizer(pod));
    if (answer.ok || answer.status.reason === 'NotFound') tracked.delete(uid);
    else first ??= new RefusedRequest(answer.status);
  }
  return first;
}

/** The Job has ended when every pod is counted and none is on its way out any more. */
function enactEnd(sync: JobSync): boolean {
  const { finished, counters } = sync;
  if (finished === undefined || sync.terminating > 0) return false;
  if (counters.uncounted.succeeded.length + counters.uncounted.failed.length > 0) return false;
  counters.conditions = ensureCondition(counters.conditions, finished);
  if (finished.type === COMPLETE) counters.completionTime = finished.lastTransitionTime;
  return true;
}

function tellEnd(sync: JobSync): void {
  const { finished, job } = sync;
  if (finished === undefined) return;
  if (finished.type !== COMPLETE) {
    sync.event('Warning', finished.reason ?? '', finished.message ?? '');
    return;
  }
  if (hasTooManySucceeded(job))
    sync.event('Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached');
  sync.event('Normal', 'Completed', 'Job completed');
}

function hasTooManySucceeded({ spec, status }: Job): boolean {
  return spec.completions !== undefined && (status.succeeded ?? 0) > spec.completions;
}
