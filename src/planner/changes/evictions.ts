// Which pods have to go for others, for a drain, for a taint: what the condition DisruptionTarget says of a pod that is deleted.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { StoreEvent } from '../../apiserver/store/store.ts';
import { keyOf } from '../../apiserver/store/store.ts';
import type { Event, Pod } from '../../schema/generated/types/core-v1.ts';
import type { Eviction } from './plan.ts';
import { secondOf } from './writes.ts';

/** In order of time, then of namespace and name. */
export function evictionsOf(writes: readonly StoreEvent[], startedAt: number): Eviction[] {
  const found = new Map<string, Eviction>();
  const pods = new Map<string, Eviction['pod']>();
  for (const write of writes) {
    if (write.resource === 'events') addPreemptor(found, write.object as Event, pods);
    if (write.resource !== 'pods') continue;
    const { metadata, spec, status } = write.object as Pod;
    pods.set(metadata.uid ?? '', podOf(write.object));
    const condition = status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
    if (condition?.status !== 'True' || found.has(keyOf(write.object))) continue;
    found.set(keyOf(write.object), {
      pod: podOf(write.object),
      ...(spec.nodeName ? { node: spec.nodeName } : {}),
      at: secondOf(write, startedAt),
      reason: condition.reason ?? '',
      message: condition.message ?? '',
    });
  }
  return [...found].sort(([a, x], [b, y]) => x.at - y.at || (a < b ? -1 : 1)).map(([, eviction]) => eviction);
}

/** kube-scheduler names the pod that takes the place by its uid, in the event about the victim. */
function addPreemptor(
  found: Map<string, Eviction>,
  { involvedObject, reason, message = '' }: Event,
  pods: ReadonlyMap<string, Eviction['pod']>,
): void {
  if (reason !== 'Preempted' || involvedObject.kind !== 'Pod') return;
  const key = `${involvedObject.namespace}/${involvedObject.name}`;
  const eviction = found.get(key);
  const preemptor = pods.get(/^Preempted by pod (\S+)/.exec(message)?.[1] ?? '');
  if (eviction && preemptor) found.set(key, { ...eviction, preemptor });
}

function podOf({ metadata }: KubeObject): Eviction['pod'] {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}
