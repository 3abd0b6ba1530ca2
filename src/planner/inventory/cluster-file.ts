// The short form of a described cluster: `apiVersion: kubeplan.dev/v1, kind: Cluster`, and the objects it stands for.
import { type Static, Type } from '@sinclair/typebox';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { DescribedWebhook } from '../../apiserver/admission/webhook/described-webhook.ts';
import { newestVersion } from '../../schema/layout.ts';
import { conditionsWith } from '../kubelet/node-stages.ts';
import { cloudSchema, imagesSchema, metricsSchema, podsSchema } from './behaviour-schema.ts';

const labels = Type.Record(Type.String(), Type.String());
const quantities = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]));

const nodeGroup = Type.Object(
  {
    /** Nodes are called NAME-1, NAME-2, …; a group of one with `exactName` keeps the name as it is. */
    name: Type.String({ minLength: 1 }),
    exactName: Type.Optional(Type.Boolean()),
    count: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    capacity: Type.Optional(quantities),
    allocatable: Type.Optional(quantities),
    labels: Type.Optional(labels),
    annotations: Type.Optional(labels),
    taints: Type.Optional(
      Type.Array(
        Type.Object(
          { key: Type.String(), value: Type.Optional(Type.String()), effect: Type.String() },
          { additionalProperties: false },
        ),
      ),
    ),
    /** Zones in turn: node 1 in the first, node 2 in the second, … */
    zones: Type.Optional(Type.Array(Type.String())),
    region: Type.Optional(Type.String()),
    unschedulable: Type.Optional(Type.Boolean()),
    /** Pods that the kubelets of these nodes run from files of their own. */
    staticPods: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
    /** Conditions that are True; the nodes are Ready all the same. */
    conditions: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Literal('MemoryPressure'),
          Type.Literal('DiskPressure'),
          Type.Literal('PIDPressure'),
          Type.Literal('NetworkUnavailable'),
        ]),
      ),
    ),
    /** Images that are there already. */
    images: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);

/** What a webhook answers, since it cannot be called; the first that fits a call counts. */
const webhook = Type.Object(
  {
    /** The webhook's own name, `inject.example.com`. */
    name: Type.String({ minLength: 1 }),
    /** The name of its configuration, where several have a webhook of this name. */
    configuration: Type.Optional(Type.String()),
    /** A CEL expression, as in match conditions, for which requests this is the answer. */
    when: Type.Optional(Type.String({ minLength: 1 })),
    answer: Type.Union(['allow', 'deny', 'patch', 'fail'].map((answer) => Type.Literal(answer))),
    message: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
    code: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    warnings: Type.Optional(Type.Array(Type.String())),
    /** A JSON patch. */
    patch: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
  },
  { additionalProperties: false },
);

export const clusterSchema = Type.Object(
  {
    apiVersion: Type.Literal('kubeplan.dev/v1'),
    kind: Type.Literal('Cluster'),
    metadata: Type.Optional(Type.Object({ name: Type.Optional(Type.String()) })),
    spec: Type.Object(
      {
        kubernetesVersion: Type.Optional(Type.String({ pattern: '^v?1\\.\\d+(\\.\\d+)?$' })),
        featureGates: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
        nodes: Type.Optional(Type.Array(nodeGroup)),
        storageClasses: Type.Optional(
          Type.Array(
            Type.Object(
              {
                name: Type.String(),
                provisioner: Type.String(),
                default: Type.Optional(Type.Boolean()),
                reclaimPolicy: Type.Optional(Type.String()),
                volumeBindingMode: Type.Optional(Type.String()),
                allowVolumeExpansion: Type.Optional(Type.Boolean()),
              },
              { additionalProperties: false },
            ),
          ),
        ),
        podCIDR: Type.Optional(Type.String()),
        serviceCIDR: Type.Optional(Type.String()),
        /** Flags of kube-controller-manager without their dashes. */
        flags: Type.Optional(Type.Record(Type.String(), Type.String())),
        metrics: Type.Optional(metricsSchema),
        pods: Type.Optional(podsSchema),
        images: Type.Optional(imagesSchema),
        cloud: Type.Optional(cloudSchema),
        webhooks: Type.Optional(Type.Array(webhook)),
        /** Static pods of nodes that are described as objects, by the node's name. */
        staticPods: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Record(Type.String(), Type.Unknown())))),
        /** When simulated time begins, unless an object is newer. */
        time: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' })),
        /** Further objects, as they are. */
        objects: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false, $id: 'https://kubeplan.dev/schemas/cluster-v1.json', title: 'Cluster' },
);

