// What keeps pending pods off each node, for the matrix of nodes and plugins. Pods of a kind are looked at once.
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import type { NodeRefusal, PendingPod } from '../changes/plan.ts';
import { featureGates, type KubernetesOptions } from '../kubernetes-options.ts';
import { obstaclesOn } from '../scheduler/explain/obstacles.ts';
import { StaticCluster } from '../scheduler/explain/static-cluster.ts';
import { podClassOf } from '../scheduler/fast/pods/pod-class.ts';
import { CycleState } from '../scheduler/framework/cycle-state.ts';
import { PodInfo } from '../scheduler/framework/pod-info.ts';
import { isSuccess } from '../scheduler/framework/status.ts';
import { defaultConfiguration, type SchedulerConfiguration } from '../scheduler/profile/configuration.ts';
import type { World } from '../world.ts';
import { objectsAt } from './moment.ts';

export interface RefusalOptions {
  readonly kubernetes: KubernetesOptions;
  readonly scheduler?: SchedulerConfiguration;
}

/** Nodes times kinds of pods that are looked at; pods of further kinds have no refusals. */
const MOST_LOOKS = 200_000;

/** Adds what keeps the pods off the nodes of the settled cluster; pods that were refused as a whole stay as they are. */
export function withRefusals(
  pending: readonly PendingPod[],
  { store, clock }: World,
  { kubernetes, scheduler }: RefusalOptions,
): readonly PendingPod[] {
  if (pending.length === 0) return pending;
  const objects = objectsAt(store, store.revision);
  if (objects === 'expired') return pending;
  const gates = featureGates(kubernetes);
  const isFeatureEnabled = (name: string): boolean => gates.isEnabled(name);
  const { profiles } = scheduler ?? defaultConfiguration(isFeatureEnabled);
  const clusters = new Map<string, StaticCluster>();
  const known = new Map<string, readonly NodeRefusal[] | undefined>();
  let looks = 0;
  return pending.map((entry) => {
    const pod = store.get('pods', entry.pod.namespace, entry.pod.name) as Pod | undefined; // pods are filed there
    const profile = profiles.find(
      ({ schedulerName }) => schedulerName === (pod?.spec.schedulerName ?? 'default-scheduler'),
    );
    if (!pod || !profile) return entry;
    let cluster = clusters.get(profile.schedulerName);
    if (!cluster) {
      cluster = new StaticCluster(objects, { profile, now: clock.now, isFeatureEnabled });
      clusters.set(profile.schedulerName, cluster);
    }
    const info = new PodInfo(pod);
    const claims = (pod.spec.volumes ?? []).filter(
      ({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral,
    );
    const { resourceClaims, schedulingGroup } = pod.spec;
    const devices = resourceClaims && [resourceClaims, schedulingGroup];
    const kind = JSON.stringify([profile.schedulerName, podClassOf(info).text, claims, devices]);
    if (!known.has(kind)) {
      looks += cluster.cache.list().length;
      known.set(kind, looks <= MOST_LOOKS ? refusalsOf(cluster, info) : undefined);
    }
    const refusals = known.get(kind);
    return refusals && refusals.length > 0 ? { ...entry, refusals } : entry;
  });
}

/** Nodes with the same refusals together, in the order of their names. */
function refusalsOf({ framework }: StaticCluster, pod: PodInfo): readonly NodeRefusal[] | undefined {
  if (framework.runPreEnqueuePlugins(pod)) return undefined;
  const state = new CycleState();
  if (!isSuccess(framework.runPreFilterPlugins(state, pod).status)) return undefined;
  const groups = new Map<string, { readonly nodes: string[]; readonly refusal: Omit<NodeRefusal, 'nodes'> }>();
  const byName = [...framework.handle.snapshot.list()].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const nodeInfo of byName) {
    const by = obstaclesOn(framework, state, pod, nodeInfo).map(({ plugin, reasons }) => ({ plugin, reasons }));
    if (by.length === 0) continue;
    const key = JSON.stringify(by);
    const group = groups.get(key);
    if (group) group.nodes.push(nodeInfo.name);
    else groups.set(key, { nodes: [nodeInfo.name], refusal: { by } });
  }
  return [...groups.values()].map(({ nodes, refusal }) => ({ nodes, ...refusal }));
}
