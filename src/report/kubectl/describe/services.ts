// Describes what serves traffic: services, endpoints, slices, ingresses and their classes, network policies, addresses.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go, Kubernetes v1.36.3.
import { LABEL_SERVICE_NAME } from '../../../apimachinery/well-known/labels.ts';
import type { Endpoints, Service } from '../../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../schema/generated/types/discovery-v1.ts';
import type {
  Ingress,
  IngressBackend,
  IngressClass,
  IPAddress,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  ServiceCIDR,
} from '../../../schema/generated/types/networking-v1.ts';
import { formatLabelSelector, formatLabels } from '../../../selectors/label-selector.ts';
import { hostPort, ingressPoints } from '../get/services.ts';
import { describer, eventsOf, longTime, type Surroundings, writeEvents, writeHead, writeMeta } from './describer.ts';
import type { DescriptionWriter } from './writer.ts';

const NONE = '<none>';
const UNSET = '<unset>';
const MAX_ENDPOINTS = 3;

export const describeService = describer<Service>((w, service, around) => {
  const { spec, status } = service;
  writeHead(w, service);
  writeMeta(w, service);
  w.line(0, 'Selector:', formatLabels(spec.selector));
  w.line(0, 'Type:', spec.type ?? '');
  if (spec.ipFamilyPolicy !== undefined) w.line(0, 'IP Family Policy:', spec.ipFamilyPolicy);
  w.line(0, 'IP Families:', (spec.ipFamilies ?? []).join(',') || NONE);
  w.line(0, 'IP:', spec.clusterIP ?? '');
  w.line(0, 'IPs:', (spec.clusterIPs ?? []).join(',') || NONE);
  if (spec.externalIPs?.length) w.line(0, 'External IPs:', spec.externalIPs.join(','));
  if (spec.loadBalancerIP) w.line(0, 'Desired LoadBalancer IP:', spec.loadBalancerIP);
  if (spec.externalName) w.line(0, 'External Name:', spec.externalName);
  const points = status.loadBalancer?.ingress ?? [];
  if (points.length > 0) w.line(0, 'LoadBalancer Ingress:', points.map(loadBalancerText).join(', '));
  const slices = slicesOf(service.metadata.namespace, service.metadata.name ?? '', around);
  for (const port of spec.ports ?? []) {
    const name = port.name || UNSET;
    w.line(0, 'Port:', name, `${port.port}/${port.protocol}`);
    w.line(0, 'TargetPort:', `${port.targetPort ?? 0}/${port.protocol}`);
    if (port.appProtocol !== undefined) w.line(0, 'AppProtocol:', port.appProtocol);
    if (port.nodePort) w.line(0, 'NodePort:', name, `${port.nodePort}/${port.protocol}`);
    w.line(0, 'Endpoints:', sliceEndpoints(slices, port.name ?? ''));
  }
  w.line(0, 'Session Affinity:', spec.sessionAffinity ?? '');
  if (spec.externalTrafficPolicy) w.line(0, 'External Traffic Policy:', spec.externalTrafficPolicy);
  if (spec.internalTrafficPolicy !== undefined) w.line(0, 'Internal Traffic Policy:', spec.internalTrafficPolicy);
  if (spec.healthCheckNodePort) w.line(0, 'HealthCheck NodePort:', spec.healthCheckNodePort);
  const ranges = spec.loadBalancerSourceRanges ?? [];
  if (ranges.length > 0) w.line(0, 'LoadBalancer Source Ranges:', ranges.join(','));
  if (spec.trafficDistribution !== undefined) w.line(0, 'Traffic Distribution:', spec.trafficDistribution);
  writeEvents(w, eventsOf(service, around), around);
});

function loadBalancerText({
  ip,
  ipMode,
  hostname,
}: {
  readonly ip?: string;
  readonly ipMode?: string;
  readonly hostname?: string;
}): string {
  return ip ? `${ip}${ipMode !== undefined ? ` (${ipMode})` : ''}` : (hostname ?? '');
}

function slicesOf(namespace: string | undefined, service: string, around: Surroundings): readonly EndpointSlice[] {
  return around
    .list<EndpointSlice>('EndpointSlice.discovery.k8s.io', namespace)
    .filter(({ metadata }) => metadata.labels?.[LABEL_SERVICE_NAME] === service);
}

function sliceEndpoints(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return NONE;
  const shown: string[] = [];
  let count = 0;
  let hasMore = false;
  const add = (endpoints: EndpointSlice['endpoints'], port: number | undefined): void => {
    for (const { addresses, conditions } of endpoints ?? []) {
      // Upstream looks for room before it looks for readiness.
      if (shown.length === MAX_ENDPOINTS) hasMore = true;
      if (conditions?.ready === false) continue;
      const address = addresses?.[0] ?? '';
      if (!hasMore) shown.push(port === undefined ? address : hostPort(address, port));
      count++;
    }
  };
  for (const { ports, endpoints } of slices) {
    if (!ports || ports.length === 0) add(endpoints, undefined);
    else for (const port of ports) if ((port.name ?? '') === portName) add(endpoints, port.port ?? 0);
  }
  return hasMore ? `${shown.join(',')} + ${count - MAX_ENDPOINTS} more...` : shown.join(',');
}

