// How EndpointSlices are created and updated.
// Behaviour: pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/v1/defaults.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { warningsForIp } from '../../../apimachinery/validation/ip.ts';
import { isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { LABEL_HOSTNAME, LABEL_SLICE_MANAGED_BY } from '../../../apimachinery/well-known/labels.ts';
import type { Endpoint, EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import type { Resource } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { validateEndpointSlice, validateEndpointSliceUpdate } from './validation.ts';

const FQDN_DEPRECATED = 'spec.addressType: FQDN endpoints are deprecated';

const controllers: readonly (string | undefined)[] = [
  'endpointslice-controller.k8s.io',
  'endpointslicemirroring-controller.k8s.io',
];

export const endpointSliceResource: Resource<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  namespaced: true,
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults,
    prepareForCreate: (slice) => withoutTopology(withGeneration(slice, 1), undefined),
    validate: validateEndpointSlice,
    warningsOnCreate: (slice) => [
      ...(slice.addressType === 'FQDN' ? [FQDN_DEPRECATED] : []),
      ...addressWarnings(slice),
    ],
    prepareForUpdate,
    validateUpdate: validateEndpointSliceUpdate,
    warningsOnUpdate: addressWarnings,
  },
};

function applyDefaults(given: EndpointSlice): EndpointSlice {
  const slice = withoutEmptyLists(given);
  const { ports } = slice;
  if (!ports?.some(({ name, protocol }) => name === undefined || protocol === undefined)) return slice;
  return { ...slice, ports: ports.map((port) => ({ name: '', protocol: 'TCP', ...port })) };
}

/** Storing an empty list loses it. */
function withoutEmptyLists(slice: EndpointSlice): EndpointSlice {
  const { endpoints, ports, ...rest } = slice;
  if (endpoints?.length !== 0 && ports?.length !== 0) return slice;
  return { ...rest, ...(endpoints?.length ? { endpoints } : {}), ...(ports?.length ? { ports } : {}) };
}

function prepareForUpdate(slice: EndpointSlice, old: EndpointSlice): EndpointSlice {
  const { metadata: oldMetadata, ...oldContent } = old;
  const { metadata, ...content } = slice;
  const isSame = semanticDeepEqual(content, oldContent) && semanticDeepEqual(metadata.labels, oldMetadata.labels);
  return withoutTopology(isSame ? slice : withNextGeneration(slice, old), old);
}

/** The deprecated topology is not written through v1; a node that only it named becomes the endpoint's nodeName. */
function withoutTopology(slice: EndpointSlice, old: EndpointSlice | undefined): EndpointSlice {
  const { endpoints } = slice;
  if (!endpoints?.some(({ deprecatedTopology }) => deprecatedTopology)) return slice;
  if (old && semanticDeepEqual(old.endpoints, endpoints)) return slice;
  const known = new Set((old?.endpoints ?? []).map(({ deprecatedTopology }) => deprecatedTopology?.[LABEL_HOSTNAME]));
  return { ...slice, endpoints: endpoints.map((endpoint) => endpointWithoutTopology(endpoint, known)) };
}

function endpointWithoutTopology(
  { deprecatedTopology, ...endpoint }: Endpoint,
  known: ReadonlySet<string | undefined>,
): Endpoint {
  const node = deprecatedTopology?.[LABEL_HOSTNAME];
  const isKept = endpoint.nodeName === undefined && node && known.has(node) && isDns1123Subdomain(node).length === 0;
  return isKept ? { ...endpoint, nodeName: node } : endpoint;
}

/** What the controllers write needs no look: they write addresses in their canonical form. */
function addressWarnings({ metadata, endpoints = [] }: EndpointSlice): readonly string[] {
  if (controllers.includes(metadata.labels?.[LABEL_SLICE_MANAGED_BY])) return [];
  return endpoints.flatMap(({ addresses = [] }, i) =>
    addresses.flatMap((address, j) =>
      warningsForIp(FieldPath.of('endpoints').index(i).child('addresses').index(j), address),
    ),
  );
}
