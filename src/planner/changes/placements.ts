// Which pods got which node, and which found none and why.
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import type { History } from './history.ts';
import type { PendingPod, Placement } from './plan.ts';

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

/** Pods without a node in the settled cluster; those held back by scheduling gates wait on purpose and count too. */
export function pendingPods(reader: ClusterReader): PendingPod[] {
  return reader.listByIndex<Pod>('pods', 'unassigned', 'true').flatMap(({ metadata, status }) => {
    if (status?.phase !== 'Pending' && status?.phase !== undefined) return [];
    const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
    const pod = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
    return [
      {
        pod,
        reason: condition?.reason ?? 'Unscheduled',
        message: condition?.message ?? 'no scheduler has looked at the pod',
      },
    ];
  });
}
