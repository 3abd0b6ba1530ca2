// Evicts the victims of a preemption and takes the promise of the node from less important pods.
// Behaviour: pkg/scheduler/framework/preemption/executor.go, Kubernetes v1.36.3.
import type { SyncContext } from '../../engine/controller.ts';
import type { Nominator } from '../cache/nominator.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import { NO_NOMINATION, updatePodStatus } from '../pod-status.ts';

export function evictVictims(
  nominator: Nominator,
  victims: readonly PodInfo[],
  preemptor: PodInfo,
  node: string,
  context: SyncContext,
): void {
  for (const other of nominator.nominatedPodsForNode(node))
    if (other.priority < preemptor.priority) updatePodStatus(context, other.pod, undefined, NO_NOMINATION);
  const message = `${preemptor.spec.schedulerName ?? 'default-scheduler'}: preempting to accommodate a higher priority pod`;
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message };
  for (const victim of victims) {
    if (victim.isTerminating) continue;
    updatePodStatus(context, victim.pod, condition, undefined);
    const { name, namespace } = victim;
    const answer = context.on(preemptor.pod).delete('pods', { namespace, name });
    if (answer.ok)
      context.recorder.event(victim.pod, 'Normal', 'Preempted', `Preempted by pod ${preemptor.uid} on node ${node}`);
  }
}
