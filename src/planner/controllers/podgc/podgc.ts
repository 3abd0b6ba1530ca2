// Removes pods that nobody else will: bound to nodes that are gone, terminating without a kubelet, and too many finished ones.
// Behaviour: pkg/controller/podgc/gc_controller.go, Kubernetes v1.36.3.
// Differs: the rounds of 20 seconds happen only when there is something to look at.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import { type ControllerFactory, keyFor, type SyncContext, splitKey } from '../../engine/controller.ts';
import { readyStatus } from '../../objects/node-readiness.ts';
import { DISRUPTION_TARGET, withPodCondition } from '../../objects/pod-condition.ts';

const ROUND = '#gc';
const PERIOD = 20_000;
/** How long a node has to be missing before its pods count as orphans. */
const QUARANTINE = 40_000;
const DEFAULT_TERMINATED_THRESHOLD = 12_500;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

interface MissingNode {
  /** Since when a round knows that it does not exist. */
  readonly since: number | undefined;
  /** Whether its pods were to be removed once. */
  readonly isTried: boolean;
}

const UNKNOWN: MissingNode = { since: undefined, isTried: false };

export const podGarbageCollector: ControllerFactory = ({ flags }) => {
  const threshold = Number(flags['terminated-pod-gc-threshold'] ?? DEFAULT_TERMINATED_THRESHOLD);
  const terminated = new Set<string>();
  /** Terminating pods that no kubelet holds. */
  const unplaced = new Set<string>();
  /** Nodes that will not finish their pods: not Ready and tainted as out of service. */
  const outOfService = new Set<string>();
  /** Nodes that pods are bound to and that do not exist. */
  const missing = new Map<string, MissingNode>();
  let phase: number | undefined;
  let lastRound: number | undefined;

  return {
    name: 'pod-garbage-collector-controller',
    watches: [
      { resource: 'pods', keys: notePod },
      { resource: 'nodes', keys: noteNode },
    ],
    sync(_key, context) {
      const { now, reader } = context;
      if (!isNeeded(reader)) return undefined;
      const round = nextRound(now);
      if (round > now) return { requeueAfter: round - now };
      // What a round itself has changed is seen by the next.
      if (lastRound === now) return { requeueAfter: PERIOD };
      lastRound = now;
      const isMoved = [collectTerminated(context), collectStuck(context), collectOrphans(context)].includes(true);
      // What was refused stays refused, and what finalizers hold stays held, until something else changes.
      return isNeeded(reader) ? { requeueAfter: PERIOD, routine: !isMoved } : undefined;
    },
  };

  function notePod({ type, object, at }: StoreEvent, reader: ClusterReader): readonly string[] {
    phase ??= at;
    const pod = object as Pod;
    const exists = type !== 'DELETED';
    toggle(terminated, pod, exists && isTerminated(pod));
    const { nodeName } = pod.spec;
    toggle(unplaced, pod, exists && pod.metadata.deletionTimestamp !== undefined && !nodeName);
    if (exists && nodeName && !missing.has(nodeName) && !reader.get('nodes', undefined, nodeName))
      missing.set(nodeName, UNKNOWN);
    return isNeeded(reader) ? [ROUND] : [];
  }

  function noteNode({ type, object, at }: StoreEvent, reader: ClusterReader): readonly string[] {
    phase ??= at;
    const name = object.metadata.name ?? '';
    toggle(outOfService, object, type !== 'DELETED' && isOutOfService(object as Node));
    if (type !== 'DELETED') missing.delete(name);
    else if (reader.listByIndex('pods', 'node', name).length > 0) missing.set(name, UNKNOWN);
    return isNeeded(reader) ? [ROUND] : [];
  }

  function isNeeded(reader: ClusterReader): boolean {
    return (
      missing.size > 0 ||
      (threshold > 0 && terminated.size > threshold) ||
      unplaced.size > 0 ||
      (outOfService.size > 0 && stuckPods(reader).length > 0)
    );
  }

  function nextRound(now: number): number {
    const start = phase ?? now;
    return start + Math.ceil((now - start) / PERIOD) * PERIOD;
  }

  /** Terminating pods that no kubelet will finish: without a node, or on one that is out of service. */
  function stuckPods(reader: ClusterReader): readonly Pod[] {
    const held = [...outOfService].sort().flatMap((name) => reader.listByIndex<Pod>('pods', 'node', name));
    return [...podsOf(unplaced, reader), ...held.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)];
  }

  /** As the two below: whether anything has moved, or will with time alone. */
  function collectTerminated(context: SyncContext): boolean {
    const excess = terminated.size - threshold;
    if (threshold <= 0 || excess <= 0) return false;
    const oldest = [...podsOf(terminated, context.reader)].sort(byEvictionAndAge).slice(0, excess);
    return removeAll(oldest, context);
  }

  function collectStuck(context: SyncContext): boolean {
    return removeAll(stuckPods(context.reader), context);
  }

  function collectOrphans(context: SyncContext): boolean {
    const { now, reader } = context;
    let isMoved = false;
    for (const name of [...missing.keys()].sort()) {
      const { since, isTried } = missing.get(name)!;
      const pods = reader.listByIndex<Pod>('pods', 'node', name);
      if (pods.length === 0) missing.delete(name);
      else if (since === undefined) {
        missing.set(name, { since: now, isTried: false });
        isMoved = true;
      } else if (now - since >= QUARANTINE) {
        isMoved = removeAll(pods, context, ORPHANED) || isMoved;
        missing.set(name, { since: now, isTried: true });
      } else if (!isTried) isMoved = true;
    }
    return isMoved;
  }
};

