// When keys of a controller are due that are not looked at as soon as something happens.
// Behaviour: client-go/util/workqueue (delaying_queue, the exponential failure rate limiter), Kubernetes v1.36.3.
import type { SyncResult } from '../../engine/controller.ts';

interface Due {
  readonly at: number;
  readonly routine: boolean;
}

interface RetryDelays {
  readonly first: number;
  readonly most: number;
}

export class DelayingQueue {
  readonly #due = new Map<string, Due>();
  readonly #failures = new Map<string, number>();
  readonly #delays: RetryDelays;

  constructor(delays: RetryDelays) {
    this.#delays = delays;
  }

  /** The earliest time that was asked for counts; a routine look does not keep a cluster from settling. */
  add(key: string, at: number, routine = false): void {
    const known = this.#due.get(key);
    if (known === undefined || at < known.at || (at === known.at && known.routine)) this.#due.set(key, { at, routine });
  }

  /** Whether the key is due; then it no longer waits. */
  take(key: string, now: number): boolean {
    const due = this.#due.get(key);
    if (due === undefined || due.at > now) return false;
    this.#due.delete(key);
    return true;
  }

  /** What a sync answers so that the key is looked at when it is due. */
  next(key: string, now: number): SyncResult | undefined {
    const due = this.#due.get(key);
    return due && { requeueAfter: Math.max(due.at - now, 0), routine: due.routine };
  }

  /** Tries again, each time after twice the delay; routine, for what was refused stays so until something else changes. */
  retry(key: string, now: number): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.add(key, now + Math.min(this.#delays.first * 2 ** failures, this.#delays.most), true);
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
