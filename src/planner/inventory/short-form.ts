// The objects that the short form of a described cluster stands for. Its nodes have been up for a while: they are as the components
// that look after nodes have left them, so that nothing is left to do for each of thousands of nodes before the plan begins.
import {
  LABEL_HOSTNAME,
  LABEL_OS,
  LABEL_TOPOLOGY_REGION,
  LABEL_TOPOLOGY_ZONE,
} from '../../apimachinery/well-known/labels.ts';
import type { NodeCondition } from '../../schema/generated/types/core-v1.ts';
import { newestVersion } from '../../schema/layout.ts';
import type { NodeBlocks } from '../controllers/node-ipam/node-blocks.ts';
import { mirroredLabels } from '../controllers/nodelifecycle/node-status.ts';
import { ttlAnnotation } from '../controllers/ttl/ttl.ts';
import { conditionsWith } from '../kubelet/nodes/node-stages.ts';
import { isNotResponding } from '../kubelet/outcome.ts';
import type { ClusterFile, NodeGroup } from './cluster-file.ts';

const DEFAULT_CAPACITY = { cpu: '4', memory: '16Gi', pods: '110', 'ephemeral-storage': '100Gi' };
/** Release of the newest version whose behaviour this is. */
const SIMULATED_RELEASE = 'v1.36.3';

/** What the short form does not say of the cluster around its nodes. */
export interface Surroundings {
  /** When the nodes said last how they are, as in a status. */
  readonly now: string;
  /** Blocks of the pods' network that other nodes have not taken. */
  readonly blocks: NodeBlocks;
}

/** Not yet decoded. */
export function objectsOf({ spec }: ClusterFile, { now, blocks }: Surroundings): Record<string, unknown>[] {
  const { nodes: groups = [], kubernetesVersion } = spec;
  const annotations = ttlAnnotation(groups.reduce((sum, { count = 1 }) => sum + count, 0));
  let made = 0;
  const nodes = groups.flatMap((group) => {
    const before = made;
    made += group.count ?? 1;
    return nodesOf(group, { before, kubernetesVersion, annotations, now, blocks });
  });
  const classes = (spec.storageClasses ?? []).map(storageClassOf);
  return [...nodes, ...classes, ...(spec.objects ?? [])];
}

/** What the nodes of a group do not know of themselves. */
interface NodeContext extends Surroundings {
  /** Nodes of earlier groups, for addresses that no two nodes share. */
  readonly before: number;
  readonly kubernetesVersion: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

export function nodeNamesOf(group: NodeGroup): readonly string[] {
  return Array.from({ length: group.count ?? 1 }, (_, index) =>
    group.exactName ? group.name : `${group.name}-${index + 1}`,
  );
}

function nodesOf(group: NodeGroup, context: NodeContext): Record<string, unknown>[] {
  const { before, kubernetesVersion, annotations, now, blocks } = context;
  const capacity = { ...DEFAULT_CAPACITY, ...group.capacity };
  const conditions = conditionsOf(group)?.map((condition) => ({
    ...condition,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  }));
  return nodeNamesOf(group).map((name, index) => {
    const zone = group.zones?.[index % group.zones.length];
    const labels: Record<string, string> = {
      [LABEL_HOSTNAME]: name,
      [LABEL_OS]: 'linux',
      'kubernetes.io/arch': 'amd64',
      ...(zone ? { [LABEL_TOPOLOGY_ZONE]: zone } : {}),
      ...(group.region ? { [LABEL_TOPOLOGY_REGION]: group.region } : {}),
      ...group.labels,
    };
    const podCIDRs = blocks.allocate() ?? [];
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: { ...labels, ...mirroredLabels(labels) },
        annotations: { ...annotations, ...group.annotations },
      },
      spec: {
        ...(podCIDRs.length > 0 ? { podCIDR: podCIDRs[0], podCIDRs } : {}),
        ...(group.taints ? { taints: group.taints } : {}),
        ...(group.unschedulable ? { unschedulable: true } : {}),
      },
      status: {
        capacity,
        allocatable: { ...capacity, ...group.allocatable },
        addresses: [
          { type: 'InternalIP', address: nodeAddress(before + index) },
          { type: 'Hostname', address: name },
        ],
        nodeInfo: {
          kubeletVersion: kubeletVersion(kubernetesVersion),
          operatingSystem: 'linux',
          architecture: 'amd64',
        },
        ...(conditions ? { phase: 'Running', conditions } : {}),
        ...(group.images ? { images: group.images.map((image) => ({ names: [image] })) } : {}),
      },
    };
  });
}

/** A kubelet that keeps silent has never said anything, unless the description says what. */
function conditionsOf({ conditions, annotations }: NodeGroup): readonly NodeCondition[] | undefined {
  return conditions || !isNotResponding({ metadata: annotations ? { annotations } : {} })
    ? conditionsWith(conditions ?? [])
    : undefined;
}

/** The release that is simulated, or the first of another minor version. */
function kubeletVersion(version: string | undefined): string {
  const minor = /^v?(\d+\.\d+)$/.exec(version ?? newestVersion)?.[1];
  if (minor === undefined) return version?.startsWith('v') ? version : `v${version}`;
  return minor === newestVersion ? SIMULATED_RELEASE : `v${minor}.0`;
}

/** 172.16.0.10 counting up: the network that machines of a private cloud are in. */
function nodeAddress(index: number): string {
  const offset = index + 10;
  return `172.${16 + (offset >> 16)}.${(offset >> 8) & 255}.${offset & 255}`;
}

function storageClassOf(given: NonNullable<ClusterFile['spec']['storageClasses']>[number]): Record<string, unknown> {
  const { name, default: isDefault, ...fields } = given;
  const annotations = isDefault ? { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } : {};
  return { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name, ...annotations }, ...fields };
}
