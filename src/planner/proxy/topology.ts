// Which endpoints of a Service a node uses for traffic from the cluster, and which for traffic that is to stay on the node.
// Behaviour: pkg/proxy/topology.go (CategorizeEndpoints), Kubernetes v1.36.3.
import { type ProxyEndpoint, textOf } from './endpoints.ts';

export interface TrafficPolicy {
  readonly isInternalLocal: boolean;
  readonly isExternalLocal: boolean;
  /** It has a node port, an external address or a load balancer's. */
  readonly isExternallyAccessible: boolean;
}

interface ProxyNode {
  readonly name: string;
  readonly zone: string;
}

interface EndpointCategories {
  /** For policy Cluster; undefined when the Service has no use for them. */
  readonly cluster: readonly ProxyEndpoint[] | undefined;
  /** For policy Local; undefined when the Service has no use for them. */
  readonly local: readonly ProxyEndpoint[] | undefined;
  /** All that this node may send to. */
  readonly reachable: readonly ProxyEndpoint[];
  /** There are usable endpoints somewhere, if only on other nodes. */
  readonly hasAny: boolean;
}

type TopologyMode = 'node' | 'zone' | undefined;

export function categorizeEndpoints(
  endpoints: readonly ProxyEndpoint[],
  policy: TrafficPolicy,
  node: ProxyNode,
  honoursNodeHints = true,
): EndpointCategories {
  const usesLocal = policy.isInternalLocal || (policy.isExternalLocal && policy.isExternallyAccessible);
  // Traffic to an external address that starts inside the cluster takes the short way, so Local needs these as well.
  const usesCluster = !policy.isInternalLocal || policy.isExternallyAccessible;
  const mode = usesCluster ? modeFromHints(endpoints, node, honoursNodeHints) : undefined;
  const cluster = usesCluster ? clusterEndpoints(endpoints, mode, node) : undefined;
  if (!usesLocal) return { cluster, local: undefined, reachable: cluster ?? [], hasAny: (cluster ?? []).length > 0 };

  const hasAny = (cluster ?? []).length > 0 || endpoints.some((endpoint) => endpoint.ready || isLastResort(endpoint));
  const localReady = endpoints.filter(({ isLocal, ready }) => isLocal && ready);
  const local =
    localReady.length > 0 ? localReady : endpoints.filter((endpoint) => endpoint.isLocal && isLastResort(endpoint));
  const usesLastResort = localReady.length === 0 && local.length > 0;
  if (!cluster) return { cluster, local, reachable: local, hasAny };
  if (mode === undefined && !usesLastResort) return { cluster, local, reachable: cluster, hasAny };
  const merged = new Map([...cluster, ...local].map((endpoint) => [textOf(endpoint), endpoint]));
  return { cluster, local, reachable: [...merged.values()], hasAny };
}

/** Serving while it ends: better than nothing. */
function isLastResort({ ready, serving, terminating }: ProxyEndpoint): boolean {
  return !ready && serving && terminating;
}

function clusterEndpoints(
  endpoints: readonly ProxyEndpoint[],
  mode: TopologyMode,
  { name, zone }: ProxyNode,
): readonly ProxyEndpoint[] {
  const available = endpoints.filter(
    ({ ready, nodeHints, zoneHints }) =>
      ready && (mode === undefined || (mode === 'node' ? nodeHints.has(name) : zoneHints.has(zone))),
  );
  return available.length > 0 ? available : endpoints.filter(({ serving, terminating }) => serving && terminating);
}

/** Hints count only when every ready endpoint has one and some endpoint is meant for this node. */
function modeFromHints(
  endpoints: readonly ProxyEndpoint[],
  { name, zone }: ProxyNode,
  honoursNodeHints: boolean,
): TopologyMode {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  if (ready.length === 0) return undefined;
  const isFor = (hintsOf: (endpoint: ProxyEndpoint) => ReadonlySet<string>, value: string): boolean =>
    ready.every((endpoint) => hintsOf(endpoint).size > 0) && ready.some((endpoint) => hintsOf(endpoint).has(value));
  if (honoursNodeHints && isFor(({ nodeHints }) => nodeHints, name)) return 'node';
  return isFor(({ zoneHints }) => zoneHints, zone) ? 'zone' : undefined;
}
