// A scheduler over objects at hand, without API server and engine: asks it where pods would go, one after another.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import { ClusterCache } from '../cache/cluster-cache.ts';
import { Nominator } from '../cache/nominator.ts';
import { PodGroupStates } from '../cache/pod-group-states.ts';
import { FastPath } from '../fast/fast-path.ts';
import { PendingAllocations } from '../framework/pending-allocations.ts';
import { PodInfo } from '../framework/pod-info.ts';
import { Framework } from '../framework/runtime.ts';
import { WaitingPods } from '../framework/waiting-pods.ts';
import { makePlugins } from '../profile/make-plugins.ts';
import { DEFAULT_PROFILE, type Profile } from '../profile/profile.ts';
import { ObjectSet } from './object-set.ts';

interface StaticClusterOptions {
  readonly profile?: Profile;
  /** Milliseconds since the epoch. */
  readonly now?: number;
  readonly isFeatureEnabled?: (name: string) => boolean;
}

export class StaticCluster {
  readonly cache = new ClusterCache();
  readonly nominator = new Nominator();
  readonly objects: ObjectSet;
  readonly framework: Framework;
  readonly fast: FastPath;
  readonly podGroups: PodGroupStates;

  /** Nodes, pods on nodes and whatever else exists; pods without a node are left out. */
  constructor(
    objects: readonly KubeObject[],
    { profile = DEFAULT_PROFILE, now = 0, isFeatureEnabled = () => true }: StaticClusterOptions = {},
  ) {
    this.objects = new ObjectSet(objects);
    for (const node of this.objects.list<Node>('nodes')) this.cache.setNode(node);
    for (const pod of this.objects.list<Pod>('pods'))
      if (pod.spec.nodeName) this.cache.addPod(new PodInfo(pod), pod.spec.nodeName);
    this.podGroups = new PodGroupStates(isFeatureEnabled('GenericWorkload'));
    for (const pod of this.objects.list<Pod>('pods'))
      if (pod.spec.schedulingGroup) this.podGroups.set(new PodInfo(pod));
    this.framework = new Framework(
      {
        snapshot: this.cache,
        objects: this.objects,
        nominator: this.nominator,
        now: () => now,
        isFeatureEnabled,
        podGroups: this.podGroups,
        waitingPods: new WaitingPods(),
        activate: () => undefined,
        pendingAllocations: new PendingAllocations(),
      },
      (handle) => makePlugins(profile, handle),
    );
    this.fast = new FastPath(this.framework, profile, this.cache, this.nominator);
  }

  /** Counts a pod on a node from now on. */
  place(pod: PodInfo, nodeName: string): void {
    this.cache.addPod(new PodInfo({ ...pod.pod, spec: { ...pod.spec, nodeName } }), nodeName);
  }

  evict(pod: PodInfo): void {
    this.cache.removePod(pod.uid);
  }
}
