// What the API server's aggregator says of an APIService as far as it need not ask the server behind it.
// Behaviour: [kube-aggregator]/pkg/controllers/status/remote/remote_available_controller.go, Kubernetes v1.36.3.
// Differs: nothing can be reached offline, so where upstream would ask the server itself, the status stays as it was.
import { formatTime } from '../../../apimachinery/time/time.ts';
import { LABEL_SERVICE_NAME } from '../../../apimachinery/well-known/labels.ts';
import type { APIService, APIServiceCondition } from '../../../schema/generated/types/apiregistration-v1.ts';
import type { Service } from '../../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import type { StrategyContext } from '../../resource.ts';

/** The APIService with the condition that it is not available; undefined when nothing speaks against it or that is known already. */
export function withAvailability(
  apiService: APIService,
  { reader, now }: Pick<StrategyContext, 'reader' | 'now'>,
): APIService | undefined {
  const why = whyUnavailable(apiService, reader);
  if (!why) return undefined;
  const [reason, message] = why;
  const condition: APIServiceCondition = {
    type: 'Available',
    status: 'False',
    lastTransitionTime: formatTime(now),
    reason,
    message,
  };
  const { conditions = [] } = apiService.status;
  const old = conditions.find(({ type }) => type === condition.type);
  if (old?.status === 'False' && old.reason === reason && old.message === message) return undefined;
  const since = old?.status === 'False' ? old.lastTransitionTime : undefined;
  const next = since ? { ...condition, lastTransitionTime: since } : condition;
  const others = conditions.filter(({ type }) => type !== condition.type);
  return { ...apiService, status: { ...apiService.status, conditions: [...others, next] } };
}

function whyUnavailable(
  { spec: { service: reference } }: APIService,
  reader: StrategyContext['reader'],
): readonly [reason: string, message: string] | undefined {
  if (!reference) return undefined;
  const { name = '', namespace = '', port = 443 } = reference;
  const place = `service/${name} in ${JSON.stringify(namespace)}`;
  const service = reader.get<Service>('services', namespace, name);
  if (!service) return ['ServiceNotFound', `${place} is not present`];
  if (service.spec.type !== 'ClusterIP') return undefined;
  const found = service.spec.ports?.find((each) => each.port === port);
  if (!found) return ['ServicePortError', `${place} is not listening on port ${port}`];
  const slices = reader
    .list<EndpointSlice>('endpointslices.discovery.k8s.io', namespace)
    .filter(({ metadata }) => metadata.labels?.[LABEL_SERVICE_NAME] === name);
  if (slices.length === 0) return ['EndpointsNotFound', `cannot find endpointslices for ${place}`];
  const portName = found.name ?? '';
  if (slices.some((slice) => hasAvailableEndpoint(slice, portName))) return undefined;
  return [
    'MissingEndpoints',
    `endpointslices for ${place} have no addresses with port name ${JSON.stringify(portName)}`,
  ];
}

function hasAvailableEndpoint({ endpoints, ports }: EndpointSlice, portName: string): boolean {
  if (!endpoints?.some(({ conditions }) => conditions?.ready ?? true)) return false;
  return ports?.some(({ name, port }) => name === portName && port !== undefined) ?? false;
}
