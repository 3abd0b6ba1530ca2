// Gives each node its pod network, one block after the other from the cluster's.
// Behaviour: pkg/controller/nodeipam/ipam/range_allocator.go and cmd/kube-controller-manager/app/core.go, Kubernetes v1.36.3.
import { parseCidr } from '../../../apimachinery/ip-address.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Node } from '../../../schema/generated/types/core-v1.ts';
import type { ControllerFactory, ControllerOptions } from '../../engine/controller.ts';
import { CidrSet, nodeMaskSize } from './cidr-set.ts';

/** Only with --allocate-node-cidrs and --cluster-cidr; otherwise it does nothing. */
export const nodeIpamController: ControllerFactory = (options) => {
  const sets = cidrSetsOf(options);
  /** Nodes that found no block left; upstream asks for them again and again. */
  const starved = new Set<string>();
  /** Blocks in use are noted before any node gets a new one, and freed with their node. */
  const note = ({ type, object }: StoreEvent): readonly string[] => {
    const { metadata, spec } = object as Node;
    const { name = '' } = metadata;
    const blocks = spec.podCIDRs ?? [];
    blocks.forEach((cidr, i) => {
      if (type === 'DELETED') sets[i]?.release(cidr);
      else sets[i]?.occupy(cidr);
    });
    if (type !== 'DELETED') return blocks.length > 0 ? [] : [name];
    starved.delete(name);
    if (blocks.length === 0) return [];
    const waiting = [...starved];
    starved.clear();
    return waiting;
  };

  return {
    name: 'node-ipam-controller',
    watches: sets.length > 0 ? [{ resource: 'nodes', keys: note }] : [],
    sync(name, { client, reader, recorder }) {
      const node = reader.get<Node>('nodes', undefined, name);
      if (!node || node.metadata.deletionTimestamp || node.spec.podCIDRs?.length) return undefined;
      const allocated: string[] = [];
      for (const set of sets) {
        const cidr = set.allocateNext();
        if (cidr === undefined) {
          allocated.forEach((taken, i) => void sets[i]?.release(taken));
          recorder.event(node, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
          // A block may become free with another node; nothing else changes the answer.
          starved.add(name);
          return undefined;
        }
        allocated.push(cidr);
      }
      const answer = client.patch(
        'nodes',
        { name },
        { spec: { podCIDR: allocated[0], podCIDRs: allocated } },
        { type: 'merge' },
      );
      if (answer.ok) return undefined;
      recorder.event(node, 'Normal', 'CIDRAssignmentFailed', `Node ${name} status is now: CIDRAssignmentFailed`);
      allocated.forEach((cidr, i) => void sets[i]?.release(cidr));
      return { retry: true };
    },
  };
};

function cidrSetsOf({ flags }: ControllerOptions): readonly CidrSet[] {
  if (flags['allocate-node-cidrs'] !== 'true') return [];
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
