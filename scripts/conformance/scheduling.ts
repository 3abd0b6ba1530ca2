// Asks the scheduler about recorded clusters and answers in the form of the recordings.
import type { KubeObject } from '../../src/apimachinery/object.ts';
import { loadCel } from '../../src/apiserver/cel/loaded.ts';
import { defaultPod } from '../../src/apiserver/core/pod/defaults.ts';
import { decodeInto } from '../../src/apiserver/decode.ts';
import { featureGates } from '../../src/planner/kubernetes-options.ts';
import { type Decision, decidePod } from '../../src/planner/scheduler/explain/decision.ts';
import { StaticCluster } from '../../src/planner/scheduler/explain/static-cluster.ts';
import { PodInfo } from '../../src/planner/scheduler/framework/pod-info.ts';
import { isSuccess, statusMessage } from '../../src/planner/scheduler/framework/status.ts';
import type { Pod } from '../../src/schema/generated/types/core-v1.ts';
import { readCases } from './cases.ts';

interface SchedulingCase {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly pending: readonly Pod[];
}

/** The recordings were made with pods coming to the queue a millisecond apart. */
export async function runScheduling(path: string, write: (line: string) => void): Promise<void> {
  await loadCel();
  for (const recorded of readCases<SchedulingCase>(path))
    write(JSON.stringify({ name: recorded.name, pods: runCase(recorded) }));
}

/** What the scheduler makes of one cluster, pod by pod. */
export function runCase({ objects, pending }: SchedulingCase): readonly Record<string, unknown>[] {
  let bound = 0;
  const cluster = new StaticCluster(
    objects.map((object) => (isPod(object) ? asStored(object, `bound-${String(bound++).padStart(6, '0')}`) : object)),
    { now: Date.parse('2026-01-01T00:00:00Z') },
  );
  const { framework } = cluster;
  const queue = pending.map((pod, i) => ({
    podInfo: new PodInfo(asStored(pod, `pending-${String(i).padStart(6, '0')}`)),
    timestamp: i,
  }));
  const { less } = framework.plugins.queueSort;
  queue.sort((a, b) => (less(a, b) ? -1 : less(b, a) ? 1 : 0));
  return queue.map(({ podInfo }) => {
    const decision = decidePod(framework, podInfo);
    return { ...describe(decision), ...carryOut(cluster, podInfo, decision) };
  });
}

function describe({
  pod,
  gated,
  preFilter,
  nodes,
  best,
  message,
  hasFailed,
  nominated,
  victims,
}: Decision): Record<string, unknown> {
  return {
    pod,
    ...(gated ? { gated } : {}),
    ...(preFilter ? { preFilter } : {}),
    // Where the cycle ends with an error nothing else is recorded.
    ...(nodes.length > 0 && !hasFailed ? { nodes } : {}),
    ...(best.length > 0 ? { best } : {}),
    ...(message ? { message } : {}),
    ...(nominated ? { nominated } : {}),
    ...(victims
      ? {
          victims: toDelete(victims)
            .map(({ key }) => key)
            .sort(),
        }
      : {}),
  };
}

/** Victims that are on their way out are not deleted again; the others go by name, as when the recordings were made. */
function toDelete(victims: readonly PodInfo[]): readonly PodInfo[] {
  return victims.filter(({ isTerminating }) => !isTerminating).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The pod takes its place, or that of its victims. */
function carryOut(
  cluster: StaticCluster,
  pod: PodInfo,
  { node, nominated, victims = [], state }: Decision,
): Record<string, unknown> {
  for (const victim of toDelete(victims)) cluster.evict(victim);
  const bound = node ?? nominated;
  if (bound === undefined) return {};
  if (node !== undefined) {
    const status = cluster.framework.runReservePlugins(state, pod, node);
    if (!isSuccess(status)) return { message: statusMessage(status) };
  }
  cluster.place(pod, bound);
  return { bound };
}

function isPod(object: KubeObject): object is Pod {
  return object.kind === 'Pod';
}

const POD = { resource: { group: '', kind: 'Pod' }, version: 'v1' };
const FEATURES = featureGates({ version: '1.36', featureGates: {} });

/** As the API server would have stored it. */
function asStored(pod: Pod, uid: string): Pod {
  const named = { ...pod, metadata: { uid, ...pod.metadata } };
  const decoded = decodeInto({ value: named }, POD, '1.36', { strict: false });
  if (!decoded.ok) throw new Error(`${pod.metadata.name}: ${decoded.error}`);
  return defaultPod(decoded.object as Pod, FEATURES); // it was decoded as one
}
