// Schedules the pods of a group together: tries all of them on one picture of the cluster, and binds them only if the group has its quorum.
// Behaviour: pkg/scheduler/schedule_one_podgroup.go, Kubernetes v1.36.3.
// Differs: of pods with the same priority that were never tried the one that came first goes first; upstream walks a Go map.
import type { SyncContext } from '../engine/controller.ts';
import type { BindingCycle } from './binding-cycle.ts';
import { clusterWriter } from './cluster-writer.ts';
import { handleSchedulingFailure, type SchedulingFailure } from './failure-handler.ts';
import { CycleState } from './framework/cycle-state.ts';
import type { PodInfo } from './framework/pod-info.ts';
import { errorStatus, type MaybeStatus, type Status, statusMessage, unschedulable } from './framework/status.ts';
import { tryPlacements } from './placement-trial.ts';
import { podGroupOf, writeGroupCondition } from './pod-group-status.ts';
import {
  GroupTrial,
  type PodTrial,
  type TrialOptions,
  type TrialResult,
  UNSCHEDULABLE_GROUP,
} from './pod-group-trial.ts';
import { NO_NOMINATION } from './pod-status.ts';
import { evictVictims, podPreemptor } from './preemption/executor.ts';
import { findGroupVictims } from './preemption/pod-group-preemption.ts';
import type { QueuedPod } from './queue/queued-pod.ts';
import type { ProfileRun, SchedulerState } from './scheduler-state.ts';

/** Where the victims of a whole group are said to have been. */
const WHOLE_CLUSTER = 'cluster';
const NO_PREEMPTION_PLUGIN = unschedulable(
  'default preemption plugin is not registered, workload aware preemption is disabled',
);
const NO_PREEMPTION_WITH_TOPOLOGY = unschedulable(
  'workload aware preemption is not supported for pod groups with scheduling constraints',
);

export class PodGroupCycle {
  readonly #scheduler: SchedulerState;
  readonly #binding: BindingCycle;

  constructor(scheduler: SchedulerState, binding: BindingCycle) {
    this.#scheduler = scheduler;
    this.#binding = binding;
  }

  /** Whether a pod has to be looked at together with others. */
  concerns({ podInfo }: QueuedPod): boolean {
    return this.#scheduler.podGroups.isMember(podInfo);
  }

  /** Looks at the group of a pod that is to be tried next. */
  run(first: QueuedPod, context: SyncContext): void {
    const members = this.#membersWith(first);
    const profile = this.#profileOf(members);
    if (typeof profile === 'string') {
      for (const queued of members) this.#fail(queued, context, schedulerError(profile));
      return;
    }
    const pods = members.filter((queued) => !this.#skips(queued, context));
    if (pods.length === 0) return;
    this.#scheduler.cache.freezeLists();
    const { result, victims = [] } = this.#try(pods, profile, context);
    this.#scheduler.cache.thawLists();
    const group = podGroupOf(pods[0]!.podInfo, context);
    if (victims.length > 0 && group) {
      const { schedulerName = 'default-scheduler' } = pods[0]!.podInfo.spec;
      const preemptor = { type: 'podgroup', object: group, schedulerName, priority: group.spec.priority ?? 0 } as const;
      evictVictims(this.#scheduler.nominator, victims, preemptor, WHOLE_CLUSTER, context);
    }
    this.#submit(result, profile, context);
  }

  /** Looks for places, and where there are too few for pods whose eviction would make enough. */
  #try(
    pods: readonly QueuedPod[],
    profile: ProfileRun,
    context: SyncContext,
  ): { readonly result: TrialResult; readonly victims?: readonly PodInfo[] } {
    const { isFeatureEnabled } = profile.framework.handle;
    const { podInfo } = pods[0]!;
    const trial = new GroupTrial(this.#scheduler, profile, pods);
    const state = new CycleState();
    const ref = { namespace: podInfo.namespace, name: podInfo.spec.schedulingGroup?.podGroupName ?? '' };
    const isPlaced = isFeatureEnabled('TopologyAwareWorkloadScheduling');
    const tryGroup = (options: TrialOptions): TrialResult =>
      isPlaced ? tryPlacements(this.#scheduler, profile, ref, trial, state, options) : trial.run(state, options);
    const result = tryGroup({});
    if (result.status?.code !== 'Unschedulable' || !isFeatureEnabled('WorkloadAwarePreemption')) return { result };
    const found = this.#victimsFor(pods, profile, context, () => tryGroup({ skipPostFilter: true }).status);
    if (!('code' in found)) return { result: { ...result, isWaitingOnPreemption: true }, victims: found };
    if (found.code === 'Error') return { result: { ...result, status: found } };
    const reasons = [...result.status.reasons, statusMessage(found)];
    return { result: { ...result, status: { ...result.status, reasons } } };
  }

  #victimsFor(
    pods: readonly QueuedPod[],
    { framework }: ProfileRun,
    context: SyncContext,
    tryGroup: () => MaybeStatus,
  ): readonly PodInfo[] | Status {
    const { cache } = this.#scheduler;
    const { objects } = framework.handle;
    if (!framework.plugins.postFilter.some(({ name }) => name === 'DefaultPreemption')) return NO_PREEMPTION_PLUGIN;
    const members = pods.map(({ podInfo }) => podInfo);
    const group = podGroupOf(members[0]!, context);
    if (!group) {
      const { schedulingGroup } = members[0]!.spec;
      const missing = `podgroup.scheduling.k8s.io ${JSON.stringify(schedulingGroup?.podGroupName)} not found`;
      return errorStatus(`failed to get pod group object: ${missing}`);
    }
    if (group.spec.schedulingConstraints?.topology?.length) return NO_PREEMPTION_WITH_TOPOLOGY;
    return findGroupVictims({ cache, objects, group, members, now: context.now, tryGroup });
  }

  /** The pod with the others of its group that can be tried, the most important first. */
  #membersWith(first: QueuedPod): readonly QueuedPod[] {
    const { queue, podGroups } = this.#scheduler;
    const others = (podGroups.of(first.podInfo)?.unscheduledPods() ?? []).flatMap(({ key }) =>
      key === first.podInfo.key ? [] : (queue.popSpecific(key) ?? []),
    );
    return [first, ...others].sort(
      (a, b) => b.podInfo.priority - a.podInfo.priority || (a.firstAttempt ?? 0) - (b.firstAttempt ?? 0),
    );
  }

  #profileOf(members: readonly QueuedPod[]): ProfileRun | string {
    const names = members.map(({ podInfo }) => podInfo.spec.schedulerName ?? 'default-scheduler');
    const [name = ''] = names;
    const other = names.find((candidate) => candidate !== name);
    if (other !== undefined) return differentSchedulers(other, name);
    return this.#scheduler.profiles.get(name) ?? `profile not found for scheduler name ${JSON.stringify(name)}`;
  }

