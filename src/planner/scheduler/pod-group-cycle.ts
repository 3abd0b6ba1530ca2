// Schedules the pods of a group together: tries all of them on one picture of the cluster, and binds them only if the group has its quorum.
// Behaviour: pkg/scheduler/schedule_one_podgroup.go, Kubernetes v1.36.3.
// Differs: of pods with the same priority that were never tried the one that came first goes first; upstream walks a Go map.
import type { SyncContext } from '../engine/controller.ts';
import type { BindingCycle } from './binding-cycle.ts';
import { handleSchedulingFailure, type SchedulingFailure } from './failure-handler.ts';
import { CycleState } from './framework/cycle-state.ts';
import { statusMessage } from './framework/status.ts';
import { writeGroupCondition } from './pod-group-status.ts';
import { GroupTrial, type PodTrial, type TrialResult, UNSCHEDULABLE_GROUP } from './pod-group-trial.ts';
import { NO_NOMINATION } from './pod-status.ts';
import { evictVictims } from './preemption/executor.ts';
import type { QueuedPod } from './queue/queued-pod.ts';
import type { ProfileRun, SchedulerState } from './scheduler-state.ts';

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
    const trial = new GroupTrial(this.#scheduler, profile, pods);
    this.#submit(trial.run(new CycleState()), profile, context);
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
      if (pod.freed) context.on(queued.podInfo.pod).updateStatus('resourceclaims.resource.k8s.io', pod.freed);
      if (evicts) evictVictims(this.#scheduler.nominator, evicts.victims, queued.podInfo, evicts.node, context);
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
