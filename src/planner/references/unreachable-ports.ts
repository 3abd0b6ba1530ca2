// Ports of submitted Services that reach nothing although the selector finds pods: no ready pod listens under that name.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { LABEL_SERVICE_NAME } from '../../apimachinery/well-known/labels.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import { locate } from '../../manifests/manifest.ts';
import type { Service } from '../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../schema/generated/types/discovery-v1.ts';
import { ENDPOINT_SLICES } from '../../schema/resource-names.ts';
import { endpointsOfPort } from '../proxy/endpoints.ts';
import type { SubmittedObject } from './dangling.ts';

export function unreachablePorts(submitted: readonly SubmittedObject[], reader: ClusterReader): Diagnostic[] {
  return submitted.flatMap(({ manifest, object }) => {
    if (object.kind !== 'Service' || object.apiVersion !== 'v1') return [];
    const { metadata, spec } = object as Service;
    if (!spec.selector || spec.type === 'ExternalName') return [];
    const slices = reader.listByLabel<EndpointSlice>(
      ENDPOINT_SLICES,
      LABEL_SERVICE_NAME,
      metadata.name ?? '',
      metadata.namespace,
    );
    const families = (spec.ipFamilies ?? ['IPv4']).filter((family) => family === 'IPv4' || family === 'IPv6');
    const isReached = (port: NonNullable<Service['spec']['ports']>[number]): boolean =>
      families.some((family) => endpointsOfPort(slices, port, family, '').some(({ ready }) => ready));
    // Without any pod behind it the Service as a whole is told of elsewhere.
    if (slices.every(({ endpoints = [] }) => endpoints.length === 0)) return [];
    return (spec.ports ?? []).flatMap((port, index): Diagnostic[] => {
      if (isReached(port)) return [];
      const field = `spec.ports[${index}].targetPort`;
      const isNamed = typeof port.targetPort === 'string';
      return [
        {
          severity: 'warning',
          code: 'UnreachablePort',
          message: isNamed
            ? `port ${port.port} reaches nothing: no ready pod has a container port named ${port.targetPort}`
            : `port ${port.port} reaches nothing: no pod behind it is ready`,
          object: { apiVersion: 'v1', kind: 'Service', namespace: metadata.namespace ?? '', name: metadata.name ?? '' },
          field,
          source: locate(manifest, field),
        },
      ];
    });
  });
}
