// Which zones and nodes the endpoints of a Service with trafficDistribution are meant for.
// Behaviour: [endpointslice]/trafficdist/trafficdist.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { Service } from '../../../schema/generated/types/core-v1.ts';
import type { Endpoint, EndpointHints, EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import type { SliceChanges } from './reconcile.ts';

const PREFER_CLOSE = 'PreferClose';
const PREFER_SAME_ZONE = 'PreferSameZone';
const PREFER_SAME_NODE = 'PreferSameNode';

/** The distribution that hints follow; undefined when there is none that this cluster knows. */
export function trafficDistributionOf(
  { spec: { trafficDistribution } }: Service,
  isFeatureEnabled: (name: string) => boolean,
): string | undefined {
  if (trafficDistribution === PREFER_CLOSE) return trafficDistribution;
  const isNewer = trafficDistribution === PREFER_SAME_ZONE || trafficDistribution === PREFER_SAME_NODE;
  return isNewer && isFeatureEnabled('PreferSameTrafficDistribution') ? trafficDistribution : undefined;
}

/** The changes with each ready endpoint meant for its own zone, and for its own node where that is preferred. */
export function withCloseHints(changes: SliceChanges, distribution: string): SliceChanges {
  const isForNodes = distribution === PREFER_SAME_NODE;
  const hinted = (slice: EndpointSlice): EndpointSlice => ({
    ...slice,
    endpoints: (slice.endpoints ?? []).map((endpoint) =>
      endpoint.conditions.ready ? withHints(endpoint, closeHints(endpoint, isForNodes)) : endpoint,
    ),
  });
  const needsUpdate = ({ endpoints = [] }: EndpointSlice): boolean =>
    endpoints.some(
      (endpoint) =>
        endpoint.conditions.ready && !semanticDeepEqual(endpoint.hints ?? {}, closeHints(endpoint, isForNodes) ?? {}),
    );
  const stale = changes.unchanged.filter(needsUpdate);
  return {
    create: changes.create.map(hinted),
    update: [...changes.update, ...stale].map(hinted),
    delete: changes.delete,
    unchanged: changes.unchanged.filter((slice) => !stale.includes(slice)),
  };
}

function closeHints({ zone, nodeName }: Endpoint, isForNodes: boolean): EndpointHints | undefined {
  const forNodes = isForNodes && nodeName !== undefined ? { forNodes: [{ name: nodeName }] } : {};
  if (zone === undefined && !('forNodes' in forNodes)) return undefined;
  return { ...(zone === undefined ? {} : { forZones: [{ name: zone }] }), ...forNodes };
}

export function withHints({ hints: _old, ...endpoint }: Endpoint, hints: EndpointHints | undefined): Endpoint {
  return hints ? { ...endpoint, hints } : endpoint;
}

/** The changes with no hints at all. */
export function withoutHints(changes: SliceChanges): SliceChanges {
  const hasHints = ({ endpoints = [] }: EndpointSlice): boolean => endpoints.some(({ hints }) => hints);
  const bare = (slice: EndpointSlice): EndpointSlice =>
    hasHints(slice)
      ? { ...slice, endpoints: (slice.endpoints ?? []).map((endpoint) => withHints(endpoint, undefined)) }
      : slice;
  const stale = changes.unchanged.filter(hasHints);
  if (stale.length === 0 && !changes.update.some(hasHints)) return changes;
  return {
    create: changes.create,
    update: [...changes.update, ...stale].map(bare),
    delete: changes.delete,
    unchanged: changes.unchanged.filter((slice) => !stale.includes(slice)),
  };
}
