// Which silent nodes are tainted for the eviction of their pods, zone by zone, and how fast.
// Behaviour: pkg/controller/nodelifecycle/node_lifecycle_controller.go (processTaintBaseEviction, handleDisruption, doNoExecuteTaintingPass),
// Kubernetes v1.36.3.
import type { Answer } from '../../../apiserver/request.ts';
import type { Node, Taint } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { readyStatus } from '../../objects/node-readiness.ts';
import { hasTaint, NO_EXECUTE, NOT_READY, swapTaints, UNREACHABLE } from '../../objects/node-taints.ts';
import type { NodeLifecycleSettings } from './settings.ts';
import { TaintQueue, type ZoneState, zoneKeyOf, zoneStateOf } from './zones.ts';

/** The shortest pause between two looks at the nodes that wait for their taint. */
const TAINT_PERIOD = 100;

interface Zone {
  state: ZoneState;
  readonly queue: TaintQueue;
}

/** Nodes by zone; both know the same zones. */
interface NodeCounts {
  readonly ready: ReadonlyMap<string, number>;
  readonly notReady: ReadonlyMap<string, number>;
}

export class ZoneEvictions {
  readonly #settings: NodeLifecycleSettings;
  readonly #zones = new Map<string, Zone>();

  constructor(settings: NodeLifecycleSettings) {
    this.#settings = settings;
  }

  /** Knows the node's zone from now on. */
  register(node: Node): void {
    this.#zoneOf(node);
  }

  /** Leaves out a node that was tainted before time began. */
  pass(node: Node): void {
    this.#zoneOf(node).queue.pass(node.metadata.name ?? '');
  }

  #rateOf(state: ZoneState, size: number): number {
    const { evictionRate, secondaryRate, largeCluster } = this.#settings;
    if (state !== 'PartialDisruption') return evictionRate;
    return size > largeCluster ? secondaryRate : 0;
  }

  #zoneOf(node: Node): Zone {
    const key = zoneKeyOf(node);
    const zone = this.#zones.get(key) ?? {
      state: 'Initial' as ZoneState,
      queue: new TaintQueue(this.#settings.evictionRate),
    };
    this.#zones.set(key, zone);
    return zone;
  }

  /** Has a silent node wait for its taint, and frees one that answers; answers the node as it is then. */
  processEviction(node: Node, ready: string, context: SyncContext): Node {
    if (ready === 'True') return this.markReachable(node, context);
    const [wanted, opposite] = ready === 'False' ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY];
    if (hasTaint(node, opposite, NO_EXECUTE)) return swapEvictionTaints(node, wanted, opposite, context);
    const { queue } = this.#zoneOf(node);
    const name = node.metadata.name ?? '';
    if (!hasTaint(node, wanted, NO_EXECUTE)) queue.remove(name);
    queue.add(name);
    return node;
  }

  markReachable(node: Node, context: SyncContext): Node {
    this.#zoneOf(node).queue.remove(node.metadata.name ?? '');
    const next = swapTaints(node, [], [evictionTaint(UNREACHABLE), evictionTaint(NOT_READY)], context.now);
    return next === node ? node : written(context.on(node).update('nodes', next), node);
  }

  /** Taints nodes that wait for it, as fast as their zone allows; tells when the next one may be tainted. */
  taintWaiting(context: SyncContext): number | undefined {
    const { reader, now } = context;
    let delay: number | undefined;
    for (const key of [...this.#zones.keys()].sort()) {
      const { queue } = this.#zones.get(key)!;
      for (let name = queue.next(now); name !== undefined; name = queue.next(now)) {
        const node = reader.get<Node>('nodes', undefined, name);
        const ready = node && readyStatus(node);
        if (node && ready === 'False') swapEvictionTaints(node, NOT_READY, UNREACHABLE, context);
        if (node && ready === 'Unknown') swapEvictionTaints(node, UNREACHABLE, NOT_READY, context);
      }
      const next = queue.delay(now);
      if (next !== undefined && (delay === undefined || next < delay)) delay = next;
    }
    return delay === undefined ? undefined : now + Math.max(delay, TAINT_PERIOD);
  }

  /** Slows evictions down where many nodes of a zone are silent; answers whether the first nodes answer again after all were silent. */
  handleDisruption({ ready, notReady }: NodeCounts, nodes: readonly Node[], context: SyncContext): boolean {
    const { now, reader } = context;
    const states = new Map<string, ZoneState>();
    for (const [key, count] of ready)
      states.set(key, zoneStateOf(count, notReady.get(key) ?? 0, this.#settings.unhealthyThreshold));
    const allAre = [...states.values()].every((state) => state === 'FullDisruption');
    for (const key of this.#zones.keys()) if (!states.has(key)) this.#zones.delete(key);
    const allWere = [...this.#zones.values()].every(({ state }) => state === 'FullDisruption');
    if (allAre && allWere) return false;

    const sizeOf = (key: string) => (ready.get(key) ?? 0) + (notReady.get(key) ?? 0);
    if (allAre) {
      // When no node answers, the fault is more likely here than there: nothing is evicted.
      for (const { metadata } of nodes) {
        const node = reader.get<Node>('nodes', undefined, metadata.name ?? '');
        if (node) this.markReachable(node, context);
      }
      for (const zone of this.#zones.values()) {
        zone.queue.setRate(0, now);
        zone.state = 'FullDisruption';
      }
      return false;
    }
    for (const [key, zone] of this.#zones) {
      const state = states.get(key) ?? 'Normal';
      if (!allWere && zone.state === state) continue;
      zone.queue.setRate(this.#rateOf(state, sizeOf(key)), now);
      zone.state = state;
    }
    return allWere;
  }
}

function swapEvictionTaints(node: Node, add: string, remove: string, context: SyncContext): Node {
  const next = swapTaints(node, [evictionTaint(add)], [evictionTaint(remove)], context.now);
  return written(context.on(node).update('nodes', next), node);
}

function written(answer: Answer<Node>, before: Node): Node {
  return answer.ok ? answer.object : before;
}

function evictionTaint(key: string): Taint {
  return { key, effect: NO_EXECUTE };
}

export function hasEvictionTaint(node: Node): boolean {
  return hasTaint(node, NOT_READY, NO_EXECUTE) || hasTaint(node, UNREACHABLE, NO_EXECUTE);
}
