// Keeps the EndpointSlices of each Service with a selector equal to the pods behind it.
// Behaviour: pkg/controller/endpointslice/endpointslice_controller.go, Kubernetes v1.36.3.
import { hasStatusCause } from '../../../apimachinery/status.ts';
import { LABEL_SERVICE_NAME, LABEL_SLICE_MANAGED_BY } from '../../../apimachinery/well-known/labels.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Node, Service } from '../../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import { ENDPOINT_SLICES } from '../../../schema/resource-names.ts';
import { type ControllerFactory, type SyncContext, type SyncResult, splitKey } from '../../engine/controller.ts';
import { podsSelectedBy, SelectorIndex } from '../pod-control/selector-index.ts';
import { noteSelector, servicesForPodEvent, TRIGGER_TIME } from '../service-endpoints/pod-endpoints.ts';
import type { AddressFamily } from '../service-endpoints/slices.ts';
import { TriggerTimes } from '../service-endpoints/trigger-time.ts';
import { familiesOf, MANAGED_BY, reconcileFamily, reuseDeleted, type SliceChanges } from './reconcile.ts';
import { type HintEvent, shiftsZones, TopologyCache, wantsTopologyHints } from './topology-hints.ts';
import { trafficDistributionOf, withCloseHints, withoutHints } from './traffic-distribution.ts';

const NAME = 'endpoint-slice-controller';
const DEFAULT_MAX_ENDPOINTS_PER_SLICE = 100;
/** Failed syncs wait 1 s, doubling, fifteen times. */
const BASE_DELAY = 1000;
const MAX_RETRIES = 15;
/** What was written so recently has not come back to the controller yet: upstream calls its cache stale and waits. */
const CACHE_LAG = 20;

export const endpointSliceController: ControllerFactory = ({ flags, isFeatureEnabled }) => {
  const services = new SelectorIndex();
  const triggerTimes = new TriggerTimes();
  const failures = new Map<string, number>();
  const topology = new TopologyCache();
  /** When slices of a Service were last written. */
  const writtenAt = new Map<string, number>();
  const maxEndpointsPerSlice = Number(flags['max-endpoints-per-slice'] ?? DEFAULT_MAX_ENDPOINTS_PER_SLICE);

  return {
    name: NAME,
    watches: [
      { resource: 'services', keys: (event) => noteSelector(event, services) },
      { resource: 'pods', keys: (event) => servicesForPodEvent(event, services) },
      { resource: ENDPOINT_SLICES, keys: servicesOfForeignWrite },
      { resource: 'nodes', keys: servicesOutOfBalance },
    ],
    sync(key, context) {
      const { namespace = '', name } = splitKey(key);
      const service = context.reader.get<Service>('services', namespace, name);
      if (!service) {
        triggerTimes.forget(key);
        failures.delete(key);
        topology.forgetService(key);
        writtenAt.delete(key);
        return undefined;
      }
      const { selector, type } = service.spec;
      if (type === 'ExternalName' || !selector) return undefined;

      if (context.now - (writtenAt.get(key) ?? 0) <= CACHE_LAG) return { requeueAfter: BASE_DELAY };

      const pods = podsSelectedBy(selector, namespace, context.reader);
      const slices = context.reader
        .listByLabel<EndpointSlice>(ENDPOINT_SLICES, LABEL_SERVICE_NAME, name, namespace)
        .filter(
          ({ metadata }) => metadata.labels?.[LABEL_SLICE_MANAGED_BY] === MANAGED_BY && !metadata.deletionTimestamp,
        );
      const triggerTime = triggerTimes.next(key, service, pods);
      const nodeOf = ({ spec }: { readonly spec: { readonly nodeName?: string } }) =>
        context.reader.get<Node>('nodes', undefined, spec.nodeName ?? '');

      const families = familiesOf(service);
      const errors: string[] = [];
      for (const family of families) {
        const existing = slices.filter(({ addressType }) => addressType === family);
        const result = reconcileFamily({ service, pods, nodeOf, maxEndpointsPerSlice }, existing, family);
        errors.push(...result.errors);
        const { changes, events } = hinted(key, service, family, result.changes, context.reader);
        const writes = reuseDeleted(changes, service);
        if (writes.create.length + writes.update.length > 0) writtenAt.set(key, context.now);
        const failed = write(writes, service, triggerTime, context);
        if (failed) errors.push(failed);
        for (const { type: eventType, reason, message } of events)
          context.recorder.event(service, eventType, reason, message);
      }
      for (const slice of slices)
        if (!families.some((family) => family === slice.addressType))
          context.client.delete(ENDPOINT_SLICES, { namespace, name: slice.metadata.name ?? '' });
      return errors.length === 0 ? done(key) : retry(key, service, errors, context);
    },
  };

  /** By the annotation, else by trafficDistribution, else without hints. */
  function hinted(
    key: string,
    service: Service,
    family: AddressFamily,
    changes: SliceChanges,
    reader: ClusterReader,
  ): { readonly changes: SliceChanges; readonly events: readonly HintEvent[] } {
    if (wantsTopologyHints(service)) return topology.addHints(key, family, changes, () => reader.list<Node>('nodes'));
    const events = topology.remove(key, family);
    const distribution = trafficDistributionOf(service, isFeatureEnabled);
    return { changes: distribution ? withCloseHints(changes, distribution) : withoutHints(changes), events };
  }

  function servicesOutOfBalance({ type, object, previous }: StoreEvent, reader: ClusterReader): readonly string[] {
    const before = type === 'MODIFIED' ? (previous as Node | undefined) : undefined;
    if (!shiftsZones(object as Node, before)) return [];
    topology.markStale();
    return topology.isUsed ? topology.overloadedServices(() => reader.list<Node>('nodes')) : [];
  }

  function done(key: string): undefined {
    failures.delete(key);
    return undefined;
  }

  function retry(
    key: string,
    service: Service,
    errors: readonly string[],
    { recorder }: SyncContext,
  ): SyncResult | undefined {
    const { namespace, name } = service.metadata;
    const text = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
    recorder.event(
      service,
      'Warning',
      'FailedToUpdateEndpointSlices',
      `Error updating Endpoint Slices for Service ${namespace}/${name}: ${text}`,
    );
    const count = failures.get(key) ?? 0;
    if (count >= MAX_RETRIES) return done(key);
    failures.set(key, count + 1);
    return { requeueAfter: Math.min(BASE_DELAY * 2 ** count, 1_000_000), routine: true };
  }
};

