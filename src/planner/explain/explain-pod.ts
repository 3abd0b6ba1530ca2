// Explains where pods of a settled world are or why they wait, on the cluster as it was when the scheduler decided.
import type { KubeObject } from '../../apimachinery/object.ts';
import { LABEL_TOPOLOGY_ZONE } from '../../apimachinery/well-known/labels.ts';
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import { featureGates, type KubernetesOptions } from '../kubernetes-options.ts';
import { explainPod, type Explanation as Findings } from '../scheduler/explain/explanation.ts';
import { lacksOnly } from '../scheduler/explain/obstacles.ts';
import { StaticCluster } from '../scheduler/explain/static-cluster.ts';
import { podClassOf } from '../scheduler/fast/pods/pod-class.ts';
import { PodInfo } from '../scheduler/framework/pod-info.ts';
import { defaultConfiguration, type SchedulerConfiguration } from '../scheduler/profile/configuration.ts';
import type { Profile } from '../scheduler/profile/profile.ts';
import type { World } from '../world.ts';
import { Histories, type History, type Moment, objectsAt } from './moment.ts';
import type { ExplainedNode, Explanation, PodExplanation, PodRef } from './pod-explanation.ts';
import { explainGroup } from './pod-group.ts';
import { explainPreemption } from './preemption.ts';

interface ExplainOptions {
  readonly kubernetes: KubernetesOptions;
  readonly scheduler?: SchedulerConfiguration;
  /** Simulated time when the manifests were applied. */
  readonly appliedAt: number;
}

export function explainPods(world: World, pods: readonly PodRef[], options: ExplainOptions): Explanation {
  const explainer = new PodExplainer(world, options);
  return {
    apiVersion: 'kubeplan.dev/v1',
    kind: 'Explanation',
    formatVersion: '1.0',
    kubernetesVersion: options.kubernetes.version,
    pods: pods.flatMap((pod) => explainer.explain(pod) ?? []),
  };
}

/** Keeps the settled cluster from one pod to the next. */
class PodExplainer {
  readonly #world: World;
  readonly #options: ExplainOptions;
  readonly #isFeatureEnabled: (name: string) => boolean;
  readonly #configuration: SchedulerConfiguration;
  readonly #settled = new Map<string, StaticCluster>();
  #histories: Histories | undefined;
  /** Waiting pods that stand for others. */
  readonly #alike = new Map<string, PodExplanation>();

  constructor(world: World, options: ExplainOptions) {
    const gates = featureGates(options.kubernetes);
    this.#world = world;
    this.#options = options;
    this.#isFeatureEnabled = (name) => gates.isEnabled(name);
    this.#configuration = options.scheduler ?? defaultConfiguration(this.#isFeatureEnabled);
  }

  explain({ namespace, name }: PodRef): PodExplanation | undefined {
    const pod = this.#world.store.get('pods', namespace, name) as Pod | undefined; // pods are filed there
    if (!pod) return undefined;
    const ref = { namespace, name };
    const profileName = pod.spec.schedulerName ?? 'default-scheduler';
    const profile = this.#configuration.profiles.find(({ schedulerName }) => schedulerName === profileName);
    if (!profile) return { ...NOTHING, pod: ref, profile: profileName, outcome: 'foreign' };
    this.#histories ??= new Histories(this.#world.store);
    const history = this.#histories.of(ref);
    const kind = history.preempted ? undefined : kindOf(pod);
    const known = kind === undefined ? undefined : this.#alike.get(kind);
    if (known) return { ...known, pod: ref };
    const explained = this.#explainAnew(pod, ref, profile, history);
    if (kind !== undefined) this.#alike.set(kind, explained);
    return explained;
  }

  #explainAnew(pod: Pod, ref: PodRef, profile: Profile, { bound, preempted }: History): PodExplanation {
    const preemption = preempted && this.#preemption(ref, profile, preempted);
    const moment = pod.spec.nodeName ? bound : undefined;
    const cluster = (moment && this.#clusterAt(moment, profile)) ?? this.#settledCluster(profile);
    const wasBefore = (moment && this.#podAt(ref, moment)) ?? unassigned(pod);
    const info = new PodInfo(wasBefore);
    // Of a pod that is there already the question is where it would go if it were not.
    if (!moment) cluster.evict(info);
    const findings = explainPod(cluster.framework, info);
    if (!moment && pod.spec.nodeName) cluster.place(info, pod.spec.nodeName);
    const { gated, message } = findings.decision;
    const group = this.#isFeatureEnabled('GenericWorkload') ? explainGroup(this.#world.store, pod) : undefined;
    // A pod that would fit by itself waits for its group: then the scheduler's own words say why.
    const told = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
    const found = { node: pod.spec.nodeName, message: gated ?? (group ? (told ?? message) : message) };
    return {
      pod: ref,
      outcome: pod.spec.nodeName ? (bound ? 'scheduled' : 'given') : gated !== undefined ? 'gated' : 'unschedulable',
      ...(found.node ? { node: found.node } : found.message ? { message: found.message } : {}),
      ...(moment ? { at: Math.round((moment.at - this.#options.appliedAt) / 1000) } : {}),
      profile: profile.schedulerName,
      nodes: nodesOf(findings, cluster, info),
      best: findings.decision.best,
      ...zonesOf(findings, cluster),
      remedies: pod.spec.nodeName || group ? [] : findings.remedies,
      ...(preemption ? { preemption } : {}),
      ...(group ? { group } : {}),
    };
  }

  #preemption(ref: PodRef, profile: Profile, moment: Moment): PodExplanation['preemption'] {
    const cluster = this.#clusterAt(moment, profile);
    const pod = this.#podAt(ref, moment);
    return cluster && pod && explainPreemption(cluster.framework, profile.args.DefaultPreemption, new PodInfo(pod));
  }

  #podAt({ namespace, name }: PodRef, { revision }: Moment): Pod | undefined {
    const pods = this.#world.store.listAt('pods', revision);
    if (pods === 'expired') return undefined;
    return pods.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name) as Pod | undefined; // a list of pods
  }

  #settledCluster(profile: Profile): StaticCluster {
    let cluster = this.#settled.get(profile.schedulerName);
    if (!cluster) {
      const { store, clock } = this.#world;
      const objects = objectsAt(store, store.revision);
      cluster = this.#cluster(objects === 'expired' ? [] : objects, profile, clock.now);
      this.#settled.set(profile.schedulerName, cluster);
    }
    return cluster;
  }

  #clusterAt({ revision, at }: Moment, profile: Profile): StaticCluster | undefined {
    const objects = objectsAt(this.#world.store, revision);
    return objects === 'expired' ? undefined : this.#cluster(objects, profile, at);
  }

  #cluster(objects: readonly KubeObject[], profile: Profile, now: number): StaticCluster {
    const cluster = new StaticCluster(objects.filter(isAlive), {
      profile,
      now,
      isFeatureEnabled: this.#isFeatureEnabled,
    });
    for (const object of objects)
      if (object.kind === 'Pod' && isPromised(object as Pod)) cluster.nominator.add(new PodInfo(object as Pod)); // of that kind
    return cluster;
  }
}

