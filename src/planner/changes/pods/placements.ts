// Which pods got which node, and which found none and why.
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { PodGroup } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS } from '../../../schema/resource-names.ts';
import { isLiveMember } from '../../explain/pod-group.ts';
import { missingClaim } from '../../resource-claims/missing-claims.ts';
import type { History } from '../history.ts';
import type { PendingPod, Placement } from '../plan.ts';

/** Pods that were bound on the way and still exist, by namespace and name. */
export function placementsOf(history: History): Placement[] {
  const bound: { readonly key: string; readonly placement: Placement }[] = [];
  for (const { key, ref, writes } of history.of('pods')) {
    let node: string | undefined;
    for (const { type, object, previous } of writes) {
      const { nodeName } = (object as Pod).spec;
      if (type === 'DELETED') node = undefined;
      else if (nodeName && (previous as Pod | undefined)?.spec.nodeName !== nodeName) node = nodeName;
    }
    if (node !== undefined) bound.push({ key, placement: { pod: ref, node } });
  }
  return bound.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ placement }) => placement);
}

/**
 * Pods without a node in the settled cluster; those held back by scheduling gates wait on purpose and count too.
 * `schedulers` are the profiles that are simulated.
 */
export function pendingPods(
  reader: ClusterReader,
  schedulers: readonly string[] = ['default-scheduler'],
): PendingPod[] {
  const unseen = new Map<string, WhyUnseen>();
  return reader.listByIndex<Pod>('pods', 'unassigned', 'true').flatMap((waiting) => {
    const { metadata, status } = waiting;
    if (status?.phase !== 'Pending' && status?.phase !== undefined) return [];
    const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
    const pod = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
    if (condition)
      return [{ pod, reason: condition.reason ?? UNSEEN.reason, message: condition.message ?? UNSEEN.message }];
    const { schedulerName = 'default-scheduler' } = waiting.spec;
    if (!schedulers.includes(schedulerName)) return [{ pod, ...foreign(schedulerName, schedulers) }];
    // Pods of a group wait for the same, unless it is for claims of their own.
    const group = waiting.spec.resourceClaims ? '' : (waiting.spec.schedulingGroup?.podGroupName ?? '');
    const known = waiting.spec.resourceClaims ? undefined : unseen.get(`${pod.namespace}/${group}`);
    const why = known ?? whyUnseen(waiting, reader);
    if (!waiting.spec.resourceClaims) unseen.set(`${pod.namespace}/${group}`, why);
    return [{ pod, ...why }];
  });
}

type WhyUnseen = Pick<PendingPod, 'reason' | 'message'>;

const UNSEEN: WhyUnseen = { reason: 'Unscheduled', message: 'no scheduler has looked at the pod' };

function foreign(name: string, schedulers: readonly string[]): WhyUnseen {
  const message = `its scheduler ${name} is not simulated: there is ${schedulers.join(', ')}`;
  return { reason: UNSEEN.reason, message };
}

/** A pod of a gang is not even tried before its group and enough other pods are there, and none before its claims are. */
function whyUnseen(pod: Pod, reader: ClusterReader): WhyUnseen {
  const { metadata, spec } = pod;
  const name = spec.schedulingGroup?.podGroupName;
  const group = name === undefined ? undefined : reader.get<PodGroup>(POD_GROUPS, metadata.namespace, name);
  if (name !== undefined && !group)
    return { reason: 'WaitingForPodGroup', message: `its pod group ${name} does not exist` };
  const claim = missingClaim(pod, reader);
  if (claim !== undefined) return { reason: 'WaitingForResourceClaim', message: claim };
  if (name === undefined || !group) return UNSEEN;
  const { gang } = group.spec.schedulingPolicy;
  const pods = reader.list<Pod>('pods', metadata.namespace).filter((member) => isLiveMember(member, name)).length;
  if (!gang || pods >= gang.minCount) return UNSEEN;
  const message = `its gang ${name} has ${pods} of the ${gang.minCount} pods without which none is tried`;
  return { reason: 'WaitingForPodGroup', message };
}
