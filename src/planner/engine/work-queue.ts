// The order in which waiting keys are looked at: first come, first served at one moment; timers by time, then by age.
// Role: client-go/util/workqueue (a key waits only once; delays; growing delays after failures), Kubernetes v1.36.3.

export interface WorkItem {
  /** Index of the controller in the engine's list. */
  readonly controller: number;
  readonly key: string;
  /** Revision of the write that asked for the look; 0 at the start and for timers. */
  readonly trigger: number;
}

interface Timer extends WorkItem {
  readonly at: number;
  readonly order: number;
  readonly routine: boolean;
}

/** Failures wait 5 ms, doubling to 1000 s: DefaultTypedControllerRateLimiter. */
const BASE_DELAY = 5;
const MAX_DELAY = 1_000_000;

export class WorkQueue {
  readonly #waiting: (WorkItem | undefined)[] = [];
  #head = 0;
  readonly #isWaiting: Set<string>[] = [];
  readonly #timers: Timer[] = [];
  /** The earliest timer of each key: a later one adds nothing. */
  readonly #timerOf = new Map<string, Timer>();
  readonly #failures = new Map<string, number>();
  #order = 0;
  #lasting = 0;

  add(item: WorkItem): void {
    const waiting = (this.#isWaiting[item.controller] ??= new Set());
    if (waiting.has(item.key)) return;
    waiting.add(item.key);
    this.#waiting.push(item);
  }

  /** Looks at a key at a given time; of several timers of a key the earliest counts, and a lasting one before a routine one. */
  addAt(at: number, item: WorkItem, routine: boolean): void {
    const id = `${item.controller} ${item.key}`;
    const set = this.#timerOf.get(id);
    if (set && set.at <= at && (!set.routine || routine)) return;
    if (set && !set.routine) this.#lasting -= 1;
    const timer = { ...item, at, order: this.#order++, routine };
    if (!routine) this.#lasting += 1;
    this.#timerOf.set(id, timer);
    push(this.#timers, timer);
  }

  addFailed(now: number, item: WorkItem): void {
    const id = `${item.controller} ${item.key}`;
    const failures = this.#failures.get(id) ?? 0;
    this.#failures.set(id, failures + 1);
    // A retry is routine: what was refused stays refused until something else changes.
    this.addAt(now + Math.min(BASE_DELAY * 2 ** failures, MAX_DELAY), item, true);
  }

  forget({ controller, key }: WorkItem): void {
    if (this.#failures.size > 0) this.#failures.delete(`${controller} ${key}`);
  }

  /** The next key that waits now. */
  take(): WorkItem | undefined {
    const item = this.#waiting[this.#head];
    if (!item) return undefined;
    this.#waiting[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > 4096 && this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    this.#isWaiting[item.controller]?.delete(item.key);
    return item;
  }

  /** Time of the earliest timer, routine or not. */
  nextTimer(): number | undefined {
    this.#dropStale();
    return this.#timers[0]?.at;
  }

  /** Whether a timer waits that is not routine. */
  hasLastingTimer(): boolean {
    return this.#lasting > 0;
  }

  /** Moves the timers that are due at `now` to the waiting keys. */
  fire(now: number): void {
    for (this.#dropStale(); this.#timers[0] && this.#timers[0].at <= now; this.#dropStale()) {
      const timer = pop(this.#timers);
      this.#timerOf.delete(`${timer.controller} ${timer.key}`);
      if (!timer.routine) this.#lasting -= 1;
      this.add({ controller: timer.controller, key: timer.key, trigger: timer.trigger });
    }
  }

  #dropStale(): void {
    for (
      let top = this.#timers[0];
      top && this.#timerOf.get(`${top.controller} ${top.key}`) !== top;
      top = this.#timers[0]
    )
      pop(this.#timers);
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Timer[], timer: Timer): void {
  let child = heap.push(timer) - 1;
  while (child > 0) {
    const parent = (child - 1) >>> 1;
    if (!isBefore(timer, heap[parent]!)) break;
    heap[child] = heap[parent]!;
    child = parent;
  }
  heap[child] = timer;
}

function pop(heap: Timer[]): Timer {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let parent = 0;
  for (;;) {
    let child = parent * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, last)) break;
    heap[parent] = heap[child]!;
    parent = child;
  }
  heap[parent] = last;
  return top;
}
