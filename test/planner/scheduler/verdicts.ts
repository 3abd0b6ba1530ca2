// What the default profile decides about one pod, node by node, in a form that tables can hold.
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { decidePod } from '../../../src/planner/scheduler/explain/decision.ts';
import { StaticCluster } from '../../../src/planner/scheduler/explain/static-cluster.ts';
import type { Profile } from '../../../src/planner/scheduler/profile/profile.ts';
import type { PodBuilder } from './builders.ts';

interface Built {
  build(): KubeObject;
}

/** Things of a cluster: builders of nodes and pods, and plain objects. */
export type Things = readonly (Built | KubeObject)[];

export function clusterOf(things: Things, profile?: Profile): StaticCluster {
  const objects = things.map((thing) => ('build' in thing ? thing.build() : thing));
  return new StaticCluster(objects, profile ? { profile } : {});
}

/** By node: `ok`, or the plugin that refuses the pod with its reasons; `*` when the pod is refused as a whole. */
export function verdicts(things: Things, pod: PodBuilder, profile?: Profile): Readonly<Record<string, string>> {
  const { nodes, preFilter, gated, message } = decidePod(clusterOf(things, profile).framework, pod.info());
  if (gated !== undefined) return { '*': gated };
  if (preFilter !== undefined) return { '*': preFilter };
  if (nodes.length === 0) return { '*': message ?? '' };
  return Object.fromEntries(
    nodes.map(({ node, status, plugin, reasons = [] }) => [
      node,
      status === 'Success' ? 'ok' : `${plugin}${status === 'Unschedulable' ? '' : '!'}: ${reasons.join(', ')}`,
    ]),
  );
}

/** By node: the score of one plugin times its weight; absent where the plugin had nothing to say. */
export function scores(
  plugin: string,
  things: Things,
  pod: PodBuilder,
  profile?: Profile,
): Readonly<Record<string, number | undefined>> {
  const { nodes } = decidePod(clusterOf(things, profile).framework, pod.info());
  return Object.fromEntries(
    nodes.map(({ node, scores: all = [] }) => [node, all.find((score) => score.plugin === plugin)?.score]),
  );
}
