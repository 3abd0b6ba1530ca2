// The endpoints of a Service's port as a node's proxy sees them.
// Behaviour: pkg/proxy/{endpointslicecache,endpoint}.go, Kubernetes v1.36.3.
import { ipText, parseIp } from '../../apimachinery/ip-address.ts';
import type { ServicePort } from '../../schema/generated/types/core-v1.ts';
import type { Endpoint, EndpointSlice } from '../../schema/generated/types/discovery-v1.ts';

export interface ProxyEndpoint {
  readonly ip: string;
  readonly port: number;
  /** The pod runs on the proxy's own node. */
  readonly isLocal: boolean;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly zoneHints: ReadonlySet<string>;
  readonly nodeHints: ReadonlySet<string>;
  readonly nodeName?: string;
  /** Pod that stands behind the address. */
  readonly podName?: string;
}

/** Endpoints of one family for a port of the Service, by address. */
export function endpointsOfPort(
  slices: readonly EndpointSlice[],
  { name = '', protocol = 'TCP' }: Pick<ServicePort, 'name' | 'protocol'>,
  family: 'IPv4' | 'IPv6',
  nodeName: string,
): readonly ProxyEndpoint[] {
  const found = new Map<string, ProxyEndpoint>();
  for (const slice of slices) {
    if (slice.addressType !== family) continue;
    for (const port of slice.ports ?? []) {
      if (!port.port || (port.name ?? '') !== name || (port.protocol ?? 'TCP') !== protocol) continue;
      for (const endpoint of slice.endpoints ?? []) {
        const seen = proxyEndpoint(endpoint, port.port, nodeName);
        if (!seen) continue;
        const key = textOf(seen);
        // A pod that moves between slices is in both for a while; the one that stays counts.
        if (!found.has(key) || !seen.terminating) found.set(key, seen);
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint);
}

/** `ip:port`. */
export function textOf({ ip, port }: ProxyEndpoint): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function proxyEndpoint(endpoint: Endpoint, port: number, ownNode: string): ProxyEndpoint | undefined {
  const address = endpoint.addresses?.[0];
  const ip = address === undefined ? undefined : parseIp(address);
  if (!ip) return undefined;
  const { conditions, hints, nodeName, targetRef } = endpoint;
  return {
    ip: ipText(ip),
    port,
    isLocal: nodeName !== undefined && ownNode !== '' && nodeName === ownNode,
    ready: conditions.ready ?? true,
    serving: conditions.serving ?? true,
    terminating: conditions.terminating ?? false,
    zoneHints: new Set(hints?.forZones?.map(({ name }) => name)),
    nodeHints: new Set(hints?.forNodes?.map(({ name }) => name)),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef?.kind === 'Pod' && targetRef.name !== undefined ? { podName: targetRef.name } : {}),
  };
}
