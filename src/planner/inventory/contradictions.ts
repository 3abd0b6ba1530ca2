// Where a described cluster cannot be as it is described: nodes that give more than they have, pods on nodes that are not there, networks
// that overlap.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { fieldErrorBody } from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import { networkContains, parseCidr } from '../../apimachinery/ip-address.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { parseQuantity } from '../../apimachinery/quantity/quantity.ts';
import { isDns1123Subdomain } from '../../apimachinery/validation/names.ts';
import { validateObjectMeta } from '../../apimachinery/validation/object-meta.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import { validateNodeUpdate } from '../../apiserver/core/node/validation.ts';
import type { Node, PersistentVolumeClaim, Pod } from '../../schema/generated/types/core-v1.ts';
import type { ClusterFile } from './cluster-file.ts';
import { blocksOf } from './pod-network.ts';

interface Contradiction {
  readonly message: string;
  readonly field?: string;
  readonly nextStep: string;
}

/** One line a resource: what of an object cannot be. */
const CHECKS: readonly {
  readonly resource: string;
  find(object: KubeObject, reader: ClusterReader): Contradiction | undefined;
}[] = [
  { resource: 'nodes', find: (object) => whatNoNodeSays(object as Node) ?? givesMoreThanItHas(object as Node) },
  { resource: 'pods', find: (object, reader) => isOnMissingNode(object as Pod, reader) },
  {
    resource: 'persistentvolumeclaims',
    find: (object, reader) => isBoundToNothing(object as PersistentVolumeClaim, reader),
  },
];

export function contradictionsOf(reader: ClusterReader, spec: ClusterFile['spec']): Diagnostic[] {
  const inObjects = CHECKS.flatMap(({ resource, find }) =>
    reader.list(resource).flatMap((object): Diagnostic[] => {
      const found = find(object, reader);
      if (!found) return [];
      const { apiVersion, kind, metadata } = object;
      const { namespace, name = '' } = metadata;
      const ref = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
      return [{ severity: 'warning', code: 'ContradictoryCluster', object: ref, ...found }];
    }),
  );
  return [...networks(spec), ...nodesWithoutBlock(spec, reader), ...inObjects];
}

/** What the API server would not store: less than nothing, parts of what comes whole, labels that are none. */
function whatNoNodeSays(node: Node): Contradiction | undefined {
  const [error] = [
    ...validateObjectMeta(node.metadata, false, isDns1123Subdomain, FieldPath.of('metadata')),
    ...validateNodeUpdate(node, node),
  ];
  if (!error) return undefined;
  return {
    field: error.field,
    message: `no cluster holds such a node: ${fieldErrorBody(error)}`,
    nextStep: 'Mend the description: what the scheduler makes of it happens nowhere.',
  };
}

function givesMoreThanItHas({ status }: Node): Contradiction | undefined {
  const { capacity = {}, allocatable = {} } = status ?? {};
  for (const [name, amount] of Object.entries(allocatable)) {
    const total = capacity[name];
    const [given, whole] = [parseQuantity(String(amount)), parseQuantity(String(total ?? '0'))];
    if (given && whole && given.cmp(whole) > 0)
      return {
        field: `status.allocatable.${name}`,
        message: `gives pods more ${name} (${amount}) than it has (${total ?? 'none'})`,
        nextStep: 'Allocatable is the capacity less what the system keeps for itself.',
      };
  }
  return undefined;
}

function isOnMissingNode({ spec }: Pod, reader: ClusterReader): Contradiction | undefined {
  if (!spec.nodeName || reader.get('nodes', undefined, spec.nodeName)) return undefined;
  return {
    field: 'spec.nodeName',
    message: `runs on node ${spec.nodeName}, which does not exist: it will be removed as its node was`,
    nextStep: 'Describe the node as well, or leave the pod out.',
  };
}

function isBoundToNothing({ spec, status }: PersistentVolumeClaim, reader: ClusterReader): Contradiction | undefined {
  if (status?.phase !== 'Bound' || !spec.volumeName) return undefined;
  if (reader.get('persistentvolumes', undefined, spec.volumeName)) return undefined;
  return {
    field: 'spec.volumeName',
    message: `is bound to volume ${spec.volumeName}, which does not exist: it will be Lost`,
    nextStep: 'Describe the PersistentVolume as well: kubectl get pv -o yaml.',
  };
}

/** Nodes beyond the blocks of the pods' network never get one. */
function nodesWithoutBlock(spec: ClusterFile['spec'], reader: ClusterReader): Diagnostic[] {
  const blocks = blocksOf(spec);
  const nodes = reader.list('nodes').length;
  if (blocks === undefined || nodes <= blocks) return [];
  return [
    {
      severity: 'warning',
      code: 'ContradictoryCluster',
      message: `the network of pods (${spec.podCIDR}) has blocks for ${blocks} nodes, and there are ${nodes}`,
      field: 'spec.podCIDR',
      nextStep: 'Give a wider network, or smaller blocks with the flag node-cidr-mask-size.',
    },
  ];
}

function networks(spec: ClusterFile['spec']): Diagnostic[] {
  const found: Diagnostic[] = [];
  const read = (field: 'podCIDR' | 'serviceCIDR') => {
    const text = spec[field];
    const network = text === undefined ? undefined : parseCidr(text);
    if (text !== undefined && !network)
      found.push({
        severity: 'error',
        code: 'ContradictoryCluster',
        message: `${text} is no network`,
        field: `spec.${field}`,
        nextStep: 'Write an address and a length, as 10.96.0.0/16.',
      });
    return network;
  };
  const [pods, services] = [read('podCIDR'), read('serviceCIDR')];
  if (pods && services && (networkContains(pods, services.network) || networkContains(services, pods.network)))
    found.push({
      severity: 'error',
      code: 'ContradictoryCluster',
      message: `the networks of pods (${spec.podCIDR}) and of Services (${spec.serviceCIDR}) overlap`,
      field: 'spec.serviceCIDR',
      nextStep: 'Give them networks of their own.',
    });
  return found;
}
