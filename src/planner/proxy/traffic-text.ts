// Where a Service's traffic goes from each node, as lines of text: nodes that send to the same pods are named together.
import type { Node, Service } from '../../schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../schema/generated/types/discovery-v1.ts';
import { textOf } from './endpoints.ts';
import { type PortTraffic, trafficFrom, type Verdict } from './traffic.ts';

/** The ways into a Service, in the order in which they are told. */
const WAYS: readonly {
  /** Undefined where the port has no such way in. */
  verdict(traffic: PortTraffic): Verdict | undefined;
  title(service: Service, traffic: PortTraffic): string;
}[] = [
  {
    verdict: ({ internal }) => internal,
    title: ({ spec }, { port, family }) => `${addressOf(spec, family)} port ${port.port}/${port.protocol ?? 'TCP'}`,
  },
  {
    verdict: ({ external }) => external,
    title: (_, { port }) =>
      port.nodePort ? `from outside, node port ${port.nodePort}` : `from outside, port ${port.port}`,
  },
];

/** Empty for a Service that no proxy handles. */
export function trafficLines(
  service: Service,
  slices: readonly EndpointSlice[],
  nodes: readonly Node[],
): readonly string[] {
  const blocks = new Map<string, Map<string, string[]>>();
  for (const node of nodes)
    for (const traffic of trafficFrom(service, slices, node)?.ports ?? [])
      for (const { verdict, title } of WAYS) {
        const found = verdict(traffic);
        if (!found) continue;
        const heading = title(service, traffic);
        const byTarget = blocks.get(heading) ?? new Map<string, string[]>();
        blocks.set(heading, byTarget);
        const target = targetText(found);
        byTarget.set(target, [...(byTarget.get(target) ?? []), node.metadata.name ?? '']);
      }
  return [...blocks].flatMap(([heading, byTarget]) => [
    `${heading}:`,
    ...[...byTarget].map(([target, names]) =>
      names.length === nodes.length && nodes.length > 1
        ? `  by every node: ${target}`
        : `  by ${names.join(', ')}: ${target}`,
    ),
  ]);
}

function targetText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'reject':
      return `refused, ${verdict.reason}`;
    case 'drop':
      return `dropped, ${verdict.reason}`;
    case 'endpoints':
      return verdict.endpoints
        .map((endpoint) => {
          const place = endpoint.nodeName === undefined ? '' : ` on ${endpoint.nodeName}`;
          return endpoint.podName === undefined
            ? textOf(endpoint)
            : `${endpoint.podName}${place} (${textOf(endpoint)})`;
        })
        .join(', ');
  }
}

function addressOf({ clusterIP = '', clusterIPs = [] }: Service['spec'], family: 'IPv4' | 'IPv6'): string {
  const isOfFamily = (ip: string): boolean => ip.includes(':') === (family === 'IPv6');
  return clusterIPs.find(isOfFamily) ?? clusterIP;
}
