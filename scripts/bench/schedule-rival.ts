// kube-scheduler itself on the same small input in the same run: how many pods a second it places, and whether on the same nodes.
// The environment variable KUBEPLAN_SCHEDORACLE names a program that runs the real scheduling framework: one cluster as JSON on
// standard input (objects, pending pods), the decisions and the milliseconds spent on standard output.
import { spawnSync } from 'node:child_process';
import type { KubeObject } from '../../src/apimachinery/object.ts';
import { StaticCluster } from '../../src/planner/scheduler/explain/static-cluster.ts';
import { PodInfo } from '../../src/planner/scheduler/framework/pod-info.ts';
import { schedulePod, searchOfAllNodes } from '../../src/planner/scheduler/schedule-one.ts';
import type { Pod } from '../../src/schema/generated/types/core-v1.ts';
import type { Workload } from './schedule-workloads.ts';

/** Pods that are there already, of each kind. */
const BOUND = 500;
const PENDING = 20;

export interface Rivalry {
  /** Pods a second of kube-scheduler, and of ours on the same input. */
  readonly real: number;
  readonly ours: number;
  readonly isSame: boolean;
}

interface Answer {
  readonly ms: number;
  readonly pods: readonly { readonly pod: string; readonly bound?: string }[];
}

/** undefined where there is no such program, or the workload evicts pods, for which it waits in real time. */
export function compareWithKubernetes(workload: Workload): Rivalry | undefined {
  const program = process.env['KUBEPLAN_SCHEDORACLE'];
  if (!program || workload.name.startsWith('Preemption')) return undefined;
  const { objects, pending } = smallInput(workload);
  const run = spawnSync(program, ['-brief', '-timing'], {
    input: `${JSON.stringify({ name: workload.name, objects, pending })}\n`,
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`${program}: ${run.stderr}`);
  const answer = JSON.parse(run.stdout) as Answer;
  const { placements, seconds } = placeOurselves(objects, pending);
  return {
    real: (pending.length * 1000) / answer.ms,
    ours: pending.length / seconds,
    isSame: answer.pods.every(({ pod, bound }) => placements.get(pod) === bound),
  };
}

function smallInput({ nodes, objects = [], initial = [], measured }: Workload): {
  readonly objects: readonly KubeObject[];
  readonly pending: readonly Pod[];
} {
  const all: KubeObject[] = [...nodes, ...objects];
  let bound = 0;
  for (const { count, make } of initial)
    for (let i = 0; i < Math.min(count, BOUND); i++)
      for (const object of make(i)) {
        const nodeName = nodes[bound % nodes.length]!.metadata.name ?? '';
        const isPod = object.kind === 'Pod';
        if (isPod) bound += 1;
        all.push(isPod ? ({ ...object, spec: { ...(object as Pod).spec, nodeName } } as Pod) : object);
      }
  const pending: Pod[] = [];
  for (let i = 0; i < Math.min(measured.count, PENDING); i++)
    for (const object of measured.make(i)) {
      if (object.kind === 'Pod')
        pending.push(object as Pod); // of that kind
      else all.push(object);
    }
  return { objects: all, pending };
}

function placeOurselves(
  objects: readonly KubeObject[],
  pending: readonly Pod[],
): { readonly placements: ReadonlyMap<string, string>; readonly seconds: number } {
  const { framework, fast, cache } = new StaticCluster(objects);
  const placements = new Map<string, string>();
  const started = process.cpuUsage();
  for (const pod of pending) {
    const info = new PodInfo(pod);
    const { outcome, state } = fast.schedule(info, 100) ?? schedulePod(framework, info, searchOfAllNodes());
    if (outcome.kind !== 'scheduled') continue;
    framework.runReservePlugins(state, info, outcome.node);
    cache.addPod(new PodInfo({ ...pod, spec: { ...pod.spec, nodeName: outcome.node } }), outcome.node);
    placements.set(info.key, outcome.node);
  }
  const { user, system } = process.cpuUsage(started);
  return { placements, seconds: Math.max(user + system, 1) / 1e6 };
}
