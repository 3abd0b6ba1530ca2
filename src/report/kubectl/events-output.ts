// The table of `kubectl events`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/events (event_printer.go, events.go), Kubernetes v1.36.3.
import { goSorted } from '../../apimachinery/go/sort.ts';
import { parseMicroTime, parseTime } from '../../apimachinery/time/time.ts';
import type { Event } from '../../schema/generated/types/core-v1.ts';
import { eventInterval } from './describe/describer.ts';
import { alignTabs, TABLE_LAYOUT } from './tab-writer.ts';
import { escapeTerminal } from './table.ts';

interface EventsTableOptions {
  readonly noHeaders: boolean;
  readonly allNamespaces: boolean;
}

/** Oldest first. */
export function eventsByTime(events: readonly Event[]): readonly Event[] {
  return goSorted(events, (a, b) => microsOf(a) < microsOf(b));
}

export function eventsTable(events: readonly Event[], options: EventsTableOptions, now: number): string {
  const header = ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
  const lines = events.map((event) => [
    ...(options.allNamespaces ? [event.metadata.namespace ?? ''] : []),
    eventInterval(event, now),
    event.type ?? '',
    event.reason ?? '',
    `${event.involvedObject.kind ?? ''}/${event.involvedObject.name ?? ''}`,
    (event.message ?? '').trim(),
  ]);
  const all = options.noHeaders ? lines : [options.allNamespaces ? ['NAMESPACE', ...header] : header, ...lines];
  return alignTabs(all.map((line) => `${line.map(escapeTerminal).join('\t')}\n`).join(''), TABLE_LAYOUT);
}

function microsOf({ series, lastTimestamp, eventTime }: Event): number {
  if (series) return (series.lastObservedTime && parseMicroTime(series.lastObservedTime)) || Number.NEGATIVE_INFINITY;
  if (lastTimestamp) return (parseTime(lastTimestamp) ?? 0) * 1000;
  return (eventTime && parseMicroTime(eventTime)) || Number.NEGATIVE_INFINITY;
}
