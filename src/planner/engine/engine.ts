// Runs controllers in simulated time until nothing is left to do: hands each write to whoever watches it, then looks at waiting keys one by one.
// Role: the processes of a control plane with their informers. Knows no kind.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { Cause, CauseObject } from '../../apiserver/request.ts';
import type { ResourceCatalog } from '../../apiserver/resource-catalog.ts';
import { type ApiServer, type Client, clientOf } from '../../apiserver/server.ts';
import type { ResourceName, StoreEvent } from '../../apiserver/store/store.ts';
import type { Event } from '../../schema/generated/types/core-v1.ts';
import { ANY_RESOURCE, type Controller, type SyncContext, splitKey, type Watch } from './controller.ts';
import { type Cycle, CycleWatch } from './cycles.ts';
import { type EventRecorder, eventRecorder, RecordedEvents } from './event-recorder.ts';
import { type WorkItem, WorkQueue } from './work-queue.ts';

/** Simulated time that everything reads; only the engine moves it. */
export interface VirtualClock {
  now: number;
}

export interface RunLimits {
  /** Simulated milliseconds that a run may take. */
  readonly horizon: number;
  /** Syncs that a run may take. */
  readonly steps: number;
  /** Stop as soon as nothing was written for so many simulated milliseconds, although timers wait. */
  readonly quietFor?: number;
}

export interface EngineOptions {
  /** An object that is still there but has done its work, well or not: a pod that failed. */
  isOver?(object: KubeObject): boolean;
}

export interface RunResult {
  /** Nothing is left to do but routine. */
  readonly settled: boolean;
  readonly reason: 'quiet' | 'horizon' | 'steps';
  readonly steps: number;
  /** Keys that still waited, for the message: `deployment-controller default/web`. */
  readonly waiting: readonly string[];
}

/** Writes to these say nothing about whether the cluster still changes. */
const BACKGROUND: ReadonlySet<ResourceName> = new Set(['events', 'leases.coordination.k8s.io']);

interface Watcher {
  /** Index of the controller. */
  readonly controller: number;
  readonly watch: Watch;
}

export class Engine {
  readonly #server: ApiServer;
  readonly #clock: VirtualClock;
  readonly #controllers: readonly Controller[];
  readonly #watchers = new Map<ResourceName, Watcher[]>();
  readonly #allWatchers = new Map<ResourceName, readonly Watcher[]>();
  readonly #queue = new WorkQueue();
  readonly #recorded = new RecordedEvents();
  /** A key whose controller has more to do at once: it goes on before others see what it did so far. */
  #again: WorkItem | undefined;
  /** The key whose sync wrote what is handed out next, and its own wake-up by those writes. */
  #busy: WorkItem | undefined;
  #wokenSelf: WorkItem | undefined;
  /** Revision up to which the writes were handed out. */
  #seen: number;
  #lastChange: number;

  /** Keys that go in circles: they are not looked at any more. */
  readonly #stopped = new Set<string>();
  readonly #cycles: Cycle[] = [];
  #cycleWatch: CycleWatch;
  readonly #isOver: (object: KubeObject) => boolean;

  constructor(
    server: ApiServer,
    clock: VirtualClock,
    controllers: readonly Controller[],
    { isOver = () => false }: EngineOptions = {},
  ) {
    this.#isOver = isOver;
    this.#cycleWatch = new CycleWatch(isOver);
    this.#server = server;
    this.#clock = clock;
    this.#controllers = controllers;
    this.#seen = server.store.revision;
    this.#lastChange = clock.now;
    controllers.forEach((controller, index) => {
      for (const watch of controller.watches) {
        const watchers = this.#watchers.get(watch.resource) ?? [];
        watchers.push({ controller: index, watch });
        this.#watchers.set(watch.resource, watchers);
      }
    });
    this.#start();
  }

  /** Simulated time of the newest write that was no Event or heartbeat. */
  get lastChange(): number {
    return this.#lastChange;
  }

  /** What would never have ended and was stopped. */
  get cycles(): readonly Cycle[] {
    return this.#cycles;
  }

