// A pod that got no node: back to the queue with what rejected it, told in an event and in its condition.
// Behaviour: pkg/scheduler/schedule_one.go (handleSchedulingFailure), Kubernetes v1.36.3.
import type { SyncContext } from '../engine/controller.ts';
import type { NominatingInfo } from './framework/plugin.ts';
import { updatePodStatus } from './pod-status.ts';
import type { QueuedPod } from './queue/queued-pod.ts';
import type { SchedulerState } from './scheduler-state.ts';

/** Longest text of an event. */
const NOTE_LENGTH_LIMIT = 1024;

export interface SchedulingFailure {
  readonly reason: 'Unschedulable' | 'SchedulerError';
  readonly message: string;
  readonly nominatingInfo: NominatingInfo | undefined;
  /** Plugins whose events bring the pod back. */
  readonly rejectors?: ReadonlySet<string>;
  readonly pending?: ReadonlySet<string>;
}

export function handleSchedulingFailure(
  { queue, nominator, podGroups }: SchedulerState,
  queued: QueuedPod,
  context: SyncContext,
  { reason, message, nominatingInfo, rejectors = NO_PLUGINS, pending = NO_PLUGINS }: SchedulingFailure,
): void {
  const { podInfo } = queued;
  queue.addUnschedulable(queued, rejectors, pending);
  nominator.add(podInfo, nominatingInfo);
  // A group is tried again whenever something changes: that nothing came of it is told once.
  if (!podGroups.isMember(podInfo) || queued.lastFailure !== message)
    context.recorder.event(podInfo.pod, 'Warning', 'FailedScheduling', truncateMessage(message));
  queued.lastFailure = message;
  const condition = { type: 'PodScheduled', status: 'False', reason, message };
  updatePodStatus(context, podInfo.pod, condition, nominatingInfo);
}

const NO_PLUGINS: ReadonlySet<string> = new Set();

function truncateMessage(message: string): string {
  return message.length <= NOTE_LENGTH_LIMIT ? message : `${message.slice(0, NOTE_LENGTH_LIMIT - 4)} ...`;
}
