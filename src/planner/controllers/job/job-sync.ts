// One sync of a Job: what it has found out so far, and the status that it is about to write.
// Behaviour: syncJobCtx in pkg/controller/job/job_controller.go, Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { Job, JobCondition, JobStatus } from '../../../schema/generated/types/batch-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { omitEmpty } from '../pod-control/omit-empty.ts';
import { isPodActive, isPodReady, isPodTerminating } from '../pod-control/pod-state.ts';
import { accepted } from '../pod-control/refused-request.ts';
import { type BackoffRecord, NO_FAILURES, nextBackoff } from './backoff.ts';
import { type Indexes, NO_INDEXES } from './indexes.ts';
import { hasTrackingFinalizer, isIndexedJob, isJobSuspended, isPodFailed, validIndex } from './job-pods.ts';
import { matchPodFailurePolicy } from './pod-failure-policy.ts';

/** The fields of the status that the controller changes, all present. */
interface JobCounters {
  conditions: readonly JobCondition[];
  startTime: string | undefined;
  completionTime: string | undefined;
  active: number;
  ready: number | undefined;
  terminating: number | undefined;
  succeeded: number;
  failed: number;
  completedIndexes: string;
  failedIndexes: string | undefined;
  uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
}

export class JobSync {
  readonly context: SyncContext;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly counters: JobCounters;
  /** As of the start of the sync. */
  readonly uncounted: { readonly succeeded: ReadonlySet<string>; readonly failed: ReadonlySet<string> };
  readonly backoff: BackoffRecord;
  /** Pods that are active, ready and terminating once the requests of this sync are carried out. */
  activeCount: number;
  ready: number;
  terminating: number;
  /** Succeeded pods, or succeeded indexes of an Indexed Job; and failed pods that count. */
  succeeded: number;
  readonly failed: number;
  /** Why the Job is about to end. */
  finished: JobCondition | undefined;
  previouslySucceeded: Indexes = NO_INDEXES;
  succeededIndexes: Indexes = NO_INDEXES;
  /** Of a Job with a back-off limit per index. */
  failedIndexes: Indexes | undefined;
  /** The pod that failed last of each index that waits for a new one: it keeps its finalizer until then. */
  delayedPods: ReadonlyMap<number, Pod> = new Map();
  /** When the Job is to be looked at again although nothing changes, milliseconds from now. */
  requeueAfter: number | undefined;
  /** Name of the PodGroup that new pods join. */
  readonly podGroup: string | undefined;
  #job: Job;

  constructor(
    job: Job,
    pods: readonly Pod[],
    backoff: BackoffRecord | undefined,
    context: SyncContext,
    podGroup?: string,
  ) {
    this.#job = job;
    this.podGroup = podGroup;
    this.context = context;
    this.pods = pods;
    this.active = pods.filter(isPodActive);
    this.activeCount = this.active.length;
    this.ready = this.active.filter(isPodReady).length;
    this.terminating = pods.filter(isPodTerminating).length;
    this.counters = countersOf(job.status);
    this.uncounted = {
      succeeded: new Set(this.counters.uncounted.succeeded),
      failed: new Set(this.counters.uncounted.failed),
    };
    const newlySucceeded = this.#tracked(this.uncounted.succeeded).filter(({ status }) => status.phase === 'Succeeded');
    const newlyFailed = this.#tracked(this.uncounted.failed).filter((pod) => isPodFailed(pod, job));
    this.succeeded = this.counters.succeeded + newlySucceeded.length + this.uncounted.succeeded.size;
    this.failed =
      this.counters.failed +
      newlyFailed.filter((pod) => matchPodFailurePolicy(job.spec.podFailurePolicy, pod).isCounted).length +
      this.uncounted.failed.size;
    if (this.counters.startTime === undefined && !isJobSuspended(job))
      this.counters.startTime = formatTime(context.now);
    this.backoff = nextBackoff(backoff ?? NO_FAILURES, newlySucceeded, newlyFailed);
  }

  get job(): Job {
    return this.#job;
  }

  /** Pods that are still tracked and, of an Indexed Job, have an index that it knows. */
  trackedPods(): readonly Pod[] {
    return this.#tracked(NONE);
  }

  lookAgainIn(milliseconds: number): void {
    this.requeueAfter = Math.min(this.requeueAfter ?? Number.POSITIVE_INFINITY, milliseconds);
  }

  /** Writes the counters as they stand. */
  flush(): void {
    const status = statusOf(this.counters);
    this.#job = accepted(this.context.client.updateStatus('jobs.batch', { ...this.#job, status }));
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.recorder.event(this.#job, type, reason, message);
  }

  #tracked(known: ReadonlySet<string>): readonly Pod[] {
    const isIndexed = isIndexedJob(this.#job);
    return this.pods.filter(
      (pod) =>
        hasTrackingFinalizer(pod) &&
        !known.has(pod.metadata.uid ?? '') &&
        (!isIndexed || validIndex(pod, this.#job) !== undefined),
    );
  }
}

const NONE: ReadonlySet<string> = new Set();

function countersOf(status: JobStatus): JobCounters {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  return {
    conditions: status.conditions ?? [],
    startTime: status.startTime,
    completionTime: status.completionTime,
    active: status.active ?? 0,
    ready: status.ready,
    terminating: status.terminating,
    succeeded: status.succeeded ?? 0,
    failed: status.failed ?? 0,
    completedIndexes: status.completedIndexes ?? '',
    failedIndexes: status.failedIndexes,
    uncounted: { succeeded, failed },
  };
}

function statusOf(counters: JobCounters): JobStatus {
  const { ready, terminating, failedIndexes, uncounted, ...plain } = counters;
  return {
    ...omitEmpty(plain),
    ...(terminating === undefined ? {} : { terminating }),
    ...(failedIndexes === undefined ? {} : { failedIndexes }),
    uncountedTerminatedPods: omitEmpty(uncounted),
    ...(ready === undefined ? {} : { ready }),
  };
}
