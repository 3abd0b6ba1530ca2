// Deletes a pod for a reason that it is told before: what both controllers do that evict pods for taints.
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { DISRUPTION_TARGET, withPodCondition } from '../../objects/pod-condition.ts';

interface Disruption {
  readonly reason: string;
  readonly message: string;
}

/** False when a write was refused. */
export function disruptPod(
  pod: Pod,
  { reason, message }: Disruption,
  { client, now }: SyncContext,
  uid?: string,
): boolean {
  const { namespace, name = '' } = pod.metadata;
  const marked = withPodCondition(pod, { type: DISRUPTION_TARGET, status: 'True', reason, message }, now);
  if (marked !== pod && !client.updateStatus('pods', marked).ok) return false;
  return client.delete('pods', { namespace, name }, uid === undefined ? {} : { uid }).ok;
}
