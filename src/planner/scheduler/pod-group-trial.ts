// Whether the pods of a group find places on the cluster as it is, one after another, each seeing those before it on theirs.
// Behaviour: pkg/scheduler/schedule_one_podgroup.go (podGroupSchedulingDefaultAlgorithm), Kubernetes v1.36.3.
import type { SchedulingFailure } from './failure-handler.ts';
import type { CycleState } from './framework/cycle-state.ts';
import type { ClaimChange } from './framework/plugin.ts';
import type { PodInfo } from './framework/pod-info.ts';
import { errorStatus, isRejected, isSuccess, type Status, statusMessage } from './framework/status.ts';
import { NO_NOMINATION } from './pod-status.ts';
import type { QueuedPod } from './queue/queued-pod.ts';
import { type SchedulingResult, schedulePod } from './schedule-one.ts';
import type { ProfileRun, SchedulerState } from './scheduler-state.ts';

/** What was found for one pod. */
export interface PodTrial {
  readonly queued: QueuedPod;
  readonly decision?: SchedulingResult;
  /** The place it was given for the others to see, also when somebody has to be evicted first. */
  readonly node?: string;
  readonly requiresPreemption: boolean;
  /** Why it has to wait for others although it has a place. */
  readonly permit?: Status;
  /** Why it has no place now. */
  readonly failure?: SchedulingFailure;
  readonly evicts?: { readonly node: string; readonly victims: readonly PodInfo[] };
  readonly claimChange?: ClaimChange;
}

export interface TrialResult {
  readonly pods: readonly PodTrial[];
  /** Undefined: the group goes to its places. */
  readonly status: Status | undefined;
  /** The group would have its quorum once the victims are gone. */
  readonly isWaitingOnPreemption: boolean;
}

export interface TrialOptions {
  readonly skipPostFilter?: boolean;
}

export const UNSCHEDULABLE_GROUP = 'pod group is unschedulable';
const NO_QUORUM: Status = { code: 'Unschedulable', reasons: [UNSCHEDULABLE_GROUP] };
const WAITS_FOR_PREEMPTION: Status = {
  code: 'Unschedulable',
  reasons: [UNSCHEDULABLE_GROUP, 'pod group is waiting for preemption to complete'],
};

export class GroupTrial {
  readonly #scheduler: SchedulerState;
  readonly #profile: ProfileRun;
  readonly #members: readonly QueuedPod[];

  constructor(scheduler: SchedulerState, profile: ProfileRun, members: readonly QueuedPod[]) {
    this.#scheduler = scheduler;
    this.#profile = profile;
    this.#members = members;
  }

  /** Nobody was given a place, for a reason that concerns all. */
  untried(status: Status): TrialResult {
    const pods = this.#members.map((queued) => ({ queued, requiresPreemption: false }));
    return { pods, status, isWaitingOnPreemption: false };
  }

  /** Leaves the cluster as it was. */
  run(podGroup: CycleState, options: TrialOptions = {}): TrialResult {
    const reverts: (() => void)[] = [];
    const pods: PodTrial[] = [];
    let status: Status | undefined = NO_QUORUM;
    let isWaitingOnPreemption = false;
    let requiresPreemption = false;
    for (const queued of this.#members) {
      const { trial, revert } = this.#tryPod(queued, podGroup, options);
      pods.push(trial);
      if (trial.failure?.reason === 'SchedulerError') {
        status = errorStatus(`failed to schedule other pod from a pod group: ${trial.failure.message}`);
        isWaitingOnPreemption = false;
        break;
      }
      if (!revert) continue;
      reverts.push(revert);
      requiresPreemption ||= trial.requiresPreemption;
      if (trial.permit) continue;
      isWaitingOnPreemption = requiresPreemption;
      status = requiresPreemption ? WAITS_FOR_PREEMPTION : undefined;
    }
    for (const revert of reverts.reverse()) revert();
    const untried = this.#members.slice(pods.length).map((queued) => ({ queued, requiresPreemption: false }));
    return { pods: [...pods, ...untried], status, isWaitingOnPreemption };
  }

