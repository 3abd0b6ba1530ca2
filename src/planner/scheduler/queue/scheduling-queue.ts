// Pods that wait for a node: those to try next, those backing off, and those that only an event can help.
// Behaviour: pkg/scheduler/backend/queue/{scheduling_queue,active_queue,backoff_queue,unschedulable_pods}.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Nominator } from '../cache/nominator.ts';
import { type ClusterEvent, eventMatches, type QueueingHint, wakingEvents } from '../framework/events.ts';
import type { AnyPlugin } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import type { Framework } from '../framework/runtime.ts';
import { Heap } from './heap.ts';
import { QueuedPod, truncateToWindow } from './queued-pod.ts';

interface QueueOptions {
  readonly frameworkOf: (pod: PodInfo) => Framework | undefined;
  readonly nominator: Nominator;
  readonly now: () => number;
  /** Milliseconds. */
  readonly initialBackoff: number;
  readonly maxBackoff: number;
  /** Whether a pod is scheduled together with others. */
  readonly isGroupMember: (pod: PodInfo) => boolean;
}

/** Pods that no event helped for so long are tried again anyway. */
const MAX_IN_UNSCHEDULABLE = 5 * 60_000;
const LEFTOVER_PERIOD = 30_000;

/** Errors in a row after which a pod only waits for others; upstream goes on every ten seconds for ever. */
const HOPELESS = 100;

function isHopeless({ consecutiveErrorsCount }: QueuedPod): boolean {
  return consecutiveErrorsCount >= HOPELESS;
}

type Requeueing = 'skip' | 'afterBackoff' | 'immediately';

const NO_QUEUED: ReadonlySet<QueuedPod> = new Set();

/** A plugin that an event may concern, and how to find out. */
interface Interest {
  readonly plugin: string;
  readonly hint: QueueingHint | undefined;
}

export class SchedulingQueue {
  readonly #options: QueueOptions;
  readonly #active: Heap<QueuedPod>;
  readonly #backoff: Heap<QueuedPod>;
  readonly #errorBackoff: Heap<QueuedPod>;
  readonly #unschedulable = new Map<string, QueuedPod>();
  /**
   * Pods of groups that found no place. Upstream tries them again and again without a pause, so what it finds is what there
   * is to find after each change of the cluster; here they wait for one.
   */
  readonly #parked = new Set<QueuedPod>();
  /** Unschedulable pods by the plugins that rejected them; under '' those that none did. */
  readonly #byPlugin = new Map<string, Set<QueuedPod>>();
  readonly #byKey = new Map<string, QueuedPod>();
  readonly #interests = new Map<string, readonly Interest[]>();
  #order = 0;
  #firstAttempts = 0;
  /** No ungated unschedulable pod has been there for longer. */
  #oldest = Number.POSITIVE_INFINITY;
  #plugins: readonly AnyPlugin[] = [];

