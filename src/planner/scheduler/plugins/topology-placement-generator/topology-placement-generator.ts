// The sets of nodes that a pod group may go to: one for each value of the label that all of its pods have to share.
// Behaviour: pkg/scheduler/framework/plugins/topologyaware/topology_placement.go, Kubernetes v1.36.3.
// Differs: placements come in the order of their names; upstream walks a Go map.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type { PodGroup } from '../../../../schema/generated/types/scheduling-v1alpha2.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import type { Handle, Placement, PlacementGeneratePlugin } from '../../framework/plugin.ts';
import { errorStatus } from '../../framework/status.ts';

export function makeTopologyPlacementGenerator({
  objects,
  podGroups,
  snapshot,
}: Pick<Handle, 'objects' | 'podGroups' | 'snapshot'>) {
  return {
    name: 'TopologyPlacementGenerator',
    generatePlacements({ namespace, name }, parent) {
      const group = objects.get<PodGroup>('podgroups.scheduling.k8s.io', namespace, name);
      if (!group) return { status: errorStatus(`podgroup.scheduling.k8s.io ${goQuote(name)} not found`) };
      const key = group.spec.schedulingConstraints?.topology?.[0]?.key;
      if (key === undefined) return { placements: [parent] };
      const scheduled = podGroups.get(namespace, name)?.scheduledPods() ?? [];
      const required = domainOf(scheduled, key, (node) => snapshot.get(node));
      if (required && 'error' in required)
        return { status: errorStatus(`cannot determine domain for already scheduled pods: ${required.error}`) };
      return { placements: byDomain(parent.nodes, key, required?.domain) };
    },
  } satisfies PlacementGeneratePlugin;
}

interface Scheduled {
  readonly key: string;
  readonly node: string;
}

/** Where the group is already; undefined when it is nowhere. */
function domainOf(
  pods: readonly Scheduled[],
  label: string,
  nodeOf: (name: string) => NodeInfo | undefined,
): { readonly domain: string } | { readonly error: string } | undefined {
  let domain: string | undefined;
  for (const { key, node } of pods) {
    const info = nodeOf(node);
    if (!info) return { error: `getting node for pod ${key}: nodeinfo not found for node name ${goQuote(node)}` };
    const found = info.labels[label];
    if (found === undefined) return { error: `no topology domain found for pod ${key}` };
    if (domain && domain !== found) return { error: `more than 1 domain found for pod group: ${domain}, ${found}` };
    domain = found;
  }
  return domain === undefined ? undefined : { domain };
}

function byDomain(nodes: readonly NodeInfo[], label: string, required: string | undefined): readonly Placement[] {
  const domains = new Map<string, NodeInfo[]>();
  for (const node of nodes) {
    const domain = node.labels[label];
    if (domain === undefined || (required !== undefined && domain !== required)) continue;
    const known = domains.get(domain);
    if (known) known.push(node);
    else domains.set(domain, [node]);
  }
  return [...domains].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, members]) => ({ name, nodes: members }));
}
