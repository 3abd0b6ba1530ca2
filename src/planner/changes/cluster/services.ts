// Where the traffic of each Service that a plan touches goes once the cluster has settled.
import { LABEL_SERVICE_NAME } from '../../../apimachinery/well-known/labels.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Service } from '../../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import { ENDPOINT_SLICES } from '../../../schema/resource-names.ts';
import type { PlanChange, ServiceEndpoints } from '../plan.ts';

/** Services that change themselves or whose endpoints do, by namespace and name. */
export function serviceEndpoints(reader: ClusterReader, changes: readonly PlanChange[]): ServiceEndpoints[] {
  const touched = new Set<string>();
  for (const { object, owner, action } of changes) {
    if (object.kind === 'Service' && action !== 'delete') touched.add(`${object.namespace}/${object.name}`);
    if (object.kind === 'EndpointSlice' && owner?.kind === 'Service') touched.add(`${owner.namespace}/${owner.name}`);
  }
  return [...touched].sort().flatMap((key) => {
    const [namespace = '', name = ''] = key.split('/');
    const service = reader.get<Service>('services', namespace, name);
    return service ? [endpointsOf(service, reader)] : [];
  });
}

function endpointsOf({ metadata, spec }: Service, reader: ClusterReader): ServiceEndpoints {
  const { namespace = '', name = '' } = metadata;
  const slices = reader.listByLabel<EndpointSlice>(ENDPOINT_SLICES, LABEL_SERVICE_NAME, name, namespace);
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  const named = (isReady: boolean): string[] =>
    endpoints
      .filter(({ conditions }) => (conditions.ready ?? true) === isReady)
      .map(({ targetRef, addresses }) => targetRef?.name ?? addresses?.[0] ?? '')
      .sort();
  return {
    service: { namespace, name },
    ...(spec.clusterIP ? { clusterIP: spec.clusterIP } : {}),
    ports: (spec.ports ?? []).map(({ port, protocol }) => `${port}/${protocol ?? 'TCP'}`),
    ready: named(true),
    notReady: named(false),
  };
}
