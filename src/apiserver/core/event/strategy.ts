// How Events are created and updated; the core group keeps them, events.k8s.io shows the same objects in another form.
// Behaviour: pkg/registry/core/event/strategy.go, Kubernetes v1.36.3.
import { nameIsPathSegment } from '../../../apimachinery/validation/object-meta.ts';
import type { Event } from '../../../schema/generated/types/core-v1.ts';
import type { Resource } from '../../resource.ts';
import { eventsVersion } from './events-version.ts';
import { validateEvent, validateEventUpdate } from './validation.ts';

export const eventResource: Resource<Event> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  namespaced: true,
  shortNames: ['ev'],
  otherVersions: [eventsVersion],
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    acceptsAnyFinalizer: true,
    // events.k8s.io asks for more; see validation.ts.
    validateName: nameIsPathSegment,
    formOf: formOfEvent,
    validate: validateEvent,
    validateUpdate: validateEventUpdate,
  },
};

/** Of an Event that says no eventTime only the namespaces are looked at. */
function formOfEvent({ metadata, involvedObject, eventTime }: Event): string | undefined {
  if (eventTime) return undefined;
  return `${metadata.namespace ?? ''} ${involvedObject.namespace ?? ''}`;
}
