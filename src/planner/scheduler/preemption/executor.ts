// Evicts the victims of a preemption and takes the promise of the node from less important pods.
// Behaviour: pkg/scheduler/framework/preemption/executor.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { DISRUPTION_TARGET } from '../../objects/pod-condition.ts';
import type { Nominator } from '../cache/nominator.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import { NO_NOMINATION, updatePodStatus } from '../pod-status.ts';

/** For whom pods are evicted. */
interface Preemptor {
  readonly type: 'pod' | 'podgroup';
  readonly object: KubeObject;
  readonly schedulerName: string;
  readonly priority: number;
}

export function podPreemptor({ pod, spec, priority }: PodInfo): Preemptor {
  return { type: 'pod', object: pod, schedulerName: spec.schedulerName ?? 'default-scheduler', priority };
}

export function evictVictims(
  nominator: Nominator,
  victims: readonly PodInfo[],
  preemptor: Preemptor,
  node: string,
  context: SyncContext,
): void {
  const { type, object, schedulerName, priority } = preemptor;
  const leaving = victims.filter(({ isTerminating }) => !isTerminating);
  // Where everybody is on the way out already there is nothing to do: whoever waits for the node goes on waiting.
  if (leaving.length === 0) return;
  for (const other of nominator.nominatedPodsForNode(node))
    if (other.priority < priority) updatePodStatus(context, other.pod, undefined, NO_NOMINATION);
  const message = `${schedulerName}: preempting to accommodate a higher priority ${type}`;
  const condition = { type: DISRUPTION_TARGET, status: 'True', reason: 'PreemptionByScheduler', message };
  for (const victim of leaving) {
    updatePodStatus(context, victim.pod, condition, undefined);
    const { name, namespace } = victim;
    const answer = context.on(object).delete('pods', { namespace, name });
    if (!answer.ok) continue;
    const told = `Preempted by ${type} ${object.metadata.uid} on node ${node}`;
    context.recorder.event(victim.pod, 'Normal', 'Preempted', told);
  }
}
