// How Endpoints are created and updated.
// Behaviour: pkg/registry/core/endpoint/strategy.go, pkg/apis/core/v1/defaults.go (SetDefaults_Endpoints), Kubernetes v1.36.3.
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { warningsForIp } from '../../../apimachinery/validation/ip.ts';
import { LABEL_ENDPOINTS_MANAGED_BY } from '../../../apimachinery/well-known/labels.ts';
import type { EndpointAddress, Endpoints } from '../../../schema/generated/types/core-v1.ts';
import type { Resource } from '../../resource.ts';
import { validateEndpoints, validateEndpointsUpdate } from './validation.ts';

const ENDPOINTS_CONTROLLER = 'endpoint-controller';

export const endpointsResource: Resource<Endpoints> = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  namespaced: true,
  shortNames: ['ep'],
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    applyDefaults,
    validate: validateEndpoints,
    warningsOnCreate: endpointsWarnings,
    validateUpdate: validateEndpointsUpdate,
    warningsOnUpdate: endpointsWarnings,
  },
};

function applyDefaults(endpoints: Endpoints): Endpoints {
  const { subsets } = endpoints;
  if (!subsets?.some(({ ports }) => ports?.some(({ protocol }) => !protocol))) return endpoints;
  const defaulted = subsets.map((subset) =>
    subset.ports
      ? { ...subset, ports: subset.ports.map((port) => ({ ...port, protocol: port.protocol || 'TCP' })) }
      : subset,
  );
  return { ...endpoints, subsets: defaulted };
}

/** What the controller writes needs no look: it writes addresses in their canonical form. */
function endpointsWarnings({ metadata, subsets = [] }: Endpoints): readonly string[] {
  if (metadata.labels?.[LABEL_ENDPOINTS_MANAGED_BY] === ENDPOINTS_CONTROLLER) return [];
  const path = FieldPath.of('subsets');
  return subsets.flatMap(({ addresses, notReadyAddresses }, i) => [
    ...addressWarnings(addresses, path.index(i).child('addresses')),
    ...addressWarnings(notReadyAddresses, path.index(i).child('notReadyAddresses')),
  ]);
}

function addressWarnings(addresses: readonly EndpointAddress[] | undefined, path: FieldPath): readonly string[] {
  return (addresses ?? []).flatMap(({ ip }, i) => warningsForIp(path.index(i).child('ip'), ip));
}
