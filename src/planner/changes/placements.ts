// Which pods got which node, and which found none and why.
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../apiserver/store/store.ts';
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import type { PendingPod, Placement } from './plan.ts';

/** Pods that these writes bound and that still exist, by namespace and name. */
export function placementsOf(writes: readonly StoreEvent[]): Placement[] {
  const bound = new Map<string, Placement>();
  for (const { resource, type, object, previous } of writes) {
    if (resource !== 'pods') continue;
    const { namespace = '', name = '' } = object.metadata;
    const key = `${namespace}/${name}`;
    const { nodeName } = (object as Pod).spec;
    if (type === 'DELETED') bound.delete(key);
    else if (nodeName && (previous as Pod | undefined)?.spec.nodeName !== nodeName)
      bound.set(key, { pod: { namespace, name }, node: nodeName });
  }
  return [...bound].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, placement]) => placement);
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
