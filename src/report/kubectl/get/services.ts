// Columns of services, endpoints, endpoint slices, ingresses and network policies.
// Behaviour: pkg/printers/internalversion/printers.go, Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import type { Endpoints, Service } from '../../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import type {
  Ingress,
  IngressClass,
  IPAddress,
  NetworkPolicy,
  ServiceCIDR,
} from '../../../schema/generated/types/networking-v1.ts';
import { formatLabelSelector, formatLabels } from '../../../selectors/label-selector.ts';
import { ageOf, listWithMore, NONE, tablePrinter } from './printer.ts';

const MAX_ENDPOINTS = 3;
const MAX_HOSTS = 3;

export const servicePrinter = tablePrinter<Service>(
  'Name|Type|Cluster-IP|External-IP|Port(s)|Age|Selector+',
  (object, now) => [
    object.metadata.name ?? '',
    object.spec.type ?? '',
    object.spec.clusterIPs?.[0] ?? NONE,
    externalIp(object),
    portsText(object) || NONE,
    ageOf(object, now),
    formatLabels(object.spec.selector),
  ],
);

function externalIp({ spec, status }: Service): string {
  const external = spec.externalIPs ?? [];
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return external.join(',') || NONE;
    case 'LoadBalancer': {
      const balancers = ingressPoints(status.loadBalancer?.ingress);
      return [...balancers, ...external].join(',') || '<pending>';
    }
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

/** Addresses or names of load balancers, in order. */
export function ingressPoints(
  ingress: readonly { readonly ip?: string; readonly hostname?: string }[] | undefined,
): readonly string[] {
  const points = (ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').filter((point) => point !== '');
  return [...new Set(points)].sort(compareBytes);
}

function portsText({ spec }: Service): string {
  return (spec.ports ?? [])
    .map(({ port, nodePort, protocol }) => `${nodePort ? `${port}:${nodePort}` : port}/${protocol}`)
    .join(',');
}

export const endpointsPrinter = tablePrinter<Endpoints>('Name|Endpoints|Age', (object, now) => [
  object.metadata.name ?? '',
  endpointsText(object),
  ageOf(object, now),
]);

function endpointsText({ subsets }: Endpoints): string {
  if (!subsets || subsets.length === 0) return NONE;
  const all = subsets.flatMap(({ addresses, ports }) => {
    const ips = (addresses ?? []).map(({ ip }) => ip);
    if (!ports || ports.length === 0) return ips;
    return ports.flatMap(({ port }) => ips.map((ip) => hostPort(ip, port)));
  });
  const shown = all.slice(0, MAX_ENDPOINTS).join(',');
  return all.length > MAX_ENDPOINTS ? `${shown} + ${all.length - MAX_ENDPOINTS} more...` : shown;
}

export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export const endpointSlicePrinter = tablePrinter<EndpointSlice>(
  'Name|AddressType|Ports|Endpoints|Age',
  (object, now) => [
    object.metadata.name ?? '',
    object.addressType,
    listWithMore(
      (object.ports ?? []).map(({ port, name }) => (port !== undefined ? String(port) : (name ?? '*'))),
      MAX_ENDPOINTS,
    ),
    listWithMore(
      (object.endpoints ?? []).flatMap(({ addresses }) => addresses ?? []),
      MAX_ENDPOINTS,
    ),
    ageOf(object, now),
  ],
);

export const ingressPrinter = tablePrinter<Ingress>('Name|Class|Hosts|Address|Ports|Age', (object, now) => [
  object.metadata.name ?? '',
  object.spec.ingressClassName ?? NONE,
  hostsText(object),
  ingressPoints(object.status.loadBalancer?.ingress).join(','),
  object.spec.tls?.length ? '80, 443' : '80',
  ageOf(object, now),
]);

function hostsText({ spec }: Ingress): string {
  const rules = spec.rules ?? [];
  const hosts: string[] = [];
  let hasMore = false;
  for (const { host } of rules) {
    if (hosts.length === MAX_HOSTS) hasMore = true;
    if (!hasMore && host) hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  return hasMore ? `${hosts.join(',')} + ${rules.length - MAX_HOSTS} more...` : hosts.join(',');
}

export const ingressClassPrinter = tablePrinter<IngressClass>('Name|Controller|Parameters|Age', (object, now) => {
  const isDefault = object.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true';
  const { parameters } = object.spec;
  const group = parameters?.apiGroup !== undefined ? `.${parameters.apiGroup}` : '';
  return [
    `${object.metadata.name}${isDefault ? ' (default)' : ''}`,
    object.spec.controller ?? '',
    parameters ? `${parameters.kind}${group}/${parameters.name}` : NONE,
    ageOf(object, now),
  ];
});

export const networkPolicyPrinter = tablePrinter<NetworkPolicy>('Name|Pod-Selector|Age', (object, now) => [
  object.metadata.name ?? '',
  formatLabelSelector(object.spec.podSelector ?? {}),
  ageOf(object, now),
]);

export const serviceCidrPrinter = tablePrinter<ServiceCIDR>('Name|CIDRs|Age', (object, now) => [
  object.metadata.name ?? '',
  (object.spec.cidrs ?? []).join(','),
  ageOf(object, now),
]);

/** There is no column for the age: it stands in the next one, that of a label. */
export const ipAddressPrinter = tablePrinter<IPAddress>('Name|ParentRef', (object, now) => {
  const parent = object.spec.parentRef;
  const resource = parent?.group ? `${parent.resource}.${parent.group}` : (parent?.resource ?? '');
  return [
    object.metadata.name ?? '',
    parent ? [resource.toLowerCase(), ...(parent.namespace ? [parent.namespace] : []), parent.name].join('/') : NONE,
    ageOf(object, now),
  ];
});