export const describeEndpoints = describer<Endpoints>((w, object, around) => {
  writeHead(w, object);
  writeMeta(w, object);
  w.write(0, 'Subsets:\n');
  for (const { addresses, notReadyAddresses, ports } of object.subsets ?? []) {
    const text = (list: typeof addresses): string => (list ?? []).map(({ ip }) => ip).join(',') || NONE;
    w.line(1, 'Addresses:', text(addresses));
    w.line(1, 'NotReadyAddresses:', text(notReadyAddresses));
    if (ports?.length) {
      w.write(1, 'Ports:\n');
      w.line(2, 'Name', 'Port', 'Protocol');
      w.line(2, '----', '----', '--------');
      for (const { name, port, protocol } of ports) w.line(2, name || UNSET, port, protocol ?? '');
    }
    w.write(0, '\n');
  }
  writeEvents(w, eventsOf(object, around), around);
});

export const describeEndpointSlice = describer<EndpointSlice>((w, object, around) => {
  writeHead(w, object);
  writeMeta(w, object);
  w.line(0, 'AddressType:', object.addressType);
  if (!object.ports || object.ports.length === 0) w.write(0, 'Ports: <unset>\n');
  else {
    w.write(0, 'Ports:\n');
    w.line(1, 'Name', 'Port', 'Protocol');
    w.line(1, '----', '----', '--------');
    for (const { name, port, protocol } of object.ports) w.line(1, name || UNSET, port ?? UNSET, protocol ?? '');
  }
  if (!object.endpoints || object.endpoints.length === 0) w.write(0, 'Endpoints: <none>\n');
  else {
    w.write(0, 'Endpoints:\n');
    for (const { addresses, conditions, hostname, targetRef, nodeName, zone } of object.endpoints) {
      w.line(1, '- Addresses:', (addresses ?? []).join(', ') || NONE);
      w.write(2, 'Conditions:\n');
      w.line(3, 'Ready:', conditions?.ready ?? UNSET);
      w.line(2, 'Hostname:', hostname ?? UNSET);
      if (targetRef) w.line(2, 'TargetRef:', `${targetRef.kind ?? ''}/${targetRef.name ?? ''}`);
      w.line(2, 'NodeName:', nodeName ?? UNSET);
      w.line(2, 'Zone:', zone ?? UNSET);
    }
  }
  writeEvents(w, eventsOf(object, around), around);
});

export const describeIngress = describer<Ingress>((w, object, around) => {
  const { spec, status, metadata } = object;
  const { namespace } = metadata;
  w.line(0, 'Name:', metadata.name ?? '');
  w.labels('Labels', metadata.labels);
  w.line(0, 'Namespace:', namespace ?? '');
  w.line(0, 'Address:', ingressPoints(status.loadBalancer?.ingress).join(','));
  w.line(0, 'Ingress Class:', spec.ingressClassName ?? NONE);
  const fallback = spec.defaultBackend ? backendText(spec.defaultBackend, namespace, around) : '<default>';
  w.line(0, 'Default backend:', fallback);
  if (spec.tls?.length) {
    w.write(0, 'TLS:\n');
    for (const { secretName, hosts } of spec.tls) {
      const names = (hosts ?? []).join(',');
      w.write(1, secretName ? `${secretName} terminates ${names}\n` : `SNI routes ${names}\n`);
    }
  }
  w.write(0, 'Rules:\n  Host\tPath\tBackends\n');
  w.line(1, '----', '----', '--------');
  const rules = (spec.rules ?? []).filter(({ http }) => http);
  for (const { host, http } of rules) {
    w.line(1, host || '*', '');
    for (const { path, backend } of http?.paths ?? []) {
      w.line(2, '', `${path ?? ''} `, backendText(backend, namespace, around));
    }
  }
  if (rules.length === 0) w.line(1, '*', '*', fallback);
  w.annotations('Annotations', metadata.annotations);
  writeEvents(w, eventsOf(object, around), around);
});

function backendText(backend: IngressBackend, namespace: string | undefined, around: Surroundings): string {
  const { service, resource } = backend;
  if (service) {
    const { number, name } = service.port ?? {};
    const text = `${service.name}:${number ? number : (name ?? '')}`;
    const found = around.list<Service>('Service', namespace).find(({ metadata }) => metadata.name === service.name);
    if (!found) return `${text} (<error: services "${service.name}" not found>)`;
    const port = found.spec.ports?.findLast((p) => (number ? number === p.port : Boolean(name) && name === p.name));
    return `${text} (${sliceEndpoints(slicesOf(namespace, service.name, around), port?.name ?? '')})`;
  }
  if (resource) return `APIGroup: ${resource.apiGroup ?? NONE}, Kind: ${resource.kind}, Name: ${resource.name}`;
  return '';
}

