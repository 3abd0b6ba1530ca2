// When a Job is due: changes of pods are batched for a second, of the Job itself looked at once, failures tried again ever later.
// Behaviour: pkg/controller/job/job_controller.go (enqueueSyncJob…), client-go/util/workqueue, Kubernetes v1.36.3.

export const BATCH_PERIOD = 1000;
const MAX_RETRY = 60_000;

export class JobQueue {
  readonly #due = new Map<string, number>();
  readonly #failures = new Map<string, number>();

  /** The earliest time that was asked for counts, as in a delaying work queue. */
  add(key: string, at: number): void {
    const known = this.#due.get(key);
    if (known === undefined || at < known) this.#due.set(key, at);
  }

  /** Whether the key is due; then it is no longer waiting. */
  take(key: string, now: number): boolean {
    const at = this.#due.get(key);
    if (at === undefined || at > now) return false;
    this.#due.delete(key);
    return true;
  }

  /** Milliseconds until the key is due; undefined when it does not wait. */
  wait(key: string, now: number): number | undefined {
    const at = this.#due.get(key);
    return at === undefined ? undefined : Math.max(at - now, 0);
  }

  retry(key: string, now: number): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.add(key, now + Math.min(BATCH_PERIOD * 2 ** failures, MAX_RETRY));
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
