// The Events that the simulated components wrote, with the simulated second in which they were last seen.
import { parseTime } from '../../../apimachinery/time/time.ts';
import type { Event } from '../../../schema/generated/types/core-v1.ts';
import type { History, ObjectHistory } from '../history.ts';
import type { PlanEvent } from '../plan.ts';

export function eventsOf(history: History, startedAt: number): PlanEvent[] {
  const seconds = new Map<string, number>();
  const secondAt = (time: string): number => {
    let second = seconds.get(time);
    if (second === undefined) {
      second = Math.max(0, Math.round(((parseTime(time) ?? startedAt) - startedAt) / 1000));
      seconds.set(time, second);
    }
    return second;
  };
  return newestOf(history).map((event) => {
    const { involvedObject, reason = '', message = '', type = 'Normal', count = 1 } = event;
    return {
      at: secondAt(event.lastTimestamp ?? event.eventTime ?? ''),
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

/** The Events that are still there, as they were written last; in order of their first writes since they are there. */
function newestOf(history: History): readonly Event[] {
  const histories = history.of('events');
  const isGone = ({ writes }: ObjectHistory): boolean => writes.at(-1)!.type === 'DELETED';
  if (!history.writesOf('events').some(({ type }) => type === 'DELETED'))
    return histories.map(({ writes }) => writes.at(-1)!.object as Event);
  return histories
    .filter((each) => !isGone(each))
    .map(({ writes }) => {
      const deletion = writes.findLastIndex(({ type }) => type === 'DELETED');
      return { since: writes[deletion + 1]!.revision, event: writes.at(-1)!.object as Event };
    })
    .sort((a, b) => a.since - b.since)
    .map(({ event }) => event);
}
