// Watches whether nodes answer, says so in their conditions, taints and labels, and in the readiness of their pods.
// Behaviour: pkg/controller/nodelifecycle/node_lifecycle_controller.go, Kubernetes v1.36.3.
// Differs: a node counts as heard of until the moment it is told to keep silent, instead of by heartbeats; the monitor's rounds
// happen only when something may have changed, on the grid of --node-monitor-period.
import { durationMillis } from '../../../apimachinery/duration.ts';
import { formatTime, mustParseTime } from '../../../apimachinery/time.ts';
import type { Answer } from '../../../apiserver/request.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Node, NodeCondition, Pod, Taint } from '../../../schema/generated/types/core-v1.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
} from '../../engine/controller.ts';
import { readyStatus } from '../../kubelet/node-stages.ts';
import { isNotResponding } from '../../kubelet/outcome.ts';
import { hasTaint, NO_EXECUTE, NOT_READY, swapTaints, UNREACHABLE, withConditionTaints } from './node-taints.ts';
import { TaintQueue, type ZoneState, zoneKeyOf, zoneStateOf } from './zones.ts';

/** A round of the monitor; no node can have this name. */
const MONITOR = '#monitor';
const TAINT_PERIOD = 100;
const EXCLUDED_FROM_DISRUPTION = 'node.kubernetes.io/exclude-disruption';

/** Conditions that turn Unknown when a node falls silent; the control plane itself keeps NetworkUnavailable. */
const KUBELET_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];
/** Old labels that follow the new ones: from, to. */
const MIRRORED_LABELS = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const;

interface Zone {
  state: ZoneState;
  readonly queue: TaintQueue;
}