export type ClusterFile = Static<typeof clusterSchema>;

/** The answers of webhooks that a cluster file describes. */
export function webhooksOf(file: ClusterFile | undefined): readonly DescribedWebhook[] {
  // The schema has checked their shape.
  return (file?.spec.webhooks ?? []) as readonly DescribedWebhook[];
}

const DEFAULT_CAPACITY = { cpu: '4', memory: '16Gi', pods: '110', 'ephemeral-storage': '100Gi' };
/** Release of the newest version whose behaviour this is. */
const SIMULATED_RELEASE = 'v1.36.3';
const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';

/** The Kubernetes objects that the short form stands for, not yet decoded. */
export function objectsOf({ spec }: ClusterFile): Record<string, unknown>[] {
  let made = 0;
  const nodes = (spec.nodes ?? []).flatMap((group) => {
    const before = made;
    made += group.count ?? 1;
    return nodesOf(group, before, spec.kubernetesVersion);
  });
  const classes = (spec.storageClasses ?? []).map(storageClassOf);
  return [...nodes, ...classes, ...(spec.objects ?? [])];
}

type NodeGroup = Static<typeof nodeGroup>;

export function nodeNamesOf(group: NodeGroup): readonly string[] {
  return Array.from({ length: group.count ?? 1 }, (_, index) =>
    group.exactName ? group.name : `${group.name}-${index + 1}`,
  );
}

/** `before`: nodes of earlier groups, for addresses that no two nodes share. */
function nodesOf(group: NodeGroup, before: number, version: string | undefined): Record<string, unknown>[] {
  return nodeNamesOf(group).map((name, index) => {
    const zone = group.zones?.[index % group.zones.length];
    const capacity = { ...DEFAULT_CAPACITY, ...group.capacity };
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          ...(zone ? { [ZONE]: zone } : {}),
          ...(group.region ? { [REGION]: group.region } : {}),
          ...group.labels,
        },
        ...(group.annotations ? { annotations: group.annotations } : {}),
      },
      spec: {
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
        nodeInfo: { kubeletVersion: kubeletVersion(version), operatingSystem: 'linux', architecture: 'amd64' },
        ...(group.conditions ? { conditions: conditionsWith(group.conditions) } : {}),
        ...(group.images ? { images: group.images.map((image) => ({ names: [image] })) } : {}),
      },
    };
  });
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

/** The cluster that stands in when none is described: three nodes, a zone each. */
export const BUILT_IN_CLUSTER: ClusterFile = {
  apiVersion: 'kubeplan.dev/v1',
  kind: 'Cluster',
  spec: { nodes: [{ name: 'node', count: 3, zones: ['zone-a', 'zone-b', 'zone-c'] }] },
};

export const BUILT_IN_ASSUMPTION =
  'No cluster was described: three nodes of 4 cpu and 16Gi stand in, a zone each. Describe yours with --cluster.';

export function isClusterFile(value: { readonly apiVersion?: unknown; readonly kind?: unknown }): boolean {
  return (
    value.kind === 'Cluster' && typeof value.apiVersion === 'string' && value.apiVersion.startsWith('kubeplan.dev/')
  );
}

export function asKubeObjects(values: readonly Record<string, unknown>[]): readonly KubeObject[] {
  // Shapes are checked by the decoder that every object goes through next.
  return values as unknown as readonly KubeObject[];
}
