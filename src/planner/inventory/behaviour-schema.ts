// What a Cluster document may say of things that no manifest tells: loads, timings, images, files of nodes, the cloud.
import { Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;
const labels = Type.Record(Type.String(), Type.String());
const quantity = Type.Union([
  Type.String({ pattern: '^[+-]?[0-9]+(\\.[0-9]*)?([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$' }),
  Type.Number(),
]);
const duration = Type.String({ pattern: '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$' });

/** Pods that an entry is about: all of the namespace when neither labels nor workload are given. */
const about = {
  namespace: Type.Optional(Type.String()),
  matchLabels: Type.Optional(labels),
  /** KIND/NAME: `Deployment/web`. */
  workload: Type.Optional(Type.String({ pattern: '^[A-Z][A-Za-z]*/[^/]+$' })),
};

const resourceUse = Type.Object(
  {
    ...about,
    /** Shared evenly between the pods; `podCPU` comes on top of it, so use is a function of load and replicas. */
    totalCPU: Type.Optional(quantity),
    podCPU: Type.Optional(quantity),
    totalMemory: Type.Optional(quantity),
    podMemory: Type.Optional(quantity),
  },
  closed,
);

const object = Type.Object(
  { apiVersion: Type.Optional(Type.String()), kind: Type.String(), name: Type.String() },
  closed,
);
const named = { name: Type.String({ minLength: 1 }), namespace: Type.Optional(Type.String()), value: quantity };

/** What the metrics APIs answer; the resource metrics API is there once `resources` is. */
export const metricsSchema = Type.Object(
  {
    resources: Type.Optional(Type.Array(resourceUse)),
    pods: Type.Optional(
      Type.Array(Type.Object({ ...named, matchLabels: about.matchLabels, workload: about.workload }, closed)),
    ),
    objects: Type.Optional(Type.Array(Type.Object({ ...named, object }, closed))),
    external: Type.Optional(Type.Array(Type.Object({ ...named, labels: Type.Optional(labels) }, closed))),
  },
  closed,
);

/** How long things take in pods and what their containers use. */
export const podsSchema = Type.Array(
  Type.Object(
    {
      ...about,
      /** Each init container's run. */
      initContainer: Type.Optional(duration),
      /** From the images until the containers run. */
      start: Type.Optional(duration),
      /** From running until the readiness probes would succeed. */
      readiness: Type.Optional(duration),
      /** How long containers run that end by themselves. */
      run: Type.Optional(duration),
      /** From the request to stop until the containers are gone. */
      termination: Type.Optional(duration),
      /** Memory by container: more than its limit ends it, more than the node has evicts pods. */
      memory: Type.Optional(Type.Record(Type.String(), quantity)),
    },
    closed,
  ),
);

export const imagesSchema = Type.Object(
  {
    /** What has to be pulled for an image that a node does not have yet. */
    sizes: Type.Optional(Type.Record(Type.String(), quantity)),
    /** Bytes that a node pulls in a second. */
    bandwidth: Type.Optional(quantity),
    /** Images that no registry has. */
    missing: Type.Optional(Type.Array(Type.String())),
  },
  closed,
);

const address = Type.Object({ type: Type.String(), address: Type.String() }, closed);
const instance = Type.Object(
  {
    providerID: Type.Optional(Type.String()),
    instanceType: Type.Optional(Type.String()),
    zone: Type.Optional(Type.String()),
    region: Type.Optional(Type.String()),
    addresses: Type.Optional(Type.Array(address)),
    labels: Type.Optional(labels),
    state: Type.Optional(Type.Union([Type.Literal('running'), Type.Literal('shutdown'), Type.Literal('missing')])),
  },
  closed,
);

export const cloudSchema = Type.Object(
  {
    name: Type.Optional(Type.String()),
    /** Machines by node name. */
    instances: Type.Optional(Type.Record(Type.String(), instance)),
    /** The machine of every other node. */
    otherInstances: Type.Optional(instance),
    /** Addresses of load balancers: from a network, or names in a domain. */
    loadBalancers: Type.Optional(
      Type.Union([Type.Object({ network: Type.String() }, closed), Type.Object({ domain: Type.String() }, closed)]),
    ),
    routes: Type.Optional(Type.Boolean()),
    volumeProvisioners: Type.Optional(Type.Array(Type.String())),
  },
  closed,
);
