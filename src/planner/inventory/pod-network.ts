// The network that pods get their addresses from where a described cluster does not name one: wide enough that each node finds a block of
// its own, as nobody builds a cluster that has more nodes than its network has blocks. Nodes that have a block keep it.
import { parseCidr } from '../../apimachinery/ip-address.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import { nodeMaskSize } from '../controllers/node-ipam/cidr-set.ts';
import { NodeBlocks } from '../controllers/node-ipam/node-blocks.ts';
import type { ClusterFile } from './cluster-file.ts';

/** Both keep clear of 10.96.0.0/12, where Services are. */
const SMALL = '10.244.0.0/16';
const LARGE = '10.128.0.0/9';
/** Blocks of /24 in the small one. */
const FEW_NODES = 2 ** 8;

/** `objects`: those of the cluster file as well. */
export function defaultPodCidr(file: ClusterFile | undefined, objects: readonly Manifest[]): string {
  return describedNodes(file, objects) <= FEW_NODES ? SMALL : LARGE;
}

/** How many nodes a network named in the cluster file has blocks for; undefined where that cannot be told. */
export function blocksOf({ podCIDR = '', flags = {} }: ClusterFile['spec']): number | undefined {
  const network = parseCidr(podCIDR);
  if (network?.bits !== 32) return undefined;
  const size = nodeMaskSize(flags, network, true);
  return size < network.prefixLength ? undefined : 2 ** (size - network.prefixLength);
}

/** The blocks that are left for nodes beside those among these objects, which are not decoded. */
export function freeBlocks(
  flags: Readonly<Record<string, string>>,
  objects: Iterable<Readonly<Record<string, unknown>>>,
): NodeBlocks {
  const blocks = new NodeBlocks(flags);
  for (const { apiVersion, kind, spec } of objects) {
    if (apiVersion !== 'v1' || kind !== 'Node') continue;
    const { podCIDR, podCIDRs = [podCIDR] } = (spec ?? {}) as {
      readonly podCIDR?: unknown;
      readonly podCIDRs?: unknown;
    };
    if (Array.isArray(podCIDRs)) blocks.occupy(podCIDRs.map(String));
  }
  return blocks;
}

function describedNodes(file: ClusterFile | undefined, objects: readonly Manifest[]): number {
  let count = 0;
  for (const group of file?.spec.nodes ?? []) count += group.count ?? 1;
  for (const { apiVersion, kind } of objects) if (apiVersion === 'v1' && kind === 'Node') count += 1;
  return count;
}