const NOTHING = { nodes: [], best: [], remedies: [] } as const;

/** Volumes that say nothing of where a pod may be. */
const ANYWHERE = ['configMap', 'secret', 'projected', 'emptyDir', 'downwardAPI'] as const;

/** Waiting pods of one kind have the same explanation; undefined for a pod that is like no other. */
function kindOf(pod: Pod): string | undefined {
  const { spec, status, metadata } = pod;
  const isPlain =
    !spec.nodeName &&
    !status?.nominatedNodeName &&
    metadata.deletionTimestamp === undefined &&
    !spec.resourceClaims &&
    !spec.schedulingGroup &&
    (spec.volumes ?? []).every((volume) => ANYWHERE.some((source) => volume[source] !== undefined));
  if (!isPlain) return undefined;
  const { text } = podClassOf(new PodInfo(pod));
  return JSON.stringify([spec.schedulerName, text, spec.preemptionPolicy, spec.schedulingGates, spec.hostNetwork]);
}

function isAlive(object: KubeObject): boolean {
  const phase = object.kind === 'Pod' ? (object as Pod).status?.phase : undefined;
  return phase !== 'Succeeded' && phase !== 'Failed';
}

function isPromised({ spec, status }: Pod): boolean {
  return !spec.nodeName && Boolean(status?.nominatedNodeName);
}

function unassigned(pod: Pod): Pod {
  const { nodeName: _given, ...spec } = pod.spec;
  return { ...pod, spec };
}

function nodesOf({ decision, rejections }: Findings, cluster: StaticCluster, pod: PodInfo): readonly ExplainedNode[] {
  const weights = new Map(cluster.framework.plugins.score.map(({ plugin, weight }) => [plugin.name, weight]));
  const obstaclesOf = new Map(rejections.map(({ node, obstacles }) => [node, obstacles]));
  const nodes = decision.nodes.map((verdict): ExplainedNode => {
    const { node, status, plugin, reasons, scores, total } = verdict;
    if (status === 'Success')
      return {
        node,
        feasible: true,
        obstacles: [],
        ...(scores
          ? { scores: scores.map((score) => ({ ...score, weight: weights.get(score.plugin) ?? 1 })), total: total ?? 0 }
          : {}),
      };
    const obstacles = obstaclesOf.get(node) ?? [];
    const nodeInfo = cluster.cache.get(node);
    const lacks = obstacles.length === 1 && nodeInfo ? lacksOnly(obstacles[0]!.plugin, pod, nodeInfo) : undefined;
    return {
      node,
      feasible: false,
      ...(plugin ? { plugin } : {}),
      ...(reasons ? { reasons } : {}),
      obstacles,
      ...(lacks ? { lacks } : {}),
    };
  });
  return nodes.sort(
    (a, b) =>
      Number(b.feasible) - Number(a.feasible) ||
      (b.total ?? 0) - (a.total ?? 0) ||
      a.obstacles.length - b.obstacles.length ||
      (a.node < b.node ? -1 : 1),
  );
}

/** Plugins that keep a pod out of a place, not only off a node that is full or set apart. */
const PLACING: ReadonlySet<string> = new Set([
  'NodeAffinity',
  'VolumeBinding',
  'VolumeZone',
  'PodTopologySpread',
  'InterPodAffinity',
]);

function zonesOf({ rejections, decision }: Findings, { cache }: StaticCluster): Pick<PodExplanation, 'zones'> {
  if (decision.gated !== undefined || decision.preFilter !== undefined) return {};
  const placed = new Set(
    rejections.filter(({ obstacles }) => obstacles.some(({ plugin }) => PLACING.has(plugin))).map(({ node }) => node),
  );
  const all = new Set<string>();
  const allowed = new Set<string>();
  for (const { name, labels } of cache.list()) {
    const zone = labels[LABEL_TOPOLOGY_ZONE];
    if (zone === undefined) continue;
    all.add(zone);
    if (!placed.has(name)) allowed.add(zone);
  }
  return allowed.size < all.size ? { zones: { allowed: [...allowed].sort(), of: all.size } } : {};
}
