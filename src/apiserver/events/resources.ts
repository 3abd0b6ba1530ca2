// The resources of events.k8s.io: Events, which the core group keeps.
import { eventResource } from '../core/event/strategy.ts';
import type { Resource } from '../resource.ts';

export const eventsResources: readonly Resource[] = [
  { ...eventResource, group: 'events.k8s.io', otherVersions: [], storedAs: eventResource },
];
