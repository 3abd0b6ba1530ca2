// Keeps EndpointSlices equal to the Endpoints that users maintain for Services without a selector.
// Behaviour: pkg/controller/endpointslicemirroring/endpointslicemirroring_controller.go, Kubernetes v1.36.3.
import { hasStatusCause } from '../../../apimachinery/status.ts';
import { LEADER_ELECTION } from '../../../apimachinery/well-known/annotations.ts';
import { LABEL_SERVICE_NAME, LABEL_SLICE_MANAGED_BY } from '../../../apimachinery/well-known/labels.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Endpoints, Service } from '../../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import { ENDPOINT_SLICES } from '../../../schema/resource-names.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
} from '../../engine/controller.ts';
import { MIRRORED_BY, type MirrorChanges, mirror } from './mirror.ts';

const NAME = 'endpoint-slice-mirroring-controller';
const SKIP_MIRROR_LABEL = 'endpointslice.kubernetes.io/skip-mirror';
const DEFAULT_MAX_ENDPOINTS_PER_SUBSET = 1000;
/** Failed syncs wait 1 s, doubling to 100 s, fifteen times. */
const BASE_DELAY = 1000;
const MAX_DELAY = 100_000;
const MAX_RETRIES = 15;

export const endpointSliceMirroringController: ControllerFactory = ({ flags }) => {
  const max = Number(flags['mirroring-max-endpoints-per-subset'] ?? DEFAULT_MAX_ENDPOINTS_PER_SUBSET);
  const failures = new Map<string, number>();
  return {
    name: NAME,
    watches: [
      { resource: 'services', keys: keysOfService },
      {
        resource: 'endpoints',
        keys: ({ object, previous }) =>
          shouldMirror(object as Endpoints) || (previous && shouldMirror(previous as Endpoints))
            ? [keyFor(object)]
            : [],
      },
      { resource: ENDPOINT_SLICES, keys: keysOfForeignWrite },
    ],
    sync(key, context) {
      if (mirrorKey(key, max, context)) {
        failures.delete(key);
        return undefined;
      }
      return retry(key, failures);
    },
  };
};

function shouldMirror({ metadata: { labels, annotations } }: Endpoints): boolean {
  return labels?.[SKIP_MIRROR_LABEL] !== 'true' && annotations?.[LEADER_ELECTION] === undefined;
}

/** Services that gain or lose their selector, and those that come or go without one. */
function keysOfService({ type, object, previous }: StoreEvent): readonly string[] {
  const hasNoSelector = (object as Service).spec.selector === undefined;
  const isAffected =
    type === 'MODIFIED' && previous
      ? hasNoSelector !== ((previous as Service).spec.selector === undefined)
      : hasNoSelector;
  return isAffected ? [keyFor(object)] : [];
}

function keysOfForeignWrite({ object, previous, cause }: StoreEvent): readonly string[] {
  if (cause.who === NAME) return [];
  const keys = [object, previous].flatMap((slice) => {
    const labels = slice?.metadata.labels;
    const name = labels?.[LABEL_SERVICE_NAME];
    return labels?.[LABEL_SLICE_MANAGED_BY] === MIRRORED_BY && name ? [`${slice?.metadata.namespace}/${name}`] : [];
  });
  return [...new Set(keys)];
}

/** Whether the slices are now as they should be. */
function mirrorKey(key: string, maxPerSubset: number, context: SyncContext): boolean {
  const { namespace = '', name } = splitKey(key);
  const { reader, recorder } = context;
  const slices = reader
    .listByLabel<EndpointSlice>(ENDPOINT_SLICES, LABEL_SERVICE_NAME, name, namespace)
    .filter(({ metadata }) => metadata.labels?.[LABEL_SLICE_MANAGED_BY] === MIRRORED_BY);
  const endpoints = reader.get<Endpoints>('endpoints', namespace, name);
  const service = reader.get<Service>('services', namespace, name);
  if (!endpoints || !service || !shouldMirror(endpoints) || service.spec.selector !== undefined)
    return write({ create: [], update: [], delete: slices }, namespace, context);

  const { changes, invalid, skipped } = mirror(endpoints, slices, maxPerSubset);
  if (invalid > 0)
    recorder.event(
      endpoints,
      'Warning',
      'InvalidIPAddress',
      `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`,
    );
  if (skipped > invalid)
    recorder.event(
      endpoints,
      'Warning',
      'TooManyAddressesToMirror',
      `A max of ${maxPerSubset} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`,
    );
  return write(endpoints.metadata.deletionTimestamp ? { ...changes, create: [] } : changes, namespace, context);
}

function write(changes: MirrorChanges, namespace: string, { client }: SyncContext): boolean {
  for (const slice of changes.create) {
    const answer = client.create(ENDPOINT_SLICES, slice);
    // In a terminating namespace creates keep failing.
    if (!answer.ok) return hasStatusCause(answer.status, 'NamespaceTerminating');
  }
  for (const slice of changes.update) if (!client.update(ENDPOINT_SLICES, slice).ok) return false;
  let areDeleted = true;
  for (const { metadata } of changes.delete)
    if (!client.delete(ENDPOINT_SLICES, { namespace, name: metadata.name ?? '' }).ok) areDeleted = false;
  return areDeleted;
}

function retry(key: string, failures: Map<string, number>): SyncResult | undefined {
  const count = failures.get(key) ?? 0;
  if (count >= MAX_RETRIES) {
    failures.delete(key);
    return undefined;
  }
  failures.set(key, count + 1);
  return { requeueAfter: Math.min(BASE_DELAY * 2 ** count, MAX_DELAY), routine: true };
}
