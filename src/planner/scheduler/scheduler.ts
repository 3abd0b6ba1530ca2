// Gives pods their nodes: the kube-scheduler as a component of the engine, one pod a look.
// Behaviour: pkg/scheduler/{scheduler,schedule_one}.go, Kubernetes v1.36.3.
import type {
  Controller,
  ControllerFactory,
  ControllerOptions,
  SyncContext,
  SyncResult,
  Watch,
} from '../engine/controller.ts';
import { BindingCycle } from './binding-cycle.ts';
import { clusterWriter } from './cluster-writer.ts';
import { eventHandlers } from './event-handlers.ts';
import { handleSchedulingFailure } from './failure-handler.ts';
import { PodGroupCycle } from './pod-group-cycle.ts';
import { NO_NOMINATION } from './pod-status.ts';
import { evictVictims, podPreemptor } from './preemption/executor.ts';
import { defaultConfiguration, type SchedulerConfiguration } from './profile/configuration.ts';
import type { QueuedPod } from './queue/queued-pod.ts';
import { type SchedulingResult, schedulePod } from './schedule-one.ts';
import { SchedulerState } from './scheduler-state.ts';

/** The only key: there is always one thing to do next. */
const SCHEDULE: readonly string[] = ['schedule'];
const NOTHING: readonly string[] = [];

/** The options of every component, and the described scheduler's configuration where there is one. */
interface SchedulerOptions extends ControllerOptions {
  readonly scheduler?: SchedulerConfiguration;
}

export const schedulerFactory: ControllerFactory = (options: SchedulerOptions) =>
  new Scheduler(options.scheduler ?? defaultConfiguration(options.isFeatureEnabled), options);

class Scheduler implements Controller {
  readonly name = 'default-scheduler';
  readonly watches: readonly Watch[];
  readonly #state: SchedulerState;
  readonly #binding: BindingCycle;
  readonly #groups: PodGroupCycle;

  constructor(configuration: SchedulerConfiguration, options: ControllerOptions) {
    const state = new SchedulerState(configuration, options);
    const binding = new BindingCycle(state);
    this.#state = state;
    this.#binding = binding;
    this.#groups = new PodGroupCycle(state, binding);
    this.watches = eventHandlers(state, binding).map(({ resource, take }) => ({
      resource,
      keys: (event, reader) => {
        state.see(reader, event.at);
        take(event);
        return state.queue.hasNext || binding.hasWork ? SCHEDULE : NOTHING;
      },
    }));
  }

  sync(_key: string, context: SyncContext): SyncResult | undefined {
    const { queue } = this.#state;
    this.#state.see(context.reader, context.now);
    this.#binding.continueStirred(context);
    const queued = queue.pop();
    if (queued && this.#groups.concerns(queued)) this.#groups.run(queued, context);
    else if (queued) this.#scheduleOne(queued, context);
    if (queue.hasNext || this.#binding.hasWork) return { requeueAfter: 0 };
    const deadline = this.#state.waitingPods.nextDeadline();
    // Pods that were promised to others of their group give their nodes back.
    if (deadline !== undefined) return { requeueAfter: Math.max(deadline - context.now, 0) };
    const next = queue.nextTimer();
    // Nothing that the scheduler waits for by the clock changes anything by itself.
    return next === undefined ? undefined : { requeueAfter: Math.max(next - context.now, 0), routine: true };
  }

  #scheduleOne(queued: QueuedPod, context: SyncContext): void {
    const { podInfo } = queued;
    const { queue } = this.#state;
    const profile = this.#state.profileOf(podInfo);
    if (!profile) {
      queue.delete(podInfo.key);
      return;
    }
    if (podInfo.isTerminating) {
      context.recorder.event(podInfo.pod, 'Warning', 'FailedScheduling', `skip schedule deleting pod: ${podInfo.key}`);
      queue.delete(podInfo.key);
      return;
    }
    const { framework, search, fast } = profile;
    const { percentageOfNodesToScore, rotation } = search;
    const result =
      fast.schedule(podInfo, percentageOfNodesToScore, rotation) ?? schedulePod(framework, podInfo, search);
    if (result.outcome.kind === 'scheduled')
      this.#binding.start(result.outcome.node, queued, framework, result, context);
    else this.#fail(queued, result, context);
  }

  #fail(queued: QueuedPod, { outcome, diagnosis }: SchedulingResult, context: SyncContext): void {
    const state = this.#state;
    switch (outcome.kind) {
      case 'scheduled':
        break;
      case 'unschedulable': {
        const { podInfo } = queued;
        const { message, nominatingInfo, victims = [], claimChange } = outcome;
        if (claimChange) clusterWriter(context.on(podInfo.pod)).changeClaim(claimChange);
        const node = nominatingInfo?.nominatedNodeName;
        if (node) evictVictims(state.nominator, victims, podPreemptor(podInfo), node, context);
        const { unschedulablePlugins: rejectors, pendingPlugins: pending } = diagnosis;
        const failure = { reason: 'Unschedulable', message, nominatingInfo, rejectors, pending } as const;
        handleSchedulingFailure(state, queued, context, failure);
        break;
      }
      case 'no-nodes':
      case 'error': {
        const reason = outcome.kind === 'error' ? 'SchedulerError' : 'Unschedulable';
        const failure = { reason, message: outcome.message, nominatingInfo: NO_NOMINATION } as const;
        handleSchedulingFailure(state, queued, context, failure);
        break;
      }
    }
  }
}