  constructor(options: QueueOptions) {
    this.#options = options;
    const isBefore = (a: QueuedPod, b: QueuedPod): boolean => this.#less(a, b);
    this.#active = new Heap(isBefore);
    this.#backoff = new Heap((a, b) => {
      const [first, second] = [this.#expiration(a), this.#expiration(b)];
      return first === second ? isBefore(a, b) : first < second;
    });
    this.#errorBackoff = new Heap((a, b) => {
      const [first, second] = [this.#expiration(a), this.#expiration(b)];
      return first === second ? a.order < b.order : first < second;
    });
  }

  /** Whether a pod can be tried now: with nothing else to do, pods that back off need not wait. */
  get hasNext(): boolean {
    return this.#active.size > 0 || this.#backoff.size > 0;
  }

  /** Whether pods wait for an event that helps them. */
  get hasUnschedulable(): boolean {
    return this.#unschedulable.size + this.#parked.size > 0;
  }

  /** When to look again although nothing has happened; undefined: never. */
  nextTimer(): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    const error = this.#errorBackoff.peek();
    // A pod backs off until the window after its expiration begins.
    if (error) next = this.#expiration(error) + 1000;
    next = Math.min(next, Math.floor((this.#oldest + MAX_IN_UNSCHEDULABLE) / LEFTOVER_PERIOD + 1) * LEFTOVER_PERIOD);
    return Number.isFinite(next) ? next : undefined;
  }

  /** Takes up a pod that needs a node. */
  add(pod: PodInfo): void {
    this.delete(pod.key);
    const queued = new QueuedPod(pod, this.#options.now(), this.#order++);
    this.#byKey.set(pod.key, queued);
    this.#moveToActive(queued);
    this.#options.nominator.add(pod);
  }

  /** Takes over a pod's new object; `events` say what the update changed. */
  update(pod: PodInfo, previous: KubeObject, events: readonly ClusterEvent[]): void {
    const queued = this.#byKey.get(pod.key);
    if (!queued) {
      this.add(pod);
      return;
    }
    this.#options.nominator.update(queued.podInfo, pod);
    const heap = [this.#active, this.#backoff, this.#errorBackoff].find((candidate) => candidate.has(queued));
    heap?.delete(queued);
    if (queued.podInfo.countsAs(pod)) pod.inherit(queued.podInfo);
    queued.podInfo = pod;
    if (heap) {
      heap.add(queued);
      return;
    }
    if (this.#parked.has(queued)) return;
    for (const event of events) {
      const requeueing = this.#worthRequeuing(queued, event, previous, pod.pod);
      this.#requeue(queued, requeueing);
      if (!this.#unschedulable.has(pod.key)) return;
    }
  }

  delete(key: string): void {
    const queued = this.#byKey.get(key);
    if (!queued) return;
    this.#byKey.delete(key);
    this.#options.nominator.delete(queued.podInfo.uid);
    this.#active.delete(queued);
    this.#backoff.delete(queued);
    this.#errorBackoff.delete(queued);
    this.#parked.delete(queued);
    this.#leaveUnschedulable(queued);
  }

  /** The pod to try next. It stays known until it is deleted or comes back. */
  pop(): QueuedPod | undefined {
    this.#flush();
    const queued = this.#active.pop() ?? this.#backoff.pop();
    return queued && this.#attempted(queued);
  }

  /** A pod that is tried because another one of its group is; undefined when it is not there or may not be tried. */
  popSpecific(key: string): QueuedPod | undefined {
    const queued = this.#byKey.get(key);
    if (!queued) return undefined;
    if (!this.#active.has(queued)) this.#activate(queued);
    return this.#active.delete(queued) ? this.#attempted(queued) : undefined;
  }

  /** Has a pod tried again, unless something keeps it from being tried at all. */
  activate(key: string): void {
    const queued = this.#byKey.get(key);
    if (queued) this.#activate(queued);
  }

  /** The cluster has changed: pods of groups that found no place are tried again. */
  retryParked(): void {
    if (this.#parked.size === 0) return;
    const parked = [...this.#parked];
    this.#parked.clear();
    for (const queued of parked) this.#moveToActive(queued);
  }

  /** Takes a pod back that found no node, or failed on the way: then no plugin has rejected it. */
  addUnschedulable(queued: QueuedPod, rejectors: ReadonlySet<string>, pending: ReadonlySet<string>): void {
    if (this.#byKey.get(queued.podInfo.key) !== queued) return;
    queued.unschedulablePlugins = rejectors;
    queued.pendingPlugins = pending;
    queued.gatingPlugin = undefined;
    const isError = rejectors.size === 0 && pending.size === 0;
    if (isError) queued.consecutiveErrorsCount += 1;
    else {
      queued.unschedulableCount += 1;
      queued.consecutiveErrorsCount = 0;
    }
    queued.requeued(this.#options.now(), this.#order++);
    if (this.#options.isGroupMember(queued.podInfo)) this.#park(queued);
    else this.#requeue(queued, isError && !isHopeless(queued) ? 'afterBackoff' : 'skip');
  }

  /** Wakes the pods that an event may help; `concerns` narrows them down. */
  moveAll(
    event: ClusterEvent,
    previous: KubeObject | undefined,
    object: KubeObject | undefined,
    concerns?: (pod: PodInfo) => boolean,
  ): void {
    if (this.#unschedulable.size === 0) return;
    const interests = this.#interested(event);
    for (const queued of this.#candidatesFor(interests)) {
      if (concerns && !concerns(queued.podInfo)) continue;
      // Its own attempts reserve claims and give them back.
      if (event.resource === 'ResourceClaim' && isHopeless(queued)) continue;
      const gate = queued.gatingPlugin;
      if (gate !== undefined && !interests.some(({ plugin }) => plugin === gate)) continue;
      const requeueing = this.#worthRequeuing(queued, event, previous, object);
      if (requeueing === 'skip') continue;
      this.#leaveUnschedulable(queued);
      this.#requeue(queued, requeueing);
    }
  }

  /** Pods that a plugin rejected which the event may concern, or that no plugin did, by when they came back. */
  #candidatesFor(interests: readonly Interest[]): readonly QueuedPod[] {
    const candidates: QueuedPod[] = [...(this.#byPlugin.get('') ?? NO_QUEUED)];
    for (const { plugin } of interests)
      for (const queued of this.#byPlugin.get(plugin) ?? NO_QUEUED) candidates.push(queued);
    if (candidates.length < 2) return candidates;
    return [...new Set(candidates)].sort((a, b) => a.order - b.order);
  }

  #attempted(queued: QueuedPod): QueuedPod {
    queued.attempts += 1;
    queued.firstAttempt ??= this.#firstAttempts++;
    return queued;
  }

  /** Pods that are being tried are nowhere to be found, and left alone. */
  #activate(queued: QueuedPod): void {
    const isHere =
      this.#unschedulable.has(queued.podInfo.key) ||
      this.#parked.delete(queued) ||
      this.#backoff.delete(queued) ||
      this.#errorBackoff.delete(queued);
    if (isHere) this.#moveToActive(queued);
  }

  #park(queued: QueuedPod): void {
    if (this.#isGated(queued)) this.#enterUnschedulable(queued);
    else this.#parked.add(queued);
  }

  #less(a: QueuedPod, b: QueuedPod): boolean {
    const sort = this.#options.frameworkOf(a.podInfo)?.plugins.queueSort;
    if (sort?.less(a, b)) return true;
    return !sort?.less(b, a) && a.order < b.order;
  }

  #expiration(queued: QueuedPod): number {
    return queued.backoffExpiration(this.#options.initialBackoff, this.#options.maxBackoff);
  }

  #isBackingOff(queued: QueuedPod): boolean {
    return this.#expiration(queued) >= truncateToWindow(this.#options.now());
  }

  /** Moves on what has waited long enough. */
  #flush(): void {
    for (const heap of [this.#backoff, this.#errorBackoff])
      for (let top = heap.peek(); top && !this.#isBackingOff(top); top = heap.peek()) {
        heap.pop();
        this.#active.add(top);
      }
    const stale = this.#options.now() - MAX_IN_UNSCHEDULABLE;
    if (this.#oldest >= stale) return;
    this.#oldest = Number.POSITIVE_INFINITY;
    for (const queued of [...this.#unschedulable.values()]) {
      if (queued.gatingPlugin !== undefined) continue;
      if (queued.timestamp >= stale) this.#oldest = Math.min(this.#oldest, queued.timestamp);
      else {
        this.#leaveUnschedulable(queued);
        this.#requeue(queued, 'afterBackoff');
      }
    }
  }

  #requeue(queued: QueuedPod, requeueing: Requeueing): void {
    if (requeueing === 'skip') this.#enterUnschedulable(queued);
    else if (requeueing === 'afterBackoff' && this.#isBackingOff(queued)) this.#moveToBackoff(queued);
    else this.#moveToActive(queued);
  }

  #moveToActive(queued: QueuedPod): void {
    if (this.#isGated(queued)) this.#enterUnschedulable(queued);
    else {
      this.#leaveUnschedulable(queued);
      this.#active.add(queued);
    }
  }

  #moveToBackoff(queued: QueuedPod): void {
    if (this.#isGated(queued)) this.#enterUnschedulable(queued);
    else {
      this.#leaveUnschedulable(queued);
      const isError = queued.unschedulablePlugins.size === 0 && queued.pendingPlugins.size === 0;
      (isError ? this.#errorBackoff : this.#backoff).add(queued);
    }
  }

  #isGated(queued: QueuedPod): boolean {
    const status = this.#options.frameworkOf(queued.podInfo)?.runPreEnqueuePlugins(queued.podInfo);
    queued.gatingPlugin = status?.plugin;
    if (status?.plugin) queued.unschedulablePlugins = new Set([...queued.unschedulablePlugins, status.plugin]);
    return status !== undefined;
  }

  #enterUnschedulable(queued: QueuedPod): void {
    this.#leaveUnschedulable(queued);
    this.#unschedulable.set(queued.podInfo.key, queued);
    if (queued.gatingPlugin === undefined) this.#oldest = Math.min(this.#oldest, queued.timestamp);
    const rejectors = [...queued.unschedulablePlugins, ...queued.pendingPlugins];
    for (const plugin of rejectors.length > 0 ? rejectors : ['']) {
      const pods = this.#byPlugin.get(plugin);
      if (pods) pods.add(queued);
      else this.#byPlugin.set(plugin, new Set([queued]));
    }
  }

  #leaveUnschedulable(queued: QueuedPod): void {
    if (!this.#unschedulable.delete(queued.podInfo.key)) return;
    for (const pods of this.#byPlugin.values()) pods.delete(queued);
  }

  #worthRequeuing(
    queued: QueuedPod,
    event: ClusterEvent,
    previous: KubeObject | undefined,
    object: KubeObject | undefined,
  ): Requeueing {
    const { unschedulablePlugins, pendingPlugins, podInfo } = queued;
    if (unschedulablePlugins.size === 0 && pendingPlugins.size === 0) return 'afterBackoff';
    let result: Requeueing = 'skip';
    for (const { plugin, hint } of this.#interested(event)) {
      if (!unschedulablePlugins.has(plugin) && !pendingPlugins.has(plugin)) continue;
      if (hint && !hint(podInfo, previous, object)) continue;
      if (pendingPlugins.has(plugin)) return 'immediately';
      if (pendingPlugins.size === 0) return 'afterBackoff';
      result = 'afterBackoff';
    }
    return result;
  }

  /** Plugins of any profile that registered the event. */
  #interested(event: ClusterEvent): readonly Interest[] {
    const key = `${event.resource}/${event.action}`;
    let interests = this.#interests.get(key);
    if (!interests) this.#interests.set(key, (interests = this.#findInterests(event)));
    return interests;
  }

  /** The plugins whose events wake pods; to be told once, before the first pod comes. */
  register(plugins: readonly AnyPlugin[]): void {
    this.#plugins = plugins;
  }

  #findInterests(event: ClusterEvent): readonly Interest[] {
    const interests: Interest[] = [];
    for (const { name, eventsToRegister = [] } of this.#plugins)
      for (const registered of wakingEvents(eventsToRegister))
        if (eventMatches(registered, event)) interests.push({ plugin: name, hint: registered.hint });
    return interests;
  }
}
