// Gives each node its pod network, one block after the other from the cluster's.
// Behaviour: pkg/controller/nodeipam/ipam/range_allocator.go, Kubernetes v1.36.3.
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Node } from '../../../schema/generated/types/core-v1.ts';
import type { ControllerFactory } from '../../engine/controller.ts';
import { NodeBlocks } from './node-blocks.ts';

export const nodeIpamController: ControllerFactory = ({ flags }) => {
  const networks = new NodeBlocks(flags);
  /** Nodes that found no block left; upstream asks for them again and again. */
  const starved = new Set<string>();
  /** Blocks in use are noted before any node gets a new one, and freed with their node. */
  const note = ({ type, object }: StoreEvent): readonly string[] => {
    const { metadata, spec } = object as Node;
    const { name = '' } = metadata;
    const blocks = spec.podCIDRs ?? [];
    if (type === 'DELETED') networks.release(blocks);
    else networks.occupy(blocks);
    if (type !== 'DELETED') return blocks.length > 0 ? [] : [name];
    starved.delete(name);
    if (blocks.length === 0) return [];
    const waiting = [...starved];
    starved.clear();
    return waiting;
  };

  return {
    name: 'node-ipam-controller',
    watches: networks.isUsed ? [{ resource: 'nodes', keys: note }] : [],
    sync(name, { client, reader, recorder }) {
      const node = reader.get<Node>('nodes', undefined, name);
      if (!node || node.metadata.deletionTimestamp || node.spec.podCIDRs?.length) return undefined;
      const allocated = networks.allocate();
      if (!allocated) {
        recorder.event(node, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
        // A block may become free with another node; nothing else changes the answer.
        starved.add(name);
        return undefined;
      }
      const answer = client.patch(
        'nodes',
        { name },
        { spec: { podCIDR: allocated[0], podCIDRs: allocated } },
        { type: 'merge' },
      );
      if (answer.ok) return undefined;
      recorder.event(node, 'Normal', 'CIDRAssignmentFailed', `Node ${name} status is now: CIDRAssignmentFailed`);
      networks.release(allocated);
      return { retry: true };
    },
  };
};