  #skips({ podInfo }: QueuedPod, context: SyncContext): boolean {
    if (!podInfo.isTerminating) return false;
    context.recorder.event(podInfo.pod, 'Warning', 'FailedScheduling', `skip schedule deleting pod: ${podInfo.key}`);
    this.#scheduler.queue.delete(podInfo.key);
    return true;
  }

  #submit(result: TrialResult, { framework }: ProfileRun, context: SyncContext): void {
    const [first] = result.pods;
    for (const pod of result.pods) {
      const { queued, evicts } = pod;
      if (pod.claimChange) clusterWriter(context.on(queued.podInfo.pod)).changeClaim(pod.claimChange);
      if (evicts)
        evictVictims(this.#scheduler.nominator, evicts.victims, podPreemptor(queued.podInfo), evicts.node, context);
    }
    for (const pod of result.pods) {
      const failure = failureOf(pod, result);
      if (failure) this.#fail(pod.queued, context, failure);
      else if (pod.decision && pod.node !== undefined) {
        pod.decision.state.podGroup = undefined;
        this.#binding.start(pod.node, pod.queued, framework, pod.decision, context);
      }
    }
    this.#binding.continueStirred(context);
    if (first) writeGroupCondition(first.queued.podInfo, conditionOf(result), context);
  }

  #fail(queued: QueuedPod, context: SyncContext, failure: SchedulingFailure): void {
    handleSchedulingFailure(this.#scheduler, queued, context, failure);
  }
}

function differentSchedulers(name: string, first: string): string {
  const named = `${JSON.stringify(name)} and ${JSON.stringify(first)}`;
  return `all pods in a single pod group should have the same .spec.schedulerName set, got: ${named}`;
}

function schedulerError(message: string): SchedulingFailure {
  return { reason: 'SchedulerError', message, nominatingInfo: NO_NOMINATION };
}

/** What a pod is told that gets no node now; undefined when it gets one. */
function failureOf(pod: PodTrial, { status, isWaitingOnPreemption }: TrialResult): SchedulingFailure | undefined {
  if (status?.code === 'Error') {
    if (pod.failure?.reason === 'SchedulerError') return { ...pod.failure, nominatingInfo: NO_NOMINATION };
    return schedulerError(statusMessage(status));
  }
  if (pod.failure && (!pod.requiresPreemption || isWaitingOnPreemption)) return pod.failure;
  if (status === undefined) return undefined;
  const unschedulable = { reason: 'Unschedulable', message: statusMessage(status) } as const;
  if (!pod.decision) return { ...unschedulable, nominatingInfo: undefined };
  if (isWaitingOnPreemption) return { ...unschedulable, nominatingInfo: { nominatedNodeName: pod.node ?? '' } };
  const message = [UNSCHEDULABLE_GROUP, statusMessage(pod.permit)].join(', ');
  return { ...unschedulable, message, nominatingInfo: NO_NOMINATION };
}

function conditionOf({ status }: TrialResult) {
  if (status === undefined) return { status: 'True', reason: 'Scheduled', message: '' } as const;
  if (status.code === 'Error')
    return { status: 'False', reason: 'SchedulerError', message: statusMessage(status) } as const;
  return { status: 'False', reason: 'Unschedulable', message: statusMessage(status) } as const;
}