export const nodeLifecycleController: ControllerFactory = ({ flags }) => {
  const millis = (flag: string, fallback: string) =>
    durationMillis(flags[flag] ?? fallback) ?? durationMillis(fallback)!;
  const period = millis('node-monitor-period', '5s');
  const graceAfterStatus = millis('node-monitor-grace-period', '50s');
  const graceAtStartup = millis('node-startup-grace-period', '1m');
  const evictionRate = Number(flags['node-eviction-rate'] ?? 0.1);
  const secondaryRate = Number(flags['secondary-node-eviction-rate'] ?? 0.01);
  const largeCluster = Number(flags['large-cluster-size-threshold'] ?? 50);
  const unhealthyThreshold = Number(flags['unhealthy-zone-threshold'] ?? 0.55);

  const known = new Map<string, Node>();
  /** When a silent node was heard of last. */
  const heardAt = new Map<string, number>();
  const zones = new Map<string, Zone>();
  /** Nodes that the next round of the monitor has to look at. */
  const dirty = new Set<string>();
  /** Nodes whose Ready condition is not True. */
  const unready = new Set<string>();
  /** Time of one round; the others lie whole periods from it. */
  let phase: number | undefined;

  return {
    name: 'node-controller',
    watches: [
      { resource: 'nodes', keys: noteNode },
      { resource: 'pods', keys: podsOfUnreadyNodes },
    ],
    sync(key, context) {
      if (key === MONITOR) return monitor(context);
      const { namespace, name } = splitKey(key);
      if (namespace === undefined) mirrorConditions(name, context);
      else {
        const pod = context.reader.get<Pod>('pods', namespace, name);
        if (pod?.spec.nodeName && unready.has(pod.spec.nodeName)) markNotReady(pod, context);
      }
      return undefined;
    },
  };

  function noteNode({ type, object, previous, cause, at }: StoreEvent): readonly string[] {
    const node = object as Node;
    const name = node.metadata.name ?? '';
    // The controller manager of a described cluster has been running for long and has registered its nodes; a new one begins before
    // its nodes do.
    const isDescribed = cause.who === 'inventory';
    phase ??= isDescribed ? at : at + FIRST_ROUND * period;
    if (isDescribed) {
      known.set(name, node);
      if (hasEvictionTaint(node)) zoneOf(node).queue.pass(name);
    }
    if (type === 'DELETED') {
      heardAt.delete(name);
      unready.delete(name);
      dirty.add(name);
      return [MONITOR];
    }
    const old = previous as Node | undefined;
    const ready = readyStatus(node);
    if (ready === undefined || ready === 'True') unready.delete(name);
    else unready.add(name);
    if (!isNotResponding(node)) heardAt.delete(name);
    else if (!heardAt.has(name)) {
      const created = node.metadata.creationTimestamp;
      heardAt.set(name, ready === undefined && !old && created ? mustParseTime(created) : at);
    }
    const isNews =
      !old ||
      readyStatus(old) !== ready ||
      isNotResponding(old) !== isNotResponding(node) ||
      zoneKeyOf(old) !== zoneKeyOf(node) ||
      hasEvictionTaint(node) !== (ready !== 'True');
    if (!isNews) return [name];
    dirty.add(name);
    return [name, MONITOR];
  }

  function podsOfUnreadyNodes({ type, object, previous }: StoreEvent): readonly string[] {
    const { nodeName } = (object as Pod).spec;
    const isNew = type !== 'DELETED' && nodeName && nodeName !== (previous as Pod | undefined)?.spec.nodeName;
    return isNew && unready.has(nodeName) ? [keyFor(object)] : [];
  }

  /** Does the round that is due, taints the nodes whose turn has come, and says when to come back. */
  function monitor(context: SyncContext): SyncResult | undefined {
    const { now } = context;
    const due = nextDue(now);
    if (due !== undefined && due <= now) checkAll(context);
    const delays = [nextDue(now + 1), taintWaiting(context)]
      .filter((time) => time !== undefined)
      .map((time) => time - now);
    return delays.length === 0 ? undefined : { requeueAfter: Math.min(...delays) };
  }

  /** One round over the nodes that may have changed, and over the state of all zones. */
  function checkAll(context: SyncContext): void {
    const { reader } = context;
    const nodes = reader.list<Node>('nodes');
    register(nodes, context);
    const ready = new Map<string, number>();
    const notReady = new Map<string, number>();
    for (const node of nodes) {
      const name = node.metadata.name ?? '';
      const checked = dirty.has(name) || heardAt.has(name) || unready.has(name) ? checkHealth(node, context) : node;
      if (node.metadata.labels?.[EXCLUDED_FROM_DISRUPTION] !== undefined) continue;
      const zone = zoneKeyOf(checked);
      const [counts, other] = readyStatus(checked) === 'True' ? [ready, notReady] : [notReady, ready];
      counts.set(zone, (counts.get(zone) ?? 0) + 1);
      if (!other.has(zone)) other.set(zone, 0);
    }
    dirty.clear();
    handleDisruption(ready, notReady, nodes, context);
  }

  /** The round at which something is to be done: now for news, later when the grace of a silent node ends. */
  function nextDue(now: number): number | undefined {
    if (dirty.size > 0) return roundAt(now);
    let due: number | undefined;
    for (const [name, at] of heardAt) {
      if (unready.has(name)) continue;
      const grace = known.get(name) && readyStatus(known.get(name)!) === undefined ? graceAtStartup : graceAfterStatus;
      const end = roundAt(Math.max(at + grace + 1, now));
      if (due === undefined || end < due) due = end;
    }
    return due;
  }

  function roundAt(time: number): number {
    const start = phase ?? time;
    return start + Math.max(Math.ceil((time - start) / period), 0) * period;
  }

  function register(nodes: readonly Node[], context: SyncContext): void {
    const names = new Set<string>();
    for (const node of nodes) {
      const name = node.metadata.name ?? '';
      names.add(name);
      zoneOf(node);
      if (!known.has(name)) {
        context.recorder.event(
          node,
          'Normal',
          'RegisteredNode',
          `Node ${name} event: Registered Node ${name} in Controller`,
        );
        if (readyStatus(node) !== 'True') markReachable(node, context);
      }
      known.set(name, node);
    }
    for (const [name, node] of known) {
      if (names.has(name)) continue;
      context.recorder.event(
        node,
        'Normal',
        'RemovingNode',
        `Node ${name} event: Removing Node ${name} from Controller`,
      );
      known.delete(name);
    }
  }

  function zoneOf(node: Node): Zone {
    const key = zoneKeyOf(node);
    const zone = zones.get(key) ?? { state: 'Initial' as ZoneState, queue: new TaintQueue(evictionRate) };
    zones.set(key, zone);
    return zone;
  }

  /** Turns the conditions of a node Unknown whose grace is over, and sees to its eviction taint. */
  function checkHealth(given: Node, context: SyncContext): Node {
    const { client, recorder, reader, now } = context;
    const name = given.metadata.name ?? '';
    let node = reader.get<Node>('nodes', undefined, name) ?? given;
    const observed = readyStatus(node);
    const at = heardAt.get(name);
    const grace = observed === undefined ? graceAtStartup : graceAfterStatus;
    if (at !== undefined && now > at + grace && observed !== 'Unknown') {
      const conditions = unknownConditions(node, now);
      const answer = client.updateStatus('nodes', { ...node, status: { ...node.status, conditions } });
      if (answer.ok) node = answer.object;
    }
    known.set(name, node);
    const current = readyStatus(node);
    if (current === undefined) return node;
    if (current === 'True') unready.delete(name);
    else unready.add(name);
    node = processEviction(node, current, context);
    if (current !== 'True' && observed === 'True') {
      recorder.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
      for (const pod of reader.listByIndex<Pod>('pods', 'node', name)) markNotReady(pod, context);
    }
    return node;
  }

  function processEviction(node: Node, ready: string, context: SyncContext): Node {
    if (ready === 'True') return markReachable(node, context);
    const [wanted, opposite] = ready === 'False' ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY];
    if (hasTaint(node, opposite, NO_EXECUTE)) return swapEvictionTaints(node, wanted, opposite, context);
    const { queue } = zoneOf(node);
    const name = node.metadata.name ?? '';
    if (!hasTaint(node, wanted, NO_EXECUTE)) queue.remove(name);
    queue.add(name);
    return node;
  }

  function markReachable(node: Node, context: SyncContext): Node {
    zoneOf(node).queue.remove(node.metadata.name ?? '');
    const next = swapTaints(node, [], [evictionTaint(UNREACHABLE), evictionTaint(NOT_READY)], context.now);
    return next === node ? node : written(context.on(node).update('nodes', next), node);
  }

  /** Taints nodes that wait for it, as fast as their zone allows; tells when the next one may be tainted. */
  function taintWaiting(context: SyncContext): number | undefined {
    const { reader, now } = context;
    let delay: number | undefined;
    for (const key of [...zones.keys()].sort()) {
      const { queue } = zones.get(key)!;
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

  function handleDisruption(
    ready: ReadonlyMap<string, number>,
    notReady: ReadonlyMap<string, number>,
    nodes: readonly Node[],
    context: SyncContext,
  ): void {
    const { now, reader } = context;
    const states = new Map<string, ZoneState>();
    for (const [key, count] of ready) states.set(key, zoneStateOf(count, notReady.get(key) ?? 0, unhealthyThreshold));
    const allAre = [...states.values()].every((state) => state === 'FullDisruption');
    for (const key of zones.keys()) if (!states.has(key)) zones.delete(key);
    const allWere = [...zones.values()].every(({ state }) => state === 'FullDisruption');
    if (allAre && allWere) return;

    const sizeOf = (key: string) => (ready.get(key) ?? 0) + (notReady.get(key) ?? 0);
    if (allAre) {
      // When no node answers, the fault is more likely here than there: nothing is evicted.
      for (const { metadata } of nodes) {
        const node = reader.get<Node>('nodes', undefined, metadata.name ?? '');
        if (node) markReachable(node, context);
      }
      for (const zone of zones.values()) {
        zone.queue.setRate(0, now);
        zone.state = 'FullDisruption';
      }
      return;
    }
    if (allWere) for (const name of heardAt.keys()) heardAt.set(name, now);
    for (const [key, zone] of zones) {
      const state = states.get(key) ?? 'Normal';
      if (!allWere && zone.state === state) continue;
      zone.queue.setRate(
        state === 'PartialDisruption' ? (sizeOf(key) > largeCluster ? secondaryRate : 0) : evictionRate,
        now,
      );
      zone.state = state;
    }
  }
};

/** The first round comes so much of a period after the first node: where exactly is chance, this is where it falls most often. */
const FIRST_ROUND = 0.6;

/** Taints and labels that follow from the node itself, at once. */
function mirrorConditions(name: string, { client, reader, now }: SyncContext): void {
  const node = reader.get<Node>('nodes', undefined, name);
  if (!node) return;
  const next = withMirroredLabels(withConditionTaints(node, now));
  if (next !== node) client.update('nodes', next);
}

function withMirroredLabels(node: Node): Node {
  const { labels } = node.metadata;
  if (!labels) return node;
  const changed = MIRRORED_LABELS.filter(([from, to]) => labels[from] !== undefined && labels[from] !== labels[to]);
  if (changed.length === 0) return node;
  const mirrored = Object.fromEntries(changed.map(([from, to]) => [to, labels[from]!]));
  return { ...node, metadata: { ...node.metadata, labels: { ...labels, ...mirrored } } };
}

function unknownConditions(node: Node, now: number): readonly NodeCondition[] {
  const time = formatTime(now);
  const conditions = [...(node.status.conditions ?? [])];
  for (const type of KUBELET_CONDITIONS) {
    const at = conditions.findIndex((condition) => condition.type === type);
    const old = conditions[at];
    if (!old)
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        ...(node.metadata.creationTimestamp === undefined
          ? {}
          : { lastHeartbeatTime: node.metadata.creationTimestamp }),
        lastTransitionTime: time,
      });
    else if (old.status !== 'Unknown')
      conditions[at] = {
        ...old,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: time,
      };
  }
  return conditions;
}

function markNotReady(pod: Pod, context: SyncContext): void {
  const conditions = pod.status.conditions ?? [];
  const at = conditions.findIndex(({ type }) => type === 'Ready');
  const ready = conditions[at];
  if (!ready || ready.status === 'False') return;
  const next = conditions.with(at, { ...ready, status: 'False', lastTransitionTime: formatTime(context.now) });
  const answer = context.on(pod).updateStatus('pods', { ...pod, status: { ...pod.status, conditions: next } });
  if (answer.ok) context.recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
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

function hasEvictionTaint(node: Node): boolean {
  return hasTaint(node, NOT_READY, NO_EXECUTE) || hasTaint(node, UNREACHABLE, NO_EXECUTE);
}
