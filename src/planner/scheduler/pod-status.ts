// The conditions and nominations that the scheduler writes into the status of pods.
// Behaviour: pkg/scheduler/schedule_one.go (updatePod), pkg/scheduler/util/utils.go (PatchPodStatus),
// pkg/api/v1/pod/util.go (UpdatePodCondition), Kubernetes v1.36.3.
import { formatTime } from '../../apimachinery/time.ts';
import type { Pod, PodCondition, PodStatus } from '../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../engine/controller.ts';
import type { NominatingInfo } from './framework/plugin.ts';

/** Takes the promise of a node away. */
export const NO_NOMINATION: NominatingInfo = { nominatedNodeName: '' };

/** Writes a condition and a nomination if they say something new. */
export function updatePodStatus(
  context: SyncContext,
  pod: Pod,
  condition: Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'> | undefined,
  nominatingInfo: NominatingInfo | undefined,
): void {
  const { namespace, name = '', uid } = pod.metadata;
  const current = context.reader.get<Pod>('pods', namespace, name);
  if (!current || current.metadata.uid !== uid || (current.spec.nodeName && condition?.type === 'PodScheduled')) return;
  let status = current.status ?? NO_STATUS;
  if (condition)
    status = withCondition(status, { ...condition, observedGeneration: current.metadata.generation ?? 0 }, context.now);
  const nominated = nominatingInfo?.nominatedNodeName;
  if (nominated !== undefined && nominated !== (status.nominatedNodeName ?? '')) {
    const { nominatedNodeName: _before, ...rest } = status;
    status = nominated === '' ? rest : { ...rest, nominatedNodeName: nominated };
  }
  if (status !== (current.status ?? NO_STATUS)) context.on(pod).updateStatus('pods', { ...current, status });
}

const NO_STATUS: PodStatus = {};

/** The same status when the condition is there already, whatever generation it was observed at. */
function withCondition(status: PodStatus, condition: PodCondition, now: number): PodStatus {
  const conditions = status.conditions ?? [];
  const before = conditions.find(({ type }) => type === condition.type);
  if (
    before &&
    before.status === condition.status &&
    before.reason === condition.reason &&
    before.message === condition.message
  )
    return status;
  const lastTransitionTime = (before?.status === condition.status && before.lastTransitionTime) || formatTime(now);
  const next = { ...condition, lastTransitionTime };
  return {
    ...status,
    conditions: before ? conditions.map((item) => (item === before ? next : item)) : [...conditions, next],
  };
}
