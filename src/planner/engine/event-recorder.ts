// Writes Events about objects, folding repetitions into a count as the event broadcaster does.
// Behaviour: client-go/tools/record/{event,events_cache}.go (same object, reason and message raise `count`), Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatTime } from '../../apimachinery/time.ts';
import type { Client } from '../../apiserver/server.ts';
import type { Event } from '../../schema/generated/types/core-v1.ts';

export type EventType = 'Normal' | 'Warning';

export interface EventRecorder {
  event(about: KubeObject, type: EventType, reason: string, message: string): void;
}

/** What the recorders of one run remember between syncs: the Event that a repetition adds to. */
export type RecordedEvents = Map<string, Event>;

export function eventRecorder(component: string, client: Client, recorded: RecordedEvents, now: number): EventRecorder {
  return {
    event(about, type, reason, message) {
      const { namespace, name = '', uid = '' } = about.metadata;
      const key = [component, about.kind, namespace, name, uid, type, reason, message].join('\n');
      const time = formatTime(now);
      const before = recorded.get(key);
      if (before) {
        const again: Event = { ...before, count: (before.count ?? 1) + 1, lastTimestamp: time };
        const answer = client.update('events', again);
        if (answer.ok) recorded.set(key, answer.object);
        return;
      }
      const answer = client.create<Event>('events', {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: {
          name: `${name}.${recorded.size.toString(16).padStart(16, '0')}`,
          namespace: namespace ?? 'default',
        },
        involvedObject: {
          apiVersion: about.apiVersion,
          kind: about.kind,
          ...(namespace === undefined ? {} : { namespace }),
          name,
          uid,
          ...(about.metadata.resourceVersion === undefined ? {} : { resourceVersion: about.metadata.resourceVersion }),
        },
        reason,
        message,
        source: { component },
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
        type,
        reportingComponent: component,
        reportingInstance: '',
      });
      if (answer.ok) recorded.set(key, answer.object);
    },
  };
}