export const describeIngressClass = describer<IngressClass>((w, object, around) => {
  const { spec, metadata } = object;
  w.line(0, 'Name:', metadata.name ?? '');
  writeMeta(w, object);
  w.line(0, 'Controller:', spec.controller ?? '');
  if (spec.parameters) {
    w.write(0, 'Parameters:\n');
    if (spec.parameters.apiGroup !== undefined) w.line(1, 'APIGroup:', spec.parameters.apiGroup);
    w.line(1, 'Kind:', spec.parameters.kind);
    w.line(1, 'Name:', spec.parameters.name);
  }
  writeEvents(w, eventsOf(object, around), around);
});

export const describeServiceCidr = describer<ServiceCIDR>((w, object, around) => {
  w.line(0, 'Name:', object.metadata.name ?? '');
  writeMeta(w, object);
  w.line(0, 'CIDRs:', (object.spec.cidrs ?? []).join(', '));
  const conditions = object.status.conditions ?? [];
  if (conditions.length > 0) {
    w.write(0, 'Status:\nConditions:\n');
    w.line(1, 'Type', 'Status', 'LastTransitionTime', 'Reason', 'Message');
    w.line(1, '----', '------', '------------------', '------', '-------');
    for (const { type, status, lastTransitionTime, reason, message } of conditions) {
      w.line(1, type, status, longTime(lastTransitionTime), reason, message);
    }
  }
  writeEvents(w, eventsOf(object, around), around);
});

export const describeIpAddress = describer<IPAddress>((w, object, around) => {
  w.line(0, 'Name:', object.metadata.name ?? '');
  writeMeta(w, object);
  const parent = object.spec.parentRef;
  if (parent) {
    w.write(0, 'Parent Reference:\n');
    w.line(1, 'Group:', parent.group ?? '');
    w.line(1, 'Resource:', parent.resource ?? '');
    w.line(1, 'Namespace:', parent.namespace ?? '');
    w.line(1, 'Name:', parent.name ?? '');
  }
  writeEvents(w, eventsOf(object, around), around);
});

export const describeNetworkPolicy = describer<NetworkPolicy>((w, object) => {
  const { spec, metadata } = object;
  writeHead(w, object);
  w.line(0, 'Created on:', `${(metadata.creationTimestamp ?? '').replace('T', ' ').replace('Z', '')} +0000 UTC`);
  writeMeta(w, object);
  w.write(0, 'Spec:\n');
  const selector = formatLabelSelector(spec.podSelector ?? {});
  const isEverything = selector === NONE;
  w.write(1, 'PodSelector: ');
  w.write(2, `${isEverything ? '<none> (Allowing the specific traffic to all pods in this namespace)' : selector}\n`);
  const types = spec.policyTypes ?? [];
  if (types.includes('Ingress')) {
    w.write(1, 'Allowing ingress traffic:\n');
    writePolicyRules(
      w,
      (spec.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from })),
      { peer: 'From', direction: 'ingress', end: 'source' },
    );
  } else w.write(1, 'Not affecting ingress traffic\n');
  if (types.includes('Egress')) {
    w.write(1, 'Allowing egress traffic:\n');
    writePolicyRules(
      w,
      (spec.egress ?? []).map(({ ports, to }) => ({ ports, peers: to })),
      { peer: 'To', direction: 'egress', end: 'destination' },
    );
  } else w.write(1, 'Not affecting egress traffic\n');
  w.write(1, `Policy Types: ${types.join(', ') || NONE}\n`);
});

interface PolicyRule {
  readonly ports: readonly NetworkPolicyPort[] | undefined;
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
}

function writePolicyRules(
  w: DescriptionWriter,
  rules: readonly PolicyRule[],
  { peer, direction, end }: { readonly peer: string; readonly direction: string; readonly end: string },
): void {
  if (rules.length === 0) {
    w.write(2, `<none> (Selected pods are isolated for ${direction} connectivity)\n`);
    return;
  }
  rules.forEach(({ ports = [], peers = [] }, i) => {
    if (ports.length === 0) w.write(2, 'To Port: <any> (traffic allowed to all ports)\n');
    for (const { port, endPort, protocol } of ports) {
      const name = `${port ?? '<nil>'}`;
      if (endPort === undefined) w.write(2, `To Port: ${name}/${protocol ?? 'TCP'}\n`);
      else w.write(2, `To Port Range: ${name}-${endPort}/${protocol ?? 'TCP'}\n`);
    }
    if (peers.length === 0) w.write(2, `${peer}: <any> (traffic not restricted by ${end})\n`);
    for (const { podSelector, namespaceSelector, ipBlock } of peers) {
      w.write(2, `${peer}:\n`);
      if (namespaceSelector) w.write(3, `NamespaceSelector: ${formatLabelSelector(namespaceSelector)}\n`);
      if (podSelector) w.write(3, `PodSelector: ${formatLabelSelector(podSelector)}\n`);
      if (ipBlock && !podSelector && !namespaceSelector) {
        w.write(3, 'IPBlock:\n');
        w.write(4, `CIDR: ${ipBlock.cidr}\n`);
        w.write(4, `Except: ${(ipBlock.except ?? []).join(', ')}\n`);
      }
    }
    if (i < rules.length - 1) w.write(2, '----------\n');
  });
}