type PodCondition = NonNullable<Pod['status']['conditions']>[number];

const ORPHANED: PodCondition = {
  type: DISRUPTION_TARGET,
  status: 'True',
  reason: 'DeletionByPodGC',
  message: 'PodGC: node no longer exists',
};

/** Whether any of the pods has changed by it or gone. */
function removeAll(pods: readonly Pod[], context: SyncContext, condition?: PodCondition): boolean {
  let isMoved = false;
  for (const pod of pods) {
    remove(pod, context, condition);
    const { namespace, name = '' } = pod.metadata;
    if (context.reader.get('pods', namespace, name) !== pod) isMoved = true;
  }
  return isMoved;
}

/** Marks a pod that has not finished as failed, then deletes it at once. */
function remove(pod: Pod, context: SyncContext, condition?: PodCondition): void {
  const client = context.on(pod);
  const { namespace, name = '', generation } = pod.metadata;
  if (pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed') {
    const marked = condition ? withPodCondition(pod, condition, context.now) : pod;
    const status = { ...marked.status, phase: 'Failed', ...(generation ? { observedGeneration: generation } : {}) };
    if (!client.updateStatus('pods', { ...marked, status }).ok) return;
  }
  client.delete('pods', { namespace, name }, { gracePeriodSeconds: 0 });
}

function isOutOfService(node: Node): boolean {
  return readyStatus(node) !== 'True' && (node.spec.taints?.some(({ key }) => key === OUT_OF_SERVICE) ?? false);
}

function isTerminated({ status: { phase = 'Pending' } }: Pod): boolean {
  return phase !== 'Pending' && phase !== 'Running' && phase !== 'Unknown';
}

function byEvictionAndAge(a: Pod, b: Pod): number {
  const isEvicted = ({ status }: Pod) => status.phase === 'Failed' && status.reason === 'Evicted';
  const order = (pod: Pod) => `${isEvicted(pod) ? 0 : 1} ${pod.metadata.creationTimestamp ?? ''} ${pod.metadata.name}`;
  return order(a) < order(b) ? -1 : 1;
}

function podsOf(keys: ReadonlySet<string>, reader: ClusterReader): readonly Pod[] {
  const pods: Pod[] = [];
  for (const key of keys) {
    const { namespace, name } = splitKey(key);
    const pod = reader.get<Pod>('pods', namespace, name);
    if (pod) pods.push(pod);
  }
  return pods;
}

function toggle(set: Set<string>, object: KubeObject, isIn: boolean): void {
  if (isIn) set.add(keyFor(object));
  else if (set.size > 0) set.delete(keyFor(object));
}
