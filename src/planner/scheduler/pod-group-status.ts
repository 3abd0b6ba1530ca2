// Tells in a PodGroup's status whether its pods found their places.
// Behaviour: pkg/scheduler/schedule_one_podgroup.go (updatePodGroupCondition), Kubernetes v1.36.3.
import { setCondition } from '../../apimachinery/conditions.ts';
import { formatTime } from '../../apimachinery/time/time.ts';
import type { PodGroup } from '../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS } from '../../schema/resource-names.ts';
import type { SyncContext } from '../engine/controller.ts';
import type { PodInfo } from './framework/pod-info.ts';

const TYPE = 'PodGroupScheduled';

export function podGroupOf({ namespace, spec }: PodInfo, { reader }: SyncContext): PodGroup | undefined {
  return reader.get<PodGroup>(POD_GROUPS, namespace, spec.schedulingGroup?.podGroupName ?? '');
}

interface GroupCondition {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** A group that has once been scheduled stays so, whatever becomes of pods that come later. */
export function writeGroupCondition(pod: PodInfo, condition: GroupCondition, context: SyncContext): void {
  const group = podGroupOf(pod, context);
  if (!group) return;
  const conditions = group.status.conditions ?? [];
  const before = conditions.find(({ type }) => type === TYPE);
  if (before?.status === 'True' && condition.status !== 'True') return;
  const next = setCondition(conditions, { type: TYPE, ...condition }, formatTime(context.now));
  if (next !== conditions)
    context.on(group).updateStatus(POD_GROUPS, { ...group, status: { ...group.status, conditions: next } });
}
