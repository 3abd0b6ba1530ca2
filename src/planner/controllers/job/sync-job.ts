// Decides in each sync whether a Job has failed, succeeded or goes on, and takes the next step.
// Behaviour: pkg/controller/job/job_controller.go (syncJob), Kubernetes v1.36.3.
import { formatTime, parseTime } from '../../../apimachinery/time/time.ts';
import type { Job, JobCondition } from '../../../schema/generated/types/batch-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import type { SyncError } from '../pod-control/refused-request.ts';
import type { BackoffRecord } from './backoff.ts';
import {
  completionsReached,
  ensureCondition,
  FAILED,
  FAILURE_TARGET,
  failureTarget,
  newCondition,
  restated,
  SUCCESS_CRITERIA_MET,
  SUSPENDED,
  trueCondition,
} from './conditions.ts';
import { countIndexes, hasIndex, NO_INDEXES, parseIndexes, withIndexes } from './indexes.ts';
import {
  completionIndex,
  finishedAt,
  hasTrackingFinalizer,
  indexFailureCount,
  indexIgnoredFailureCount,
  isIndexedJob,
  isJobSuspended,
  isPodFailed,
  validIndex,
} from './job-pods.ts';
import { JobSync } from './job-sync.ts';
import { deleteActivePods, indexesOf, manageJob } from './manage-job.ts';
import { matchPodFailurePolicy } from './pod-failure-policy.ts';
import { matchSuccessPolicy } from './success-policy.ts';
import { trackPods } from './track-pods.ts';

const BACKOFF_LIMIT_EXCEEDED = 'Job has reached the specified backoff limit';
const DEADLINE_EXCEEDED = 'Job was active longer than specified deadline';
const MAX_FAILED_INDEXES_EXCEEDED = 'Job has exceeded the specified maximal number of failed indexes';
const FAILED_INDEXES = 'Job has failed indexes';

interface JobOutcome {
  /** Milliseconds until the next look. */
  readonly requeueAfter: number | undefined;
  /** What went wrong with the pods; the status is written all the same. */
  readonly error: SyncError | undefined;
}

interface JobWithPods {
  readonly job: Job;
  readonly pods: readonly Pod[];
  /** Name of the PodGroup that new pods join. */
  readonly podGroup?: string | undefined;
}

/** `remember` takes the back-off record once the failures that it counts are in the store. */
export function syncJob(
  { job, pods, podGroup }: JobWithPods,
  backoff: BackoffRecord | undefined,
  context: SyncContext,
  remember: (record: BackoffRecord) => void,
): JobOutcome {
  const sync = new JobSync(job, pods, backoff, context, podGroup);
  sync.finished = endAlreadyDecided(sync) ?? exceededLimit(sync);
  if (isIndexedJob(job)) evaluateIndexes(sync);

  const before = { ...sync.counters };
  const error = sync.finished ? stopPods(sync) : startPods(sync);
  const { counters } = sync;
  const hasSuspendChanged = counters.conditions !== before.conditions;
  Object.assign(counters, { active: sync.activeCount, ready: sync.ready, terminating: sync.terminating });
  const isDirty =
    hasSuspendChanged ||
    counters.active !== before.active ||
    counters.ready !== before.ready ||
    counters.terminating !== before.terminating;
  trackPods(sync, isDirty, () => remember(sync.backoff));
  return { requeueAfter: sync.requeueAfter, error };
}

/** What an earlier sync announced, or what the failure policy says about a pod. */
function endAlreadyDecided({ job, pods, context }: JobSync): JobCondition | undefined {
  const success = trueCondition(job, SUCCESS_CRITERIA_MET);
  if (success) return success;
  const failure = trueCondition(job, FAILURE_TARGET);
  if (failure) return restated(failure, FAILED, context.now);
  const { podFailurePolicy } = job.spec;
  if (!podFailurePolicy) return undefined;
  for (const pod of pods) {
    const { jobFailure } = isPodFailed(pod, job) ? matchPodFailurePolicy(podFailurePolicy, pod) : {};
    if (jobFailure !== undefined) return failureTarget('PodFailurePolicy', jobFailure, context.now);
  }
  return undefined;
}

function exceededLimit(sync: JobSync): JobCondition | undefined {
  const { job, pods, context, counters, failed } = sync;
  const { activeDeadlineSeconds, backoffLimit = 0 } = job.spec;
  if (failed > backoffLimit || isPastBackoffLimitOnFailure(job, pods))
    return failureTarget('BackoffLimitExceeded', BACKOFF_LIMIT_EXCEEDED, context.now);
  if (activeDeadlineSeconds === undefined || isJobSuspended(job) || counters.startTime === undefined) return undefined;
  const left = activeDeadlineSeconds * 1000 - (context.now - (parseTime(counters.startTime) ?? 0));
  if (left <= 0) return failureTarget('DeadlineExceeded', DEADLINE_EXCEEDED, context.now);
  sync.lookAgainIn(left);
  return undefined;
}

