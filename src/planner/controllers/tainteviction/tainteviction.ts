// Deletes pods from nodes whose NoExecute taints they do not tolerate, or tolerate only for a while.
// Behaviour: pkg/controller/tainteviction/{taint_eviction,timed_workers}.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Node, Pod, Taint, Toleration } from '../../../schema/generated/types/core-v1.ts';
import { toleratesTaint } from '../../../selectors/toleration.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
} from '../../engine/controller.ts';
import { disruptPod } from '../pod-control/disrupt-pod.ts';

const EVENT = 'TaintManagerEviction';
const DISRUPTION = { reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint' };
const NO_EXECUTE = 'NoExecute';

interface Eviction {
  readonly startedAt: number;
  readonly fireAt: number;
}

export const taintEvictionController: ControllerFactory = () => {
  /** Evictions that wait for their time; 'done' keeps a pod from being evicted twice. */
  const evictions = new Map<string, Eviction | 'done'>();
  /** Which pod each of them is about. */
  const uids = new Map<string, string>();
  /** Pods that were being deleted when time began: a controller that has been running has seen to them. */
  const leaving = new Set<string>();
  /** Pods that were there when time began: their time has been running since their node was tainted. */
  const described = new Set<string>();
  return {
    name: 'taint-eviction-controller',
    watches: [
      { resource: 'pods', keys: keysOfPod },
      { resource: 'nodes', keys: keysOfPodsOnNode },
    ],
    sync(key, context) {
      const { namespace, name } = splitKey(key);
      const pod = context.reader.get<Pod>('pods', namespace, name);
      if (!pod) return cancel(key, podReference(key), context);
      // Made anew under its name: the one before was seen to go.
      if ((uids.get(key) ?? pod.metadata.uid) !== pod.metadata.uid) cancel(key, podReference(key), context);
      const node = context.reader.get<Node>('nodes', undefined, pod.spec.nodeName ?? '');
      const taints = noExecuteTaints(node);
      if (!node) return undefined;
      if (taints.length === 0) return cancel(key, pod, context);
      return decide(key, pod, taints, context);
    },
  };

  /** A pod on a node without such taints is of interest only while its eviction is planned or done. */
  function keysOfPod(event: StoreEvent, reader: ClusterReader): readonly string[] {
    const { metadata, spec } = event.object as Pod;
    const { nodeName } = spec;
    if (event.type === 'DELETED') {
      leaving.delete(keyFor(event.object));
      described.delete(keyFor(event.object));
    } else if (event.cause.who === 'inventory') {
      if (metadata.deletionTimestamp) leaving.add(keyFor(event.object));
      if (spec.tolerations?.some(isForAWhile)) described.add(keyFor(event.object));
    }
    if (
      evictions.size === 0 &&
      noExecuteTaints(nodeName ? reader.get<Node>('nodes', undefined, nodeName) : undefined).length === 0
    )
      return NOTHING;
    return podKeys(event);
  }

  function decide(key: string, pod: Pod, taints: readonly Taint[], context: SyncContext): SyncResult | undefined {
    const { now } = context;
    const seconds = toleratedSeconds(taints, pod.spec.tolerations ?? []);
    const scheduled = evictions.get(key);
    if (seconds === undefined) {
      cancel(key, pod, context);
      evict(key, pod, context);
      return undefined;
    }
    if (seconds === Number.POSITIVE_INFINITY) return cancel(key, pod, context);
    if (scheduled === 'done') return undefined;
    if (scheduled && scheduled.fireAt <= now) {
      evict(key, pod, context);
      return undefined;
    }
    const begun = !scheduled && described.has(key) ? begunBefore(pod, taints, now) : undefined;
    const startedAt = scheduled?.startedAt ?? begun?.at ?? now;
    // Time that has begun to run is never extended by starting over.
    if (scheduled && startedAt < now) return { requeueAfter: scheduled.fireAt - now };
    if (scheduled && scheduled.fireAt !== startedAt + seconds * 1000) cancel(key, pod, context);
    const fireAt = startedAt + (begun?.seconds ?? seconds) * 1000;
    plan(key, pod, { startedAt, fireAt });
    if (fireAt > now) return { requeueAfter: fireAt - now };
    evict(key, pod, context);
    return undefined;
  }

  function cancel(key: string, pod: Pod, { recorder }: SyncContext): undefined {
    const scheduled = evictions.get(key);
    evictions.delete(key);
    uids.delete(key);
    if (scheduled && scheduled !== 'done') recorder.event(pod, 'Normal', EVENT, `Cancelling deletion of Pod ${key}`);
    return undefined;
  }

  function plan(key: string, { metadata }: Pod, eviction: Eviction | 'done'): void {
    evictions.set(key, eviction);
    uids.set(key, metadata.uid ?? '');
  }

  function evict(key: string, pod: Pod, context: SyncContext): void {
    if (evictions.get(key) === 'done' || leaving.has(key)) return;
    plan(key, pod, 'done');
    context.recorder.event(pod, 'Normal', EVENT, `Marking for deletion Pod ${key}`);
    disruptPod(pod, DISRUPTION, context);
  }
};

function podKeys({ type, object, previous }: StoreEvent): readonly string[] {
  const pod = object as Pod;
  const old = type === 'MODIFIED' ? (previous as Pod | undefined) : undefined;
  const isSame =
    old && old.spec.nodeName === pod.spec.nodeName && semanticDeepEqual(old.spec.tolerations, pod.spec.tolerations);
  return isSame ? [] : [keyFor(pod)];
}

function keysOfPodsOnNode({ type, object, previous }: StoreEvent, reader: ClusterReader): readonly string[] {
  if (type === 'DELETED') return [];
  const taints = noExecuteTaints(object as Node);
  const before = type === 'MODIFIED' ? noExecuteTaints(previous as Node | undefined) : [];
  if (semanticDeepEqual(taints, before)) return [];
  return reader.listByIndex<Pod>('pods', 'node', object.metadata.name ?? '').map(keyFor);
}

const NOTHING: readonly string[] = [];
const NO_TAINTS: readonly Taint[] = [];

function noExecuteTaints(node: Node | undefined): readonly Taint[] {
  return node?.spec.taints?.filter(({ effect }) => effect === NO_EXECUTE) ?? NO_TAINTS;
}

/** For how many seconds all taints are tolerated; undefined when one is not. */
function toleratedSeconds(taints: readonly Taint[], tolerations: readonly Toleration[]): number | undefined {
  let least = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const toleration = tolerations.find((candidate) => toleratesTaint(candidate, taint));
    if (!toleration) return undefined;
    if (toleration.tolerationSeconds !== undefined) least = Math.min(least, Math.max(toleration.tolerationSeconds, 0));
  }
  return least;
}

