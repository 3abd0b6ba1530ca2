// How long to wait before a failed daemon pod on a node is replaced once more: 1 s, doubling to 15 minutes.
// Behaviour: client-go/util/flowcontrol/backoff.go as cmd/kube-controller-manager/app/apps.go sets it up, Kubernetes v1.36.3.

const INITIAL = 1000;
const MAXIMUM = 15 * 60_000;

export class FailedPodsBackoff {
  readonly #entries = new Map<string, { readonly delay: number; readonly since: number }>();

  /** The delay in force for a key; undefined, with the next one set, when it is over. */
  delay(key: string, now: number): number | undefined {
    const entry = this.#entries.get(key);
    const isKnown = entry !== undefined && now - entry.since <= 2 * MAXIMUM;
    if (isKnown && now - entry.since < entry.delay) return entry.delay;
    this.#entries.set(key, { delay: isKnown ? Math.min(2 * entry.delay, MAXIMUM) : INITIAL, since: now });
    return undefined;
  }
}
