// The shape of a kind's describer, and what descriptions of several kinds say.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go, Kubernetes v1.36.3.
import { goSorted } from '../../../apimachinery/go/sort.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { parseMicroTime, parseTime } from '../../../apimachinery/time/time.ts';
import type { Event, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { Selector } from '../../../selectors/label-selector.ts';
import { since, sinceMicro } from '../get/printer.ts';
import { DescriptionWriter } from './writer.ts';

export interface Surroundings {
  readonly now: number;
  readonly showEvents: boolean;
  /** Objects of a kind, `ReplicaSet.apps`; in one namespace, or in all. */
  list<T extends KubeObject>(kind: string, namespace?: string): readonly T[];
}

export type Describer = (object: KubeObject, around: Surroundings) => string;

/** Thrown for an object that kubectl cannot describe either. */
export class DescribeError extends Error {}

export function describer<T extends KubeObject>(
  write: (w: DescriptionWriter, object: T, around: Surroundings) => void,
): Describer {
  return (object, around) => {
    const w = new DescriptionWriter();
    // The registry hands a describer only objects of the kind it is filed under.
    write(w, object as T, around);
    return w.text;
  };
}

export function writeHead(w: DescriptionWriter, { metadata }: KubeObject): void {
  w.line(0, 'Name:', metadata.name ?? '');
  w.line(0, 'Namespace:', metadata.namespace ?? '');
}

export function writeMeta(w: DescriptionWriter, { metadata }: KubeObject): void {
  w.labels('Labels', metadata.labels);
  w.annotations('Annotations', metadata.annotations);
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon, 02 Jan 2006 15:04:05 +0000`, as Go writes RFC 1123 with a numeric zone. */
export function longTime(text: string | null | undefined): string {
  const millis = text ? (parseTime(text) ?? microMillis(text)) : undefined;
  if (millis === undefined) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const date = new Date(millis);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const day = `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]}`;
  return `${day} ${String(date.getUTCFullYear()).padStart(4, '0')} ${clock} +0000`;
}

function microMillis(text: string): number | undefined {
  const micros = parseMicroTime(text);
  return micros === undefined ? undefined : Math.floor(micros / 1000);
}

interface EventReference {
  readonly name: string;
  readonly namespace: string;
  readonly kind?: string;
  readonly uid?: string;
}

export function eventsOf(object: KubeObject, around: Surroundings): readonly Event[] {
  const { name = '', namespace = '', uid } = object.metadata;
  return findEvents({ name, namespace, kind: object.kind, ...(uid !== undefined ? { uid } : {}) }, around);
}

export function findEvents({ name, namespace, kind, uid }: EventReference, around: Surroundings): readonly Event[] {
  return around
    .list<Event>('Event', namespace === '' ? undefined : namespace)
    .filter(
      ({ involvedObject }) =>
        (involvedObject.name ?? '') === name &&
        (involvedObject.namespace ?? '') === namespace &&
        (kind === undefined || involvedObject.kind === kind) &&
        (uid === undefined || (involvedObject.uid ?? '') === uid),
    );
}

export function writeEvents(w: DescriptionWriter, events: readonly Event[], { now, showEvents }: Surroundings): void {
  if (!showEvents) return;
  if (events.length === 0) {
    w.line(0, 'Events:', '<none>');
    return;
  }
  w.flush();
  w.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n');
  w.line(1, '----', '------', '----', '----', '-------');
  for (const event of sortedEvents(events)) {
    const message = (event.message ?? '').trim();
    const path = event.involvedObject.fieldPath;
    w.line(
      1,
      event.type ?? '',
      event.reason ?? '',
      eventInterval(event, now),
      event.source?.component || event.reportingComponent || '',
      path ? `${path}: ${message}` : message,
    );
  }
}

function sortedEvents(events: readonly Event[]): readonly Event[] {
  const timeOf = ({ lastTimestamp }: Event): number => (lastTimestamp ? (parseTime(lastTimestamp) ?? 0) : -Infinity);
  return goSorted(events, (a, b) => timeOf(a) < timeOf(b));
}

/** `5s (x3 over 2m)` */
export function eventInterval(event: Event, now: number): string {
  const first = event.eventTime ? sinceMicro(event.eventTime, now) : since(event.firstTimestamp, now);
  if (event.series)
    return `${sinceMicro(event.series.lastObservedTime, now)} (x${event.series.count ?? 0} over ${first})`;
  return (event.count ?? 0) > 1 ? `${since(event.lastTimestamp, now)} (x${event.count} over ${first})` : first;
}

export function controllerOf({ metadata }: KubeObject): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  return owner ? `${owner.kind}/${owner.name}` : '';
}

export function podCounts(owner: KubeObject, selector: Selector, around: Surroundings): string {
  const pods = around
    .list<Pod>('Pod', owner.metadata.namespace)
    .filter(
      ({ metadata }) =>
        selector.matches(metadata.labels) &&
        metadata.ownerReferences?.find(({ controller }) => controller)?.uid === owner.metadata.uid,
    );
  const count = (phase: string): number => pods.filter(({ status }) => status.phase === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

export function writeConditions(w: DescriptionWriter, conditions: readonly ConditionLike[] | undefined): void {
  if (!conditions || conditions.length === 0) return;
  w.write(0, 'Conditions:\n  Type\tStatus\tReason\n');
  w.line(1, '----', '------', '------');
  for (const { type, status, reason } of conditions) w.line(1, `${type} `, status, reason ?? '');
}

export function boolWord(value: boolean | undefined): string {
  if (value === undefined) return '<unset>';
  return value ? 'True' : 'False';
}
