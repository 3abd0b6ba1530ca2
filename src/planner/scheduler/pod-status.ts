// The conditions and nominations that the scheduler writes into the status of pods.
// Behaviour: pkg/scheduler/schedule_one.go (updatePod), pkg/scheduler/util/utils.go (PatchPodStatus),
// pkg/api/v1/pod/util.go (UpdatePodCondition), Kubernetes v1.36.3.
import { formatTime } from '../../apimachinery/time/time.ts';
import type { Pod, PodCondition, PodStatus } from '../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../engine/controller.ts';
import type { NominatingInfo } from './framework/plugin.ts';

/** Takes the promise of a node away. */
export const NO_NOMINATION: NominatingInfo = { nominatedNodeName: '' };

type NewCondition = Required<Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>>;

/** Writes a condition and a nomination if they say something new. */
export function updatePodStatus(
  context: SyncContext,
  pod: Pod,
  condition: NewCondition | undefined,
  nominatingInfo: NominatingInfo | undefined,
): void {
  const { namespace, name = '', uid } = pod.metadata;
  const current = context.reader.get<Pod>('pods', namespace, name);
  if (!current || current.metadata.uid !== uid || (current.spec.nodeName && condition?.type === 'PodScheduled')) return;
  let status = current.status ?? NO_STATUS;
  if (condition) status = withCondition(status, condition, current.metadata.generation ?? 0, context.now);
  const nominated = nominatingInfo?.nominatedNodeName;
  if (nominated !== undefined && nominated !== (status.nominatedNodeName ?? '')) {
    const { nominatedNodeName: _before, ...rest } = status;
    status = nominated === '' ? rest : { ...rest, nominatedNodeName: nominated };
  }
  if (status !== (current.status ?? NO_STATUS)) context.on(pod).updateStatus('pods', { ...current, status });
}

const NO_STATUS: PodStatus = {};

/** The same status when the condition is there already, whatever generation it was observed at. */
function withCondition(
  status: PodStatus,
  { type, status: value, reason, message }: NewCondition,
  observedGeneration: number,
  now: number,
): PodStatus {
  const { conditions = NO_CONDITIONS } = status;
  const at = conditions.findIndex((condition) => condition.type === type);
  const before = conditions[at];
  if (before && before.status === value && before.reason === reason && before.message === message) return status;
  const lastTransitionTime = (before?.status === value && before.lastTransitionTime) || formatTime(now);
  const next: PodCondition = { type, status: value, reason, message, observedGeneration, lastTransitionTime };
  return { ...status, conditions: before ? conditions.with(at, next) : [...conditions, next] };
}

const NO_CONDITIONS: readonly PodCondition[] = [];
