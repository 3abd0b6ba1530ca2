// Watches whether nodes answer, says so in their conditions, taints and labels, and in the readiness of their pods.
// Behaviour: pkg/controller/nodelifecycle/node_lifecycle_controller.go, Kubernetes v1.36.3.
// Differs: a node counts as heard of until the moment it is told to keep silent, instead of by heartbeats; the monitor's rounds
// happen only when something may have changed, on the grid of --node-monitor-period.
import { mustParseTime } from '../../../apimachinery/time/time.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
} from '../../engine/controller.ts';
import { isNotResponding } from '../../kubelet/outcome.ts';
import { readyStatus } from '../../objects/node-readiness.ts';
import { markNotReady, mirrorConditions, unknownConditions } from './node-status.ts';
import { settingsOf } from './settings.ts';
import { hasEvictionTaint, ZoneEvictions } from './zone-evictions.ts';
import { zoneKeyOf } from './zones.ts';

/** A round of the monitor; no node can have this name. */
const MONITOR = '#monitor';
const EXCLUDED_FROM_DISRUPTION = 'node.kubernetes.io/exclude-disruption';

export const nodeLifecycleController: ControllerFactory = ({ flags }) => {
  const settings = settingsOf(flags);
  const { period, graceAfterStatus, graceAtStartup } = settings;
  const evictions = new ZoneEvictions(settings);
  const known = new Map<string, Node>();
  /** When a silent node was heard of last. */
  const heardAt = new Map<string, number>();
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
      if (hasEvictionTaint(node)) evictions.pass(node);
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
    const delays = [nextDue(now + 1), evictions.taintWaiting(context)]
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
    // Silence is counted anew.
    if (evictions.handleDisruption({ ready, notReady }, nodes, context))
      for (const name of heardAt.keys()) heardAt.set(name, context.now);
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
      evictions.register(node);
      if (!known.has(name)) {
        context.recorder.event(
          node,
          'Normal',
          'RegisteredNode',
          `Node ${name} event: Registered Node ${name} in Controller`,
        );
        if (readyStatus(node) !== 'True') evictions.markReachable(node, context);
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
    node = evictions.processEviction(node, current, context);
    if (current !== 'True' && observed === 'True') {
      recorder.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
      for (const pod of reader.listByIndex<Pod>('pods', 'node', name)) markNotReady(pod, context);
    }
    return node;
  }
};

/** The first round comes so much of a period after the first node: where exactly is chance, this is where it falls most often. */
const FIRST_ROUND = 0.6;
