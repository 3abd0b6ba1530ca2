// The network that pods get their addresses from where a described cluster does not name one: wide enough that each node finds a block of
// its own, as nobody builds a cluster that has more nodes than its network has blocks. Nodes that have a block keep it.
import { parseCidr } from '../../apimachinery/ip-address.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import type { ClusterFile } from './cluster-file.ts';

/** Networks with the number of /24 blocks in them; both keep clear of 10.96.0.0/12, where Services are. */
const SMALL = { cidr: '10.244.0.0/16', blocks: 2 ** 8 };
const LARGE = { cidr: '10.128.0.0/9', blocks: 2 ** 15 };

const DEFAULT_MASK_SIZE = 24;

export function defaultPodCidr(file: ClusterFile | undefined, objects: readonly Manifest[]): string {
  return describedNodes(file, objects) <= SMALL.blocks ? SMALL.cidr : LARGE.cidr;
}

/** How many nodes a network named in the cluster file has blocks for; undefined where that cannot be told. */
export function blocksOf({ podCIDR = '', flags = {} }: ClusterFile['spec']): number | undefined {
  const network = parseCidr(podCIDR);
  if (network?.bits !== 32) return undefined;
  const size = Number(flags['node-cidr-mask-size'] ?? flags['node-cidr-mask-size-ipv4'] ?? DEFAULT_MASK_SIZE);
  return size < network.prefixLength ? undefined : 2 ** (size - network.prefixLength);
}

function describedNodes(file: ClusterFile | undefined, objects: readonly Manifest[]): number {
  const { nodes = [], objects: further = [] } = file?.spec ?? {};
  let count = 0;
  for (const group of nodes) count += group.count ?? 1;
  for (const object of further) if (isNode(object)) count += 1;
  for (const object of objects) if (isNode(object)) count += 1;
  return count;
}

function isNode({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): boolean {
  return apiVersion === 'v1' && kind === 'Node';
}
