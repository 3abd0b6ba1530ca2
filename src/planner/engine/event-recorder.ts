// Writes Events about objects, folding repetitions as the event broadcaster does: the same message raises a count, many similar ones are
// combined into one, and an object that causes too many is heard no more for a while.
// Behaviour: client-go/tools/record/{event,events_cache}.go; tools/events for the scheduler, which combines nothing, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatTime } from '../../apimachinery/time/time.ts';
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
/** There whatever is said again of the same version of an object goes into the Event that it has, unless it is that old. */
const SERIES_END = 360_000;

/** What one component has said about one object with one type and reason. */
interface Group {
  readonly type: EventType;
  readonly reason: string;
  /** The first message with its Event; most are the only one. */
  message: string | undefined;
  event: Event | undefined;
  others: Map<string, Event> | undefined;
  combined: Event | undefined;
  similar: Set<string> | undefined;
  /** When something similar was said last. */
  last: number;
  /** The version of the object that the last Event is about. */
  version: string | undefined;
  /** The message of that Event. */
  told: string | undefined;
}

/** What one component has said about one object. */
interface Subject {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly groups: Group[];
  tokens: number;
  filled: number;
}

/** What the recorders of one run remember between syncs. */
export class RecordedEvents {
  /** How many different Events were written; numbers the next one. */
  count = 0;
  /** By component and uid; different objects may bear one uid. */
  readonly #subjects = new Map<string, Map<string, Subject[]>>();

  subject(component: string, { kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>, now: number): Subject {
    const { namespace, name = '', uid = '' } = metadata;
    let byUid = this.#subjects.get(component);
    if (!byUid) this.#subjects.set(component, (byUid = new Map()));
    let list = byUid.get(uid);
    if (!list) byUid.set(uid, (list = []));
    for (const known of list)
      if (known.name === name && known.namespace === namespace && known.kind === kind) return known;
    const subject = { kind, namespace, name, groups: [], tokens: SPAM_BURST, filled: now };
    list.push(subject);
    return subject;
  }

  /** Takes over an Event of the described cluster: the components that wrote it are running and raise its count from here. */
  remember(event: Event, now: number): void {
    const { involvedObject, source, reportingComponent, type, reason = '', message = '', metadata } = event;
    this.count = Math.max(this.count, numberOf(metadata.name ?? '') + 1);
    const component = source?.component || reportingComponent;
    const { kind, namespace, name, uid } = involvedObject;
    if (!component || !kind || !name || !uid || (type !== 'Normal' && type !== 'Warning')) return;
    const about = { kind, metadata: { ...(namespace ? { namespace } : {}), name, uid } };
    const group = groupOf(this.subject(component, about, now), type, reason, now);
    if (message.startsWith(COMBINED)) group.combined = event;
    else keepEvent(group, message, event);
  }
}

/** The number in a name that newEvent made; Kubernetes has a time there, which is far larger. */
function numberOf(name: string): number {
  const digits = /\.([0-9a-f]{16})$/.exec(name)?.[1];
  const number = digits === undefined ? -1 : Number.parseInt(digits, 16);
  return Number.isSafeInteger(number) ? number : -1;
}

function groupOf({ groups }: Subject, type: EventType, reason: string, now: number): Group {
  for (const known of groups) if (known.reason === reason && known.type === type) return known;
  const group: Group = {
    type,
    reason,
    message: undefined,
    event: undefined,
    others: undefined,
    combined: undefined,
    similar: undefined,
    last: now,
    version: undefined,
    told: undefined,
  };
  groups.push(group);
  return group;
}

function eventOf({ message: first, event, others }: Group, message: string): Event | undefined {
  return message === first ? event : others?.get(message);
}

function keepEvent(group: Group, message: string, event: Event): void {
  if (group.message === undefined || group.message === message) {
    group.message = message;
    group.event = event;
  } else {
    group.others ??= new Map();
    group.others.set(message, event);
  }
}

export function eventRecorder(component: string, client: Client, recorded: RecordedEvents, now: number): EventRecorder {
  return {
    event(about, type, reason, message) {
      const subject = recorded.subject(component, about, now);
      const group = groupOf(subject, type, reason, now);
      const isCombining = !NEW_API.has(component);
      const said = isCombining ? message : saidOf(group, about.metadata.resourceVersion, message, now);
      const isCombined = isCombining && isOneOfMany(group, message, now);
      if (isCombining && isSpam(subject, now)) return;
      const text = isCombined ? COMBINED + said : said;
      const before = isCombined ? group.combined : eventOf(group, said);
      const answer = before
        ? client.update('events', {
            ...before,
            message: text,
            count: (before.count ?? 1) + 1,
            lastTimestamp: formatTime(now),
          })
        : client.create('events', newEvent(component, about, { type, reason, message: text }, recorded.count, now));
      if (!answer.ok) return;
      if (!before) recorded.count += 1;
      if (isCombined) group.combined = answer.object;
      else keepEvent(group, said, answer.object);
    },
  };
}

/** What an Event says in the new API: of one version of an object the first message stands, whatever comes after it. */
function saidOf(group: Group, version: string | undefined, message: string, now: number): string {
  const isSeries = version !== undefined && version === group.version && now - group.last <= SERIES_END;
  group.version = version;
  group.last = now;
  if (!isSeries || group.told === undefined) group.told = message;
  return group.told;
}

function isOneOfMany(group: Group, message: string, now: number): boolean {
  const similar = group.similar && now - group.last <= SIMILAR_INTERVAL ? group.similar : new Set<string>();
  group.similar = similar;
  group.last = now;
  similar.add(message);
  if (similar.size < MAX_SIMILAR) return false;
  const [any] = similar;
  if (any !== undefined) similar.delete(any);
  return true;
}

function isSpam(subject: Subject, now: number): boolean {
  subject.tokens = Math.min(SPAM_BURST, subject.tokens + (now - subject.filled) / SPAM_REFILL);
  subject.filled = now;
  if (subject.tokens < 1) return true;
  subject.tokens -= 1;
  return false;
}

function newEvent(
  component: string,
  about: KubeObject,
  said: { readonly type: EventType; readonly reason: string; readonly message: string },
  count: number,
  now: number,
): Event {
  const time = formatTime(now);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${about.metadata.name ?? ''}.${count.toString(16).padStart(16, '0')}`,
      namespace: about.metadata.namespace ?? 'default',
    },
    involvedObject: referenceTo(about),
    type: said.type,
    reason: said.reason,
    message: said.message,
    source: { component },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    reportingComponent: component,
    reportingInstance: '',
  };
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): Event['involvedObject'] {
  const { namespace, name = '', uid = '', resourceVersion } = metadata;
  if (namespace !== undefined && resourceVersion !== undefined)
    return { apiVersion, kind, namespace, name, uid, resourceVersion };
  return {
    apiVersion,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}