  /** `revert` is there when the pod was given a place. */
  #tryPod(
    queued: QueuedPod,
    podGroup: CycleState,
    options: TrialOptions,
  ): { readonly trial: PodTrial; readonly revert?: () => void } {
    const decision = this.#decide(queued.podInfo, podGroup, options);
    const { outcome, diagnosis } = decision;
    if (outcome.kind === 'scheduled') return this.#place({ queued, decision, requiresPreemption: false }, outcome.node);
    if (outcome.kind !== 'unschedulable') {
      const reason = outcome.kind === 'error' ? 'SchedulerError' : 'Unschedulable';
      const failure = { reason, message: outcome.message, nominatingInfo: NO_NOMINATION } as const;
      return { trial: { queued, decision, requiresPreemption: false, failure } };
    }
    const { message, nominatingInfo, victims = [], claimChange } = outcome;
    const { unschedulablePlugins: rejectors, pendingPlugins: pending } = diagnosis;
    const failure = { reason: 'Unschedulable', message, nominatingInfo, rejectors, pending } as const;
    const node = nominatingInfo?.nominatedNodeName;
    const trial = {
      queued,
      decision,
      requiresPreemption: Boolean(node),
      failure,
      ...(node ? { evicts: { node, victims } } : {}),
      ...(claimChange ? { claimChange } : {}),
    };
    return node ? this.#place(trial, node) : { trial };
  }

  /** The fast path keeps counts of what the frozen lists leave out. */
  #decide(pod: PodInfo, podGroup: CycleState, { skipPostFilter = false }: TrialOptions): SchedulingResult {
    const { framework, search, fast } = this.#profile;
    const isPlain =
      skipPostFilter ||
      this.#scheduler.cache.isPlacementAssumed ||
      this.#members.some(({ podInfo }) => isListed(podInfo));
    const quick = isPlain ? undefined : fast.schedule(pod, search.percentageOfNodesToScore, search.rotation);
    if (!quick) return schedulePod(framework, pod, search, { podGroup, skipPostFilter });
    quick.state.podGroup = podGroup;
    return quick;
  }

  #place(trial: PodTrial & { readonly decision: SchedulingResult }, node: string) {
    const { cache, nominator, podGroups } = this.#scheduler;
    const { framework } = this.#profile;
    const { podInfo } = trial.queued;
    const { state } = trial.decision;
    cache.addPod(podInfo, node);
    podGroups.assume(podInfo, node, { isTrial: true });
    nominator.delete(podInfo.uid);
    const revert = (): void => {
      framework.runUnreservePlugins(state, podInfo, node);
      cache.removePod(podInfo.uid);
      podGroups.forget(podInfo);
      const nominated = podInfo.status.nominatedNodeName;
      if (nominated) nominator.add(podInfo, { nominatedNodeName: nominated });
    };
    const reserved = framework.runReservePlugins(state, podInfo, node);
    const refusal = reserved ?? framework.runPermitPlugins(state, podInfo, node).status;
    const mustWait = reserved === undefined && refusal?.code === 'Wait';
    if (refusal && !isSuccess(refusal) && !mustWait) {
      revert();
      const { queued, decision } = trial;
      return { trial: { queued, decision, requiresPreemption: false, failure: refusalOf(refusal) } };
    }
    return { trial: { ...trial, node, ...(mustWait && refusal ? { permit: refusal } : {}) }, revert };
  }
}

/** A plugin refused the one node that was chosen. */
function refusalOf(status: Status): SchedulingFailure {
  if (!isRejected(status))
    return { reason: 'SchedulerError', message: statusMessage(status), nominatingInfo: NO_NOMINATION };
  return {
    reason: 'Unschedulable',
    message: `0/1 nodes are available: 1 ${statusMessage(status)}.`,
    nominatingInfo: NO_NOMINATION,
    rejectors: new Set(status.plugin ? [status.plugin] : []),
  };
}

/** Whether snapshots list the nodes with such pods, or the claims of them. */
function isListed(pod: PodInfo): boolean {
  return pod.hasAffinity || (pod.spec.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim);
}
