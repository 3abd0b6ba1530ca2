// The Events that the simulated components wrote, with the simulated second in which they were last seen.
import { parseTime } from '../../apimachinery/time.ts';
import type { StoreEvent } from '../../apiserver/store/store.ts';
import type { Event } from '../../schema/generated/types/core-v1.ts';
import type { PlanEvent } from './plan.ts';

export function eventsOf(writes: readonly StoreEvent[], startedAt: number): PlanEvent[] {
  const newest = new Map<string, Event>();
  for (const { resource, object, type } of writes) {
    if (resource !== 'events') continue;
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    if (type === 'DELETED') newest.delete(key);
    else newest.set(key, object as Event);
  }
  return [...newest.values()].map((event) => {
    const { involvedObject, reason = '', message = '', type = 'Normal', count = 1 } = event;
    const seen = parseTime(event.lastTimestamp ?? event.eventTime ?? '') ?? startedAt;
    return {
      at: Math.max(0, Math.round((seen - startedAt) / 1000)),
      type,
      reason,
      object: {
        apiVersion: involvedObject.apiVersion ?? '',
        kind: involvedObject.kind ?? '',
        ...(involvedObject.namespace ? { namespace: involvedObject.namespace } : {}),
        name: involvedObject.name ?? '',
      },
      message,
      count,
    };
  });
}
