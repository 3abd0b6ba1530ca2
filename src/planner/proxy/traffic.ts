// Where traffic to a Service goes from a node: to which endpoints, or nowhere.
// Behaviour: pkg/proxy/serviceport.go, pkg/proxy/iptables/proxier.go (syncProxyRules), pkg/proxy/healthcheck, Kubernetes v1.36.3.
// Differs: the set of endpoints is told, not the one that is drawn from it for a connection.
import { LABEL_TOPOLOGY_ZONE } from '../../apimachinery/well-known/labels.ts';
import type { Node, Service, ServicePort } from '../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../schema/generated/types/discovery-v1.ts';
import { endpointsOfPort, type ProxyEndpoint } from './endpoints.ts';
import { categorizeEndpoints, type TrafficPolicy } from './topology.ts';

const PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';

export type Verdict =
  | { readonly kind: 'endpoints'; readonly endpoints: readonly ProxyEndpoint[] }
  /** Nobody answers anywhere: callers are told at once. */
  | { readonly kind: 'reject'; readonly reason: string }
  /** Somebody would answer on another node: callers wait in vain. */
  | { readonly kind: 'drop'; readonly reason: string };

export interface PortTraffic {
  readonly port: ServicePort;
  readonly family: 'IPv4' | 'IPv6';
  /** To the cluster IP, from pods and from the node. */
  readonly internal: Verdict;
  /** To node port, external address or load balancer, from outside; undefined when there is no such way in. */
  readonly external?: Verdict;
  /** The same from pods and from the node itself: they take the short way. */
  readonly externalFromInside?: Verdict;
}

interface ServiceTraffic {
  readonly ports: readonly PortTraffic[];
  /** What the health check for load balancers answers on this node. */
  readonly healthCheck?: { readonly port: number; readonly code: 200 | 503; readonly localEndpoints: number };
}

/** Traffic of a Service as this node's proxy handles it; undefined when it does not. */
export function trafficFrom(
  service: Service,
  slices: readonly EndpointSlice[],
  node: Node,
): ServiceTraffic | undefined {
  if (!isProxied(service)) return undefined;
  const name = node.metadata.name ?? '';
  const proxyNode = { name, zone: node.metadata.labels?.[LABEL_TOPOLOGY_ZONE] ?? '' };
  const { ports = [], ipFamilies } = service.spec;
  const families = ipFamilies && ipFamilies.length > 0 ? ipFamilies : [familyOf(service.spec.clusterIP ?? '')];
  const traffic: PortTraffic[] = [];
  let localEndpoints = 0;
  for (const family of families.filter((one) => one === 'IPv4' || one === 'IPv6'))
    for (const port of ports) {
      const policy = policyOf(service, port, family);
      const endpoints = endpointsOfPort(slices, port, family, name);
      localEndpoints = Math.max(localEndpoints, endpoints.filter(({ isLocal, ready }) => isLocal && ready).length);
      const { cluster = [], local = [], hasAny } = categorizeEndpoints(endpoints, policy, proxyNode);
      const verdict = (isLocalOnly: boolean): Verdict => {
        if (!hasAny) return { kind: 'reject', reason: 'has no endpoints' };
        const usable = isLocalOnly ? local : cluster;
        return usable.length > 0 || !isLocalOnly
          ? { kind: 'endpoints', endpoints: usable }
          : { kind: 'drop', reason: 'has no local endpoints' };
      };
      traffic.push({
        port,
        family,
        internal: verdict(policy.isInternalLocal),
        ...(policy.isExternallyAccessible
          ? { external: verdict(policy.isExternalLocal), externalFromInside: verdict(false) }
          : {}),
      });
    }
  const check = healthCheckPort(service);
  if (check === undefined) return { ports: traffic };
  const isUp = localEndpoints > 0 && node.metadata.deletionTimestamp === undefined;
  return { ports: traffic, healthCheck: { port: check, code: isUp ? 200 : 503, localEndpoints } };
}

/** Headless Services and names for elsewhere need no proxy, and some are another proxy's. */
function isProxied({ metadata, spec }: Service): boolean {
  if (metadata.labels?.[PROXY_NAME_LABEL] !== undefined || spec.type === 'ExternalName') return false;
  return Boolean(spec.clusterIP) && spec.clusterIP !== 'None';
}

function policyOf({ spec, status }: Service, { nodePort }: ServicePort, family: string): TrafficPolicy {
  const ofFamily = (ip: string): boolean => familyOf(ip) === family;
  const externalIPs = (spec.externalIPs ?? []).filter(ofFamily);
  // Load balancers in mode Proxy take all traffic themselves.
  const balancers = (status.loadBalancer?.ingress ?? []).filter(
    ({ ip, ipMode }) => ip && ipMode !== 'Proxy' && ofFamily(ip),
  );
  const mayBeExternal = spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.externalIPs ?? []).length > 0;
  return {
    isInternalLocal: spec.internalTrafficPolicy === 'Local',
    isExternalLocal: mayBeExternal && spec.externalTrafficPolicy === 'Local',
    isExternallyAccessible: Boolean(nodePort) || balancers.length > 0 || externalIPs.length > 0,
  };
}

function healthCheckPort({ spec }: Service): number | undefined {
  return spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
    ? spec.healthCheckNodePort || undefined
    : undefined;
}

function familyOf(ip: string): 'IPv4' | 'IPv6' {
  return ip.includes(':') ? 'IPv6' : 'IPv4';
}
