// How long a Job waits before it replaces failed pods: 10 s after a failure, doubling to 10 minutes, forgotten after a success.
// Behaviour: pkg/controller/job/backoff_utils.go, Kubernetes v1.36.3.
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { finishedAt, indexFailureCount, indexIgnoredFailureCount } from './job-pods.ts';

const INITIAL = 10_000;
const MAXIMUM = 10 * 60_000;

export interface BackoffRecord {
  readonly failures: number;
  readonly lastFailure?: number;
}

export const NO_FAILURES: BackoffRecord = { failures: 0 };

/** The record with the pods that finished since; only failures after the last success stay. */
export function nextBackoff(before: BackoffRecord, succeeded: readonly Pod[], failed: readonly Pod[]): BackoffRecord {
  const failures = failed.map(finishedAt);
  if (succeeded.length === 0) {
    if (failures.length === 0) return before;
    return { failures: before.failures + failures.length, lastFailure: Math.max(...failures) };
  }
  const lastSuccess = Math.max(...succeeded.map(finishedAt));
  const later = failures.filter((time) => time > lastSuccess);
  return later.length === 0 ? NO_FAILURES : { failures: later.length, lastFailure: Math.max(...later) };
}

/** Milliseconds that are left; 0 when it is over. */
export function remainingBackoff({ failures, lastFailure = 0 }: BackoffRecord, now: number): number {
  if (failures === 0) return 0;
  // Beyond 2^6 the maximum is reached anyway.
  const delay = Math.min(INITIAL * 2 ** Math.min(failures - 1, 10), MAXIMUM);
  return Math.max(delay - (now - lastFailure), 0);
}

/** The same for one index, from the pod that failed last. */
export function remainingBackoffOfIndex(lastFailed: Pod | undefined, now: number): number {
  if (lastFailed === undefined) return 0;
  const failures = indexFailureCount(lastFailed) + indexIgnoredFailureCount(lastFailed) + 1;
  return remainingBackoff({ failures, lastFailure: finishedAt(lastFailed) }, now);
}