  /** Runs until quiet or until a limit is reached; may be called again after more writes. */
  run(limits: RunLimits): RunResult {
    this.#cycleWatch = new CycleWatch(this.#isOver);
    const end = this.#clock.now + limits.horizon;
    if (limits.quietFor !== undefined) this.#lastChange = Math.max(this.#lastChange, this.#clock.now);
    let steps = 0;
    for (;;) {
      this.#dispatch();
      const item = this.#again ?? this.#queue.take();
      this.#again = undefined;
      if (item) {
        if (steps >= limits.steps) {
          this.#queue.add(item);
          return this.#result('steps', steps, [item]);
        }
        steps += 1;
        this.#busy = item;
        this.#sync(item);
        continue;
      }
      const next = this.#queue.nextTimer();
      if (next === undefined) return this.#result('quiet', steps, []);
      if (limits.quietFor !== undefined && next - this.#lastChange > limits.quietFor) {
        this.#clock.now = Math.max(this.#clock.now, this.#lastChange + limits.quietFor);
        return this.#result('quiet', steps, []);
      }
      if (limits.quietFor === undefined && !this.#queue.hasLastingTimer() && !this.#isRoutineOwed(next))
        return this.#result('quiet', steps, []);
      if (next > end) {
        this.#clock.now = end;
        return this.#result('horizon', steps, []);
      }
      this.#clock.now = next;
      this.#queue.fire(next);
    }
  }

  /** Lets simulated time pass, doing what falls due. */
  advance(milliseconds: number, steps = Number.MAX_SAFE_INTEGER): RunResult {
    const end = this.#clock.now + milliseconds;
    const result = this.run({ horizon: milliseconds, steps, quietFor: Number.MAX_SAFE_INTEGER });
    if (this.#clock.now < end) this.#clock.now = end;
    return result;
  }

  /** Routine looks matter until each has had one turn after the last change. */
  #isRoutineOwed(next: number): boolean {
    return next - this.#lastChange <= ROUTINE_TURN;
  }

  #result(reason: RunResult['reason'], steps: number, items: readonly WorkItem[]): RunResult {
    return {
      settled: reason === 'quiet',
      reason,
      steps,
      waiting: items.map(({ controller, key }) => `${this.#controllers[controller]?.name} ${key}`),
    };
  }

  #start(): void {
    const { store } = this.#server;
    for (const event of store.list('events')) this.#recorded.remember(event as Event, this.#clock.now);
    const watched = this.#watchers.has(ANY_RESOURCE) ? store.resources() : [...this.#watchers.keys()].sort();
    for (const resource of watched) {
      for (const object of store.list(resource)) {
        const revision = Number(object.metadata.resourceVersion);
        this.#wake({ type: 'ADDED', resource, object, revision, cause: { who: 'inventory' }, at: this.#clock.now });
      }
    }
    this.#controllers.forEach((controller, index) => {
      for (const key of controller.startKeys ?? []) this.#queue.add({ controller: index, key, trigger: 0 });
    });
  }

  #dispatch(): void {
    const { store } = this.#server;
    if (store.revision === this.#seen) {
      this.#busy = undefined;
      return;
    }
    const events = store.events(this.#seen);
    if (events === 'expired')
      throw new Error(`events after revision ${this.#seen} were compacted while a run needed them`);
    this.#seen = store.revision;
    for (const event of events) {
      if (!BACKGROUND.has(event.resource)) {
        this.#lastChange = this.#clock.now;
        const cycle = this.#cycleWatch.observe(event);
        if (cycle) this.#stop(cycle);
      }
      this.#wake(event);
    }
    // Whoever wrote is still busy when the others hear of it.
    if (this.#wokenSelf) this.#queue.add(this.#wokenSelf);
    this.#wokenSelf = undefined;
    this.#busy = undefined;
  }

  #wake(event: StoreEvent): void {
    const { reader } = this.#server;
    for (const { controller, watch } of this.#watchersOf(event.resource)) {
      const keys = watch.keys(event, reader);
      if (keys.length === 0) continue;
      for (const key of keys) {
        const item = { controller, key, trigger: event.revision };
        if (this.#busy?.controller === controller && this.#busy.key === key) this.#wokenSelf ??= item;
        else this.#queue.add(item);
      }
    }
  }

  /** Who watches a resource by name, then who watches every resource. */
  #watchersOf(resource: ResourceName): readonly Watcher[] {
    let found = this.#allWatchers.get(resource);
    if (!found) {
      found = [...(this.#watchers.get(resource) ?? []), ...(this.#watchers.get(ANY_RESOURCE) ?? [])];
      this.#allWatchers.set(resource, found);
    }
    return found;
  }

  #stop(cycle: Cycle): void {
    const { resource, namespace, name } = cycle.object;
    const key = namespace === undefined ? name : `${namespace}/${name}`;
    const index = this.#controllers.findIndex(
      (controller) => controller.name === cycle.who && controller.watches[0]?.resource === resource,
    );
    const id = `${index} ${key}`;
    if (index < 0 || this.#stopped.has(id)) return;
    this.#stopped.add(id);
    this.#cycles.push(cycle);
  }

  #sync(item: WorkItem): void {
    if (this.#stopped.size > 0 && this.#stopped.has(`${item.controller} ${item.key}`)) return;
    const controller = this.#controllers[item.controller]!;
    const result = controller.sync(item.key, this.#contextFor(controller, item));
    if (result?.retry) {
      this.#queue.addFailed(this.#clock.now, item);
      return;
    }
    this.#queue.forget(item);
    if (result?.requeueAfter === 0) {
      this.#again = { ...item, trigger: 0 };
      return;
    }
    if (result?.requeueAfter !== undefined)
      this.#queue.addAt(
        this.#clock.now + Math.max(result.requeueAfter, 0),
        { ...item, trigger: 0 },
        result.routine ?? false,
      );
  }

  #contextFor(controller: Controller, item: WorkItem): SyncContext {
    return new ItemContext(controller, item, this.#server, this.#recorded, this.#clock.now);
  }
}

