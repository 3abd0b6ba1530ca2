// The short form of a described cluster: `apiVersion: kubeplan.dev/v1, kind: Cluster`. What objects it stands for: short-form.ts.
import { type Static, Type } from '@sinclair/typebox';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { DescribedWebhook } from '../../apiserver/admission/webhook/described-webhook.ts';
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
export type NodeGroup = Static<typeof nodeGroup>;

/** The answers of webhooks that a cluster file describes. */
export function webhooksOf(file: ClusterFile | undefined): readonly DescribedWebhook[] {
  // The schema has checked their shape.
  return (file?.spec.webhooks ?? []) as readonly DescribedWebhook[];
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
