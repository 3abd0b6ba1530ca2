// Between the Event of events.k8s.io/v1 and the stored one of the core group: the same fields under other names.
// Behaviour: pkg/apis/events/v1/conversion.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Event } from '../../../schema/generated/types/core-v1.ts';
import type { EventSeries, Event as EventsEvent } from '../../../schema/generated/types/events-v1.ts';
import type { VersionConversion } from '../../resource.ts';

export const EVENTS_API_VERSION = 'events.k8s.io/v1';

export const eventsVersion: VersionConversion<Event> = {
  group: 'events.k8s.io',
  version: 'v1',
  // The decoder made it an Event of events.k8s.io/v1.
  toStored: (object: KubeObject) => toCore(object as EventsEvent),
  fromStored: fromCore,
};

function toCore(event: EventsEvent): Event {
  const {
    regarding,
    note,
    deprecatedSource,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
    reportingController = '',
    reportingInstance = '',
    series,
    ...same
  } = event;
  return {
    ...same,
    apiVersion: 'v1',
    kind: 'Event',
    involvedObject: regarding,
    source: deprecatedSource,
    reportingComponent: reportingController,
    reportingInstance,
    ...(note ? { message: note } : {}),
    ...(firstTimestamp ? { firstTimestamp } : {}),
    ...(lastTimestamp ? { lastTimestamp } : {}),
    ...(count ? { count } : {}),
    ...(series ? { series: coreSeries(series) } : {}),
  };
}

/** A count of 0 is left out in the core form only. */
function coreSeries({ count, ...rest }: EventSeries): NonNullable<Event['series']> {
  return count ? { ...rest, count } : rest;
}

function fromCore(event: Event): EventsEvent {
  const {
    involvedObject,
    message: note,
    source,
    firstTimestamp,
    lastTimestamp,
    count,
    reportingComponent,
    reportingInstance,
    series,
    ...same
  } = event;
  return {
    ...same,
    apiVersion: EVENTS_API_VERSION,
    kind: 'Event',
    regarding: involvedObject,
    deprecatedSource: source,
    ...(reportingComponent ? { reportingController: reportingComponent } : {}),
    ...(reportingInstance ? { reportingInstance } : {}),
    ...(note ? { note } : {}),
    ...(firstTimestamp ? { deprecatedFirstTimestamp: firstTimestamp } : {}),
    ...(lastTimestamp ? { deprecatedLastTimestamp: lastTimestamp } : {}),
    ...(count ? { deprecatedCount: count } : {}),
    ...(series ? { series: { ...series, count: series.count ?? 0 } } : {}),
  };
}
