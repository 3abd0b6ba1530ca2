// Writes Events about objects, folding repetitions as the event broadcaster does: the same message raises a count, many similar ones are
// combined into one, and an object that causes too many is heard no more for a while.
// Behaviour: client-go/tools/record/{event,events_cache}.go; tools/events for the scheduler, which combines nothing, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatTime } from '../../apimachinery/time.ts';
import type { Client } from '../../apiserver/server.ts';
import type { Event } from '../../schema/generated/types/core-v1.ts';

export type EventType = 'Normal' | 'Warning';

export interface EventRecorder {
  event(about: KubeObject, type: EventType, reason: string, message: string): void;
}

/** Different messages of one reason that stand for themselves; one more and they are combined. */
const MAX_SIMILAR = 10;
/** Without a similar event for so long the combining starts anew. */
const SIMILAR_INTERVAL = 600_000;
const COMBINED = '(combined from similar events): ';
/** Events that one component may write about one object at once, and how long until one more is allowed. */
const SPAM_BURST = 25;
const SPAM_REFILL = 300_000;
/** Components that write through events.k8s.io, where neither rule exists. */
const NEW_API: ReadonlySet<string> = new Set(['default-scheduler']);

interface Similar {
  readonly messages: Set<string>;
  last: number;
}

interface Bucket {
  tokens: number;
  filled: number;
}

/** What the recorders of one run remember between syncs. */
export class RecordedEvents {
  readonly written = new Map<string, Event>();
  readonly similar = new Map<string, Similar>();
  readonly buckets = new Map<string, Bucket>();
}

export function eventRecorder(component: string, client: Client, recorded: RecordedEvents, now: number): EventRecorder {
  return {
    event(about, type, reason, message) {
      const { namespace, name = '', uid = '' } = about.metadata;
      const source = [component, about.kind, namespace, name, uid].join('\n');
      const group = `${source}\n${type}\n${reason}`;
      const isCombining = !NEW_API.has(component);
      const isCombined = isCombining && isOneOfMany(recorded, group, message, now);
      const key = isCombined ? group : `${group}\n${message}`;
      const text = isCombined ? COMBINED + message : message;
      if (isCombining && isSpam(recorded, source, now)) return;
      const before = recorded.written.get(key);
      const answer = before
        ? client.update('events', {
            ...before,
            message: text,
            count: (before.count ?? 1) + 1,
            lastTimestamp: formatTime(now),
          })
        : client.create(
            'events',
            newEvent(component, about, { type, reason, message: text }, recorded.written.size, now),
          );
      if (answer.ok) recorded.written.set(key, answer.object);
    },
  };
}

function isOneOfMany({ similar }: RecordedEvents, group: string, message: string, now: number): boolean {
  const known = similar.get(group);
  const record = known && now - known.last <= SIMILAR_INTERVAL ? known : { messages: new Set<string>(), last: now };
  if (record !== known) similar.set(group, record);
  record.last = now;
  record.messages.add(message);
  if (record.messages.size < MAX_SIMILAR) return false;
  const [any] = record.messages;
  if (any !== undefined) record.messages.delete(any);
  return true;
}

function isSpam({ buckets }: RecordedEvents, source: string, now: number): boolean {
  let bucket = buckets.get(source);
  if (!bucket) buckets.set(source, (bucket = { tokens: SPAM_BURST, filled: now }));
  bucket.tokens = Math.min(SPAM_BURST, bucket.tokens + (now - bucket.filled) / SPAM_REFILL);
  bucket.filled = now;
  if (bucket.tokens < 1) return true;
  bucket.tokens -= 1;
  return false;
}

function newEvent(
  component: string,
  about: KubeObject,
  said: Pick<Event, 'message' | 'reason' | 'type'>,
  count: number,
  now: number,
): Event {
  const { namespace, name = '', uid = '', resourceVersion } = about.metadata;
  const time = formatTime(now);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${count.toString(16).padStart(16, '0')}`, namespace: namespace ?? 'default' },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      ...(namespace === undefined ? {} : { namespace }),
      name,
      uid,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    ...said,
    source: { component },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    reportingComponent: component,
    reportingInstance: '',
  };
}
