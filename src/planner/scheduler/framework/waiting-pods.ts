// Pods that have a node and wait for a Permit plugin to let them go on to it.
// Behaviour: pkg/scheduler/framework/runtime/waiting_pods_map.go, Kubernetes v1.36.3.
import { formatDurationMillis } from '../../../apimachinery/time/duration.ts';
import { type Status, unschedulable, withPlugin } from './status.ts';

interface WaitingPod {
  /** The plugins that asked to wait, with when each gives up, milliseconds since the epoch. */
  readonly deadlines: Map<string, number>;
  /** How long each would wait, in milliseconds. */
  readonly timeouts: ReadonlyMap<string, number>;
}

export class WaitingPods {
  readonly #pods = new Map<string, WaitingPod>();
  #onAllowed: (uid: string) => void = () => undefined;

  /** Whoever binds pods is told when one may go on. */
  listen(onAllowed: (uid: string) => void): void {
    this.#onAllowed = onAllowed;
  }

  add(uid: string, timeouts: ReadonlyMap<string, number>, now: number): void {
    const deadlines = new Map([...timeouts].map(([plugin, timeout]) => [plugin, now + timeout]));
    this.#pods.set(uid, { deadlines, timeouts });
  }

  has(uid: string): boolean {
    return this.#pods.has(uid);
  }

  delete(uid: string): void {
    this.#pods.delete(uid);
  }

  /** A plugin has no more to wait for; the last one lets the pod go. */
  allow(uid: string, plugin: string): void {
    const pod = this.#pods.get(uid);
    if (!pod?.deadlines.delete(plugin) || pod.deadlines.size > 0) return;
    this.#pods.delete(uid);
    this.#onAllowed(uid);
  }

  /** When the first of them has waited too long; undefined when nobody waits. */
  nextDeadline(): number | undefined {
    const deadlines = [...this.#pods.values()].flatMap((pod) => [...pod.deadlines.values()]);
    return deadlines.length > 0 ? Math.min(...deadlines) : undefined;
  }

  /** Those that have waited too long, with what they are told. */
  takeOverdue(now: number): ReadonlyMap<string, Status> {
    const overdue = new Map<string, Status>();
    for (const [uid, { deadlines, timeouts }] of this.#pods)
      for (const [plugin, deadline] of deadlines)
        if (deadline <= now && !overdue.has(uid)) {
          const waited = formatDurationMillis(timeouts.get(plugin) ?? 0);
          const message = `rejected due to timeout after waiting ${waited} at plugin ${plugin}`;
          overdue.set(uid, withPlugin(unschedulable(message), plugin));
        }
    for (const uid of overdue.keys()) this.#pods.delete(uid);
    return overdue;
  }
}