/** Slices that somebody else wrote or deleted send their Service round again; this controller's own writes do not. */
function servicesOfForeignWrite({ object, previous, cause }: StoreEvent): readonly string[] {
  if (cause.who === NAME) return [];
  const keys = [object, previous].flatMap((slice) => {
    const labels = slice?.metadata.labels;
    const name = labels?.[LABEL_SERVICE_NAME];
    return labels?.[LABEL_SLICE_MANAGED_BY] === MANAGED_BY && name ? [`${slice?.metadata.namespace}/${name}`] : [];
  });
  return [...new Set(keys)];
}

/** Carries the changes out; returns why not, or nothing. */
function write(
  changes: SliceChanges,
  service: Service,
  triggerTime: string | undefined,
  { client }: SyncContext,
): string | undefined {
  const { namespace = '', name, deletionTimestamp } = service.metadata;
  if (!deletionTimestamp)
    for (const slice of changes.create) {
      const answer = client.create(ENDPOINT_SLICES, withTriggerTime(slice, triggerTime));
      if (answer.ok) continue;
      // In a terminating namespace creates keep failing.
      if (hasStatusCause(answer.status, 'NamespaceTerminating')) return undefined;
      return `failed to create EndpointSlice for Service ${namespace}/${name}: ${answer.status.message}`;
    }
  for (const slice of changes.update) {
    const answer = client.update(ENDPOINT_SLICES, withTriggerTime(slice, triggerTime));
    if (!answer.ok)
      return `failed to update ${slice.metadata.name} EndpointSlice for Service ${namespace}/${name}: ${answer.status.message}`;
  }
  for (const slice of changes.delete) {
    const answer = client.delete(ENDPOINT_SLICES, { namespace, name: slice.metadata.name ?? '' });
    if (!answer.ok)
      return `failed to delete ${slice.metadata.name} EndpointSlice for Service ${namespace}/${name}: ${answer.status.message}`;
  }
  return undefined;
}

function withTriggerTime(slice: EndpointSlice, time: string | undefined): EndpointSlice {
  const { [TRIGGER_TIME]: _old, ...annotations } = slice.metadata.annotations ?? {};
  const next = time === undefined ? annotations : { ...annotations, [TRIGGER_TIME]: time };
  const { annotations: _all, ...metadata } = slice.metadata;
  return { ...slice, metadata: Object.keys(next).length > 0 ? { ...metadata, annotations: next } : metadata };
}
