// The blocks of the cluster's networks that nodes have: one of each network a node.
// Behaviour: pkg/controller/nodeipam/ipam/range_allocator.go and cmd/kube-controller-manager/app/core.go, Kubernetes v1.36.3.
import { parseCidr } from '../../../apimachinery/ip-address.ts';
import { CidrSet, nodeMaskSize } from './cidr-set.ts';

export class NodeBlocks {
  readonly #sets: readonly CidrSet[];

  /** `flags`: of kube-controller-manager. Only with --allocate-node-cidrs and --cluster-cidr there is anything to hand out. */
  constructor(flags: Readonly<Record<string, string>>) {
    this.#sets = flags['allocate-node-cidrs'] === 'true' ? cidrSetsOf(flags) : [];
  }

  get isUsed(): boolean {
    return this.#sets.length > 0;
  }

  /** Notes what a node has. */
  occupy(blocks: readonly string[]): void {
    blocks.forEach((cidr, i) => void this.#sets[i]?.occupy(cidr));
  }

  release(blocks: readonly string[]): void {
    blocks.forEach((cidr, i) => void this.#sets[i]?.release(cidr));
  }

  /** The next free block of each network; undefined when one of them has none left. */
  allocate(): readonly string[] | undefined {
    const allocated: string[] = [];
    for (const set of this.#sets) {
      const cidr = set.allocateNext();
      if (cidr === undefined) {
        this.release(allocated);
        return undefined;
      }
      allocated.push(cidr);
    }
    return allocated;
  }
}

function cidrSetsOf(flags: Readonly<Record<string, string>>): readonly CidrSet[] {
  const clusterCIDRs = (flags['cluster-cidr'] ?? '').split(',').filter((text) => text !== '');
  const sets: CidrSet[] = [];
  for (const text of clusterCIDRs) {
    const network = parseCidr(text);
    if (!network) continue;
    const set = new CidrSet(network, nodeMaskSize(flags, network, clusterCIDRs.length === 1));
    for (const service of (flags['service-cluster-ip-range'] ?? '').split(',')) if (service) set.occupy(service);
    sets.push(set);
  }
  return sets;
}
