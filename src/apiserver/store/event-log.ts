// The writes of a store in order of revision, shared between forks up to the point where they parted.
// Role: etcd's revisions and compaction ([apiserver]/pkg/storage/etcd3/{watcher,compact}.go, Kubernetes v1.36.3).
import type { StoreEvent } from './store.ts';

/** A stretch of the log that nobody appends to any more. */
interface Segment {
  readonly events: readonly StoreEvent[];
  readonly earlier: Segment | undefined;
}

export class EventLog {
  #earlier: Segment | undefined;
  #events: StoreEvent[] = [];
  #compacted: number;

  constructor(compacted: number) {
    this.#compacted = compacted;
  }

  get compactedRevision(): number {
    return this.#compacted;
  }

  append(event: StoreEvent): void {
    this.#events.push(event);
  }

  /** Begins only after this write, which comes before all others. Answers false where events are kept already. */
  beginAfter(revision: number): boolean {
    if (this.#events.length > 0 || this.#earlier || this.#compacted !== revision - 1) return false;
    this.#compacted = revision;
    return true;
  }

  /** Both logs go on from here; what was written so far becomes a shared, closed segment. */
  fork(): EventLog {
    if (this.#events.length > 0) {
      this.#earlier = { events: this.#events, earlier: this.#earlier };
      this.#events = [];
    }
    const copy = new EventLog(this.#compacted);
    copy.#earlier = this.#earlier;
    return copy;
  }

  since(revision: number): readonly StoreEvent[] | 'expired' {
    if (revision < this.#compacted) return 'expired';
    const parts: (readonly StoreEvent[])[] = [tail(this.#events, revision)];
    for (let segment = this.#earlier; segment; segment = segment.earlier) {
      const last = segment.events[segment.events.length - 1];
      if (!last || last.revision <= revision) break;
      parts.unshift(tail(segment.events, revision));
    }
    return parts.length === 1 ? parts[0]! : parts.flat();
  }

  at(revision: number): StoreEvent | undefined {
    if (revision <= this.#compacted) return undefined;
    let segment: Segment | undefined = { events: this.#events, earlier: this.#earlier };
    for (; segment; segment = segment.earlier) {
      const first = segment.events[0];
      if (!first || first.revision > revision) continue;
      const found = segment.events[lowerBound(segment.events, revision)];
      return found?.revision === revision ? found : undefined;
    }
    return undefined;
  }

  compact(revision: number): void {
    if (revision <= this.#compacted) return;
    const kept = this.since(revision);
    this.#events = kept === 'expired' ? [] : [...kept];
    this.#earlier = undefined;
    this.#compacted = revision;
  }
}

function tail(events: readonly StoreEvent[], revision: number): readonly StoreEvent[] {
  const start = lowerBound(events, revision + 1);
  return start === 0 ? events : events.slice(start);
}

function lowerBound(events: readonly StoreEvent[], revision: number): number {
  let low = 0;
  let high = events.length;
  // Revisions mostly follow one another: the place is as far from the end as the number is.
  const guess = high - 1 - ((events[high - 1]?.revision ?? revision) - revision);
  if (events[guess]?.revision === revision && (guess === 0 || events[guess - 1]!.revision < revision)) return guess;
  if (high > 0 && events[high - 1]!.revision < revision) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle]!.revision < revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
