// How disrupted each zone is, and how fast its nodes may be tainted for eviction.
// Behaviour: pkg/controller/nodelifecycle/{node_lifecycle_controller,scheduler/rate_limited_queue}.go, Kubernetes v1.36.3.
import type { Node } from '../../../schema/generated/types/core-v1.ts';
import { zoneKey } from '../../../selectors/topology.ts';

export type ZoneState = 'Initial' | 'Normal' | 'FullDisruption' | 'PartialDisruption';

export function zoneKeyOf(node: Node): string {
  return zoneKey(node.metadata.labels);
}

export function zoneStateOf(ready: number, notReady: number, unhealthyThreshold: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption';
  if (notReady > 2 && Math.fround(notReady / (notReady + ready)) >= Math.fround(unhealthyThreshold))
    return 'PartialDisruption';
  return 'Normal';
}

/** Nodes of a zone that wait for their NoExecute taint; one at once, the next ones at the zone's rate. */
export class TaintQueue {
  /** Nodes per second; 0 stops. */
  #qps: number;
  #tokens = 1;
  #filledAt = 0;
  readonly #waiting: string[] = [];
  /** Nodes that were added and not removed since; they are not added again. */
  readonly #known = new Set<string>();

  constructor(qps: number) {
    this.#qps = qps;
  }

  add(node: string): boolean {
    if (this.#known.has(node)) return false;
    this.#known.add(node);
    this.#waiting.push(node);
    return true;
  }

  /** Notes a node whose turn is over: it was tainted before time began. */
  pass(node: string): void {
    this.#known.add(node);
  }

  remove(node: string): void {
    if (!this.#known.delete(node)) return;
    const at = this.#waiting.indexOf(node);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** Changes the rate; a limiter that has run dry stays dry. */
  setRate(qps: number, now: number): void {
    if (this.#qps === qps) return;
    this.#fill(now);
    this.#tokens = this.#qps > 0 && this.#tokens >= 1 ? 1 : 0;
    this.#qps = qps;
    this.#filledAt = now;
  }

  /** Takes the next node if the rate allows it now. */
  next(now: number): string | undefined {
    if (this.#waiting.length === 0 || this.#qps <= 0) return undefined;
    this.#fill(now);
    // A few nanoseconds of rounding must not cost a turn.
    if (this.#tokens < 1 - 1e-9) return undefined;
    this.#tokens -= 1;
    return this.#waiting.shift();
  }

  /** Milliseconds until `next` may give a node; undefined when it never will. */
  delay(now: number): number | undefined {
    if (this.#waiting.length === 0 || this.#qps <= 0) return undefined;
    this.#fill(now);
    return this.#tokens >= 1 - 1e-9 ? 0 : Math.ceil(((1 - this.#tokens) * 1000) / this.#qps);
  }

  #fill(now: number): void {
    if (this.#filledAt > 0)
      this.#tokens = Math.min(1, this.#tokens + ((now - this.#filledAt) * Math.max(this.#qps, 0)) / 1000);
    this.#filledAt = now;
  }
}
