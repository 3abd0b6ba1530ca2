// What the parts of the scheduler share: the cluster as it sees it, the queue and its profiles.
// Behaviour: pkg/scheduler/scheduler.go (Scheduler, New), pkg/scheduler/profile/profile.go, Kubernetes v1.36.3.
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { ControllerOptions } from '../engine/controller.ts';
import { ClusterCache } from './cache/cluster-cache.ts';
import { Nominator } from './cache/nominator.ts';
import { PodGroupStates } from './cache/pod-group-states.ts';
import { FastPath } from './fast/fast-path.ts';
import { PendingAllocations } from './framework/pending-allocations.ts';
import type { ClusterLister, SchedulerServices } from './framework/plugin.ts';
import type { PodInfo } from './framework/pod-info.ts';
import { Framework } from './framework/runtime.ts';
import { WaitingPods } from './framework/waiting-pods.ts';
import type { SchedulerConfiguration } from './profile/configuration.ts';
import { makePlugins } from './profile/make-plugins.ts';
import { SchedulingQueue } from './queue/scheduling-queue.ts';
import type { NodeRotation, NodeSearch } from './schedule-one.ts';

/** A profile with what it keeps from pod to pod. */
export interface ProfileRun {
  readonly framework: Framework;
  readonly search: NodeSearch;
  readonly fast: FastPath;
}

export class SchedulerState {
  readonly cache = new ClusterCache();
  readonly nominator = new Nominator();
  readonly podGroups: PodGroupStates;
  readonly waitingPods = new WaitingPods();
  /** Whether a pod without a node may be what others wait for. */
  readonly wakesByNewPods: boolean;
  readonly profiles: ReadonlyMap<string, ProfileRun>;
  readonly queue: SchedulingQueue;
  #reader: ClusterReader | undefined;
  #now = 0;
  /** Simulated time, milliseconds since the epoch. */
  readonly now = (): number => this.#now;

  constructor(configuration: SchedulerConfiguration, { isFeatureEnabled }: ControllerOptions) {
    const { cache, nominator } = this;
    const objects: ClusterLister = {
      get: (resource, namespace, name) => this.#reader?.get(resource, namespace, name),
      list: (resource, namespace) => this.#reader?.list(resource, namespace) ?? [],
    };
    this.podGroups = new PodGroupStates(isFeatureEnabled('GenericWorkload'));
    this.wakesByNewPods = isFeatureEnabled('GangScheduling');
    const { podGroups, waitingPods, now } = this;
    const pendingAllocations = new PendingAllocations();
    const activate = (pods: readonly PodInfo[]): void => {
      for (const { key } of pods) this.queue.activate(key);
    };
    const services: SchedulerServices = {
      snapshot: cache,
      objects,
      nominator,
      now,
      isFeatureEnabled,
      podGroups,
      waitingPods,
      activate,
      pendingAllocations,
    };
    const rotation: NodeRotation = { nextStartNodeIndex: 0 };
    const profiles = configuration.profiles.map((profile): [string, ProfileRun] => {
      const framework = new Framework(services, (handle) => makePlugins(profile, handle));
      const percentageOfNodesToScore = profile.percentageOfNodesToScore ?? configuration.percentageOfNodesToScore;
      const search: NodeSearch = { percentageOfNodesToScore, rotation };
      return [profile.schedulerName, { framework, search, fast: new FastPath(framework, profile, cache, nominator) }];
    });
    this.profiles = new Map(profiles);
    this.queue = new SchedulingQueue({
      frameworkOf: (pod) => this.profileOf(pod)?.framework,
      nominator,
      now,
      initialBackoff: configuration.podInitialBackoffSeconds * 1000,
      maxBackoff: configuration.podMaxBackoffSeconds * 1000,
      isGroupMember: (pod) => podGroups.isMember(pod),
    });
    this.queue.register(profiles.flatMap(([, { framework }]) => framework.plugins.all));
  }

  /** From now on plugins see this cluster at this time, which never goes back. */
  see(reader: ClusterReader, now: number): void {
    this.#reader = reader;
    this.#now = Math.max(this.#now, now);
  }

  /** The profile that schedules the pod; undefined when it is for another scheduler. */
  profileOf({ spec }: PodInfo): ProfileRun | undefined {
    return this.profiles.get(spec.schedulerName ?? 'default-scheduler');
  }
}