/** Containers that restart in place count as well. */
function isPastBackoffLimitOnFailure({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue;
    for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
      restarts += restartCount;
  }
  return spec.backoffLimit === 0 ? restarts > 0 : restarts >= (spec.backoffLimit ?? 0);
}

function evaluateIndexes(sync: JobSync): void {
  const { job, pods, context } = sync;
  const { completions = 0, backoffLimitPerIndex, maxFailedIndexes, successPolicy } = job.spec;
  const tracked = pods.filter(hasTrackingFinalizer);
  const indexes = (wanted: readonly Pod[]): readonly number[] =>
    wanted.map((pod) => validIndex(pod, job)).filter((index) => index !== undefined);

  sync.previouslySucceeded = parseIndexes(job.status.completedIndexes ?? '', completions);
  sync.succeededIndexes = withIndexes(
    sync.previouslySucceeded,
    indexes(tracked.filter(({ status }) => status.phase === 'Succeeded')),
  );
  sync.succeeded = countIndexes(sync.succeededIndexes);
  if (backoffLimitPerIndex !== undefined) {
    const failed = withIndexes(
      parseIndexes(job.status.failedIndexes ?? '', completions),
      indexes(tracked.filter((pod) => isIndexFailed(pod, job))),
    );
    sync.failedIndexes = failed;
    const count = countIndexes(failed);
    if (maxFailedIndexes !== undefined && count > maxFailedIndexes)
      sync.finished ??= failureTarget('MaxFailedIndexesExceeded', MAX_FAILED_INDEXES_EXCEEDED, context.now);
    else if (count > 0 && count + sync.succeeded >= completions)
      sync.finished ??= failureTarget('FailedIndexes', FAILED_INDEXES, context.now);
    sync.delayedPods = podsWithDelayedDeletion(sync);
  }
  const rule = sync.finished ? undefined : matchSuccessPolicy(successPolicy, completions, sync.succeededIndexes);
  if (rule !== undefined)
    sync.finished = newCondition(SUCCESS_CRITERIA_MET, 'True', 'SuccessPolicy', rule, context.now);
}

function isIndexFailed(pod: Pod, job: Job): boolean {
  if (!isPodFailed(pod, job)) return false;
  const { isCounted, failsIndex } = matchPodFailurePolicy(job.spec.podFailurePolicy, pod);
  return failsIndex === true || (isCounted && indexFailureCount(pod) >= (job.spec.backoffLimitPerIndex ?? 0));
}

/** The last failed pod of each index that is to be tried again tells its successor how often the index has failed. */
function podsWithDelayedDeletion(sync: JobSync): ReadonlyMap<number, Pod> {
  const { job } = sync;
  const settled = withIndexes(sync.succeededIndexes, indexesOf(sync.active));
  const latest = new Map<number, Pod>();
  for (const pod of sync.trackedPods()) {
    const index = completionIndex(pod);
    if (index === undefined || !isPodFailed(pod, job)) continue;
    if (hasIndex(settled, index) || hasIndex(sync.failedIndexes ?? NO_INDEXES, index)) continue;
    const known = latest.get(index);
    const isLater = !known || (failures(known) <= failures(pod) && finishedAt(pod) >= finishedAt(known));
    if (isLater) latest.set(index, pod);
  }
  return latest;
}

function failures(pod: Pod): number {
  return indexFailureCount(pod) + indexIgnoredFailureCount(pod);
}

/** The end waits until all active pods could be deleted. */
function stopPods(sync: JobSync): SyncError | undefined {
  const { isDone, error } = deleteActivePods(sync);
  if (!isDone) sync.finished = undefined;
  return error;
}

function startPods(sync: JobSync): SyncError | undefined {
  const { job, context } = sync;
  const isManaged = job.metadata.deletionTimestamp === undefined;
  const error = isManaged ? manageJob(sync) : undefined;
  const { completions } = job.spec;
  const isComplete = completions === undefined ? sync.succeeded > 0 : sync.succeeded >= completions;
  if (isComplete && sync.activeCount === 0) sync.finished = completionsReached(context.now);
  else if (isManaged) syncSuspended(sync);
  return error;
}

function syncSuspended(sync: JobSync): void {
  const { job, counters, context } = sync;
  const isSuspended = isJobSuspended(job);
  const wanted = isSuspended
    ? newCondition(SUSPENDED, 'True', 'JobSuspended', 'Job suspended', context.now)
    : newCondition(SUSPENDED, 'False', 'JobResumed', 'Job resumed', context.now);
  const conditions = ensureCondition(counters.conditions, wanted);
  if (conditions === counters.conditions) return;
  counters.conditions = conditions;
  counters.startTime = isSuspended ? undefined : formatTime(context.now);
  sync.event('Normal', isSuspended ? 'Suspended' : 'Resumed', wanted.message ?? '');
}
