// A pod in the scheduling queue with what is known from its earlier attempts.
// Behaviour: pkg/scheduler/framework/types.go (QueuedPodInfo), Kubernetes v1.36.3.
import type { PodInfo } from '../framework/pod-info.ts';

export class QueuedPod {
  podInfo: PodInfo;
  /** When it last came to the queue, milliseconds since the epoch. */
  timestamp: number;
  /** Tells pods apart that came in the same millisecond. */
  order: number;
  attempts = 0;
  /** Counts first attempts: pods of a group go on in the order in which they were tried first. */
  firstAttempt: number | undefined;
  /** What was said of its latest attempt that found no node. */
  lastFailure: string | undefined;
  /** Attempts that found no node; the back-off grows with it. */
  unschedulableCount = 0;
  /** Attempts in a row that failed for another reason. */
  consecutiveErrorsCount = 0;
  /** Plugins that rejected it: only what they wait for makes another try worthwhile. */
  unschedulablePlugins: ReadonlySet<string> = new Set();
  pendingPlugins: ReadonlySet<string> = new Set();
  /** The plugin that keeps it from being tried at all. */
  gatingPlugin: string | undefined;
  #backoffExpiration: number | undefined;

  constructor(podInfo: PodInfo, timestamp: number, order: number) {
    this.podInfo = podInfo;
    this.timestamp = timestamp;
    this.order = order;
  }

  /** Comes back to the queue after an attempt. */
  requeued(timestamp: number, order: number): void {
    this.timestamp = timestamp;
    this.order = order;
    this.#backoffExpiration = undefined;
  }

  /** End of the back-off, cut to the second so that pods of one second are ordered by priority; 0 without one. */
  backoffExpiration(initial: number, max: number): number {
    const count = this.consecutiveErrorsCount > 0 ? this.consecutiveErrorsCount : this.unschedulableCount;
    if (count === 0 || max === 0) return 0;
    return (this.#backoffExpiration ??= truncateToWindow(this.timestamp + Math.min(initial * 2 ** (count - 1), max)));
  }
}

const ORDERING_WINDOW = 1000;

export function truncateToWindow(time: number): number {
  return Math.floor(time / ORDERING_WINDOW) * ORDERING_WINDOW;
}