/** What one sync has at hand; most syncs write nothing and need but a part of it. */
class ItemContext implements SyncContext {
  readonly now: number;
  readonly reader: ClusterReader;
  readonly #controller: Controller;
  readonly #item: WorkItem;
  readonly #server: ApiServer;
  readonly #recorded: RecordedEvents;
  #client: Client | undefined;
  #recorder: EventRecorder | undefined;
  #on: ((object: KubeObject) => Client) | undefined;

  constructor(controller: Controller, item: WorkItem, server: ApiServer, recorded: RecordedEvents, now: number) {
    this.now = now;
    this.reader = server.reader;
    this.#controller = controller;
    this.#item = item;
    this.#server = server;
    this.#recorded = recorded;
  }

  /** A function of its own, since controllers take contexts apart. */
  get on(): (object: KubeObject) => Client {
    return (this.#on ??= (object) => this.#signed(this.#causeObject(object)));
  }

  get catalog(): ResourceCatalog {
    return this.#server.options.catalog;
  }

  get client(): Client {
    if (!this.#client) {
      const subject = this.#controller.watches[0];
      const isAbout = subject !== undefined && subject.resource !== ANY_RESOURCE;
      this.#client = this.#signed(isAbout ? causeObject(subject.resource, splitKey(this.#item.key)) : undefined);
    }
    return this.#client;
  }

  get recorder(): EventRecorder {
    this.#recorder ??= eventRecorder(this.#controller.name, this.client, this.#recorded, this.now);
    return this.#recorder;
  }

  #signed(object: CauseObject | undefined): Client {
    const { trigger } = this.#item;
    return clientOf(this.#server, causeOf(this.#controller.name, object, trigger));
  }

  #causeObject(object: KubeObject): CauseObject | undefined {
    const resource = this.catalog.byKind(object.apiVersion, object.kind);
    if (!resource) return undefined;
    const { namespace, name = '' } = object.metadata;
    const { group, plural } = resource;
    return causeObject(group === '' ? plural : `${plural}.${group}`, { namespace, name });
  }
}

/** Literals without spreads: one of each is kept for nearly every write. */
function causeOf(who: string, object: CauseObject | undefined, trigger: number): Cause {
  if (object) return trigger > 0 ? { who, object, trigger } : { who, object };
  return trigger > 0 ? { who, trigger } : { who };
}

function causeObject(
  resource: ResourceName,
  { namespace, name }: { readonly namespace: string | undefined; readonly name: string },
): CauseObject {
  return namespace === undefined ? { resource, name } : { resource, namespace, name };
}

/** Longest period after which a routine look is due: 30 s covers the HPA's 15 s and the node monitor's 5 s. */
const ROUTINE_TURN = 30_000;