function isForAWhile({ tolerationSeconds }: Toleration): boolean {
  return tolerationSeconds !== undefined;
}

/** When the first taint that is tolerated for a while met the pod, and for how long it was tolerated beside those before it. */
function begunBefore(
  pod: Pod,
  taints: readonly Taint[],
  now: number,
): { readonly at: number; readonly seconds: number } | undefined {
  const bound = boundAt(pod);
  const met = taints.map((taint) => ({
    taint,
    at: Math.min(now, Math.max(bound, parseTime(taint.timeAdded ?? '') ?? now)),
    seconds: toleratedSeconds([taint], pod.spec.tolerations ?? []) ?? 0,
  }));
  const limited = met.filter(({ seconds }) => seconds !== Number.POSITIVE_INFINITY);
  if (limited.length === 0) return undefined;
  const at = Math.min(...limited.map((each) => each.at));
  return { at, seconds: Math.min(...limited.filter((each) => each.at <= at).map(({ seconds }) => seconds)) };
}

/** As far as the description tells. */
function boundAt({ metadata, status = {} }: Pod): number {
  const scheduled = status.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'True');
  const times = [scheduled?.lastTransitionTime, status.startTime, metadata.creationTimestamp];
  return times.map((time) => parseTime(time ?? '')).find((time) => time !== undefined) ?? Number.NEGATIVE_INFINITY;
}

/** Stands for a pod that is gone, to have events written about it. */
function podReference(key: string): Pod {
  const { namespace = '', name } = splitKey(key);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name }, spec: {}, status: {} };
}
