// The clusters and pods that the benchmark of the scheduler measures: the rows of upstream's own benchmark.
// Behaviour: test/integration/scheduler_perf/*/performance-config.yaml and templates, Kubernetes v1.36.3.
import type { KubeObject } from '../../src/apimachinery/object.ts';

export interface Workload {
  readonly name: string;
  /** Pods a second that upstream's scheduler must reach; absent where upstream sets no bar. */
  readonly upstream?: number;
  readonly nodes: readonly KubeObject[];
  readonly objects?: readonly KubeObject[];
  /** Pods scheduled before the clock starts, then those that are measured. */
  readonly initial?: readonly PodSet[];
  readonly measured: PodSet;
  /** Created in between, one round for so many measured pods. */
  readonly churn?: { readonly every: number; readonly make: (round: number) => readonly Change[] };
}

export interface PodSet {
  readonly count: number;
  /** What a pod needs comes before the pod itself. */
  readonly make: (index: number) => readonly KubeObject[];
}

interface Change {
  readonly action: 'create' | 'delete';
  readonly object: KubeObject;
}

type Json = Readonly<Record<string, unknown>>;

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';
const NAMESPACES = ['sched-1', 'sched-0'];
const SMALL = { cpu: '100m', memory: '500Mi' };
const EBS = 'ebs.csi.aws.com';

/** What the API server and its admission add to every pod. */
const DEFAULTS: Json = {
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  priority: 0,
  preemptionPolicy: 'PreemptLowerPriority',
  terminationGracePeriodSeconds: 30,
  tolerations: ['not-ready', 'unreachable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  })),
};

interface NodeSettings {
  readonly zones?: readonly string[];
  readonly prefix?: string;
  readonly spec?: Json;
  readonly capacity?: Readonly<Record<string, string>>;
  readonly resource?: (index: number) => Readonly<Record<string, string>>;
}

function nodes(
  count: number,
  { zones, prefix = 'node', spec = {}, capacity, resource }: NodeSettings = {},
): readonly KubeObject[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `${prefix}-${String(i).padStart(5, '0')}`;
    const labels = { [HOSTNAME]: name, ...(zones ? { [ZONE]: zones[i % zones.length] } : {}) };
    const amounts = { pods: '110', cpu: '4', memory: '32Gi', ...capacity, ...resource?.(i) };
    const conditions = [{ type: 'Ready', status: 'True' }];
    return objectOf({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels, uid: `node-${name}` },
      spec,
      status: { capacity: amounts, allocatable: amounts, conditions },
    });
  });
}

interface PodTemplate {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
  readonly spec?: Json;
}

function pod({ name, namespace = 'default', labels, requests = SMALL, spec }: PodTemplate): KubeObject {
  const resources = Object.keys(requests).length > 0 ? { limits: requests, requests } : {};
  return objectOf({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid: `pod-${namespace}-${name}`, ...(labels ? { labels } : {}), generation: 1 },
    spec: { ...DEFAULTS, ...spec, containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.2', resources }] },
    status: { phase: 'Pending' },
  });
}

function pods(count: number, template: Omit<PodTemplate, 'name'> & { readonly name?: string } = {}): PodSet {
  const { name = 'pod', ...rest } = template;
  return { count, make: (index) => [pod({ name: `${name}-${index}`, ...rest })] };
}

/** The same pods in many namespaces. */
function podsPerNamespace(count: number, each: number, template: Omit<PodTemplate, 'name' | 'namespace'>): PodSet {
  return {
    count: count * each,
    make: (i) => [pod({ name: `init-${i}`, namespace: `init-ns-${Math.floor(i / each)}`, ...template })],
  };
}

/** Pods that mount a volume each, bound to its claim beforehand. */
function podsWithVolumes(
  count: number,
  prefix: string,
  source: Json,
  template: Omit<PodTemplate, 'name'> = {},
): PodSet {
  const make = (i: number): readonly KubeObject[] => {
    const name = `${prefix}-${i}`;
    const claimRef = { kind: 'PersistentVolumeClaim', namespace: 'default', name, uid: `pvc-${name}` };
    const common = { accessModes: ['ReadOnlyMany'] };
    return [
      objectOf({
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name, uid: `pv-${name}` },
        spec: {
          ...common,
          ...withVolumeName(source, name),
          capacity: { storage: '1Gi' },
          persistentVolumeReclaimPolicy: 'Retain',
          claimRef,
        },
        status: { phase: 'Bound' },
      }),
      objectOf({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name,
          namespace: 'default',
          uid: `pvc-${name}`,
          annotations: { 'pv.kubernetes.io/bind-completed': 'true' },
        },
        spec: { ...common, resources: { requests: { storage: '1Gi' } }, volumeName: name },
        status: { phase: 'Bound' },
      }),
      pod({
        name,
        ...template,
        spec: { ...template.spec, volumes: [{ name: 'vol', persistentVolumeClaim: { claimName: name } }] },
      }),
    ];
  };
  return { count, make };
}

function withVolumeName(source: Json, name: string): Json {
  return Object.fromEntries(Object.entries(source).map(([kind, value]) => [kind, fill(value as Json, name)]));
}

function fill(value: Json, name: string): Json {
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, text === '' ? `vol-${name}` : text]));
}

const AWS: Json = { awsElasticBlockStore: { volumeID: '' } };
const CSI: Json = { csi: { driver: EBS, volumeHandle: '' } };

function csiNodes(
  of: readonly KubeObject[],
  annotations: Readonly<Record<string, string>> = {},
): readonly KubeObject[] {
  return of.map(({ metadata }) =>
    objectOf({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name: metadata.name, uid: `csinode-${metadata.name}`, annotations },
      spec: { drivers: [{ name: EBS, nodeID: metadata.name, allocatable: { count: 39 } }] },
    }),
  );
}

function namespaces(names: readonly string[], labels: Readonly<Record<string, string>> = {}): readonly KubeObject[] {
  return names.map((name) =>
    objectOf({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, uid: `ns-${name}`, labels } }),
  );
}

const SCHED_NAMESPACES = namespaces(NAMESPACES);
const INIT_NAMESPACES = namespaces([...Array.from({ length: 100 }, (_, i) => `init-ns-${i}`), 'measure-ns-0'], {
  team: 'devops',
});

function term(color: string, topologyKey: string, where: Json): Json {
  return { labelSelector: { matchLabels: { color } }, topologyKey, ...where };
}

const IN_BOTH: Json = { namespaces: NAMESPACES };
const BY_TEAM: Json = { namespaceSelector: { matchLabels: { team: 'devops' } } };

const required = (one: Json): Json => ({ requiredDuringSchedulingIgnoredDuringExecution: [one] });
const preferred = (one: Json): Json => ({
  preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: one }],
});

type Shape = Omit<PodTemplate, 'name'>;
const affine = (color: string, affinity: Json): Shape => ({ labels: { color }, spec: { affinity } });

const ANTI_AFFINITY = affine('green', { podAntiAffinity: required(term('green', HOSTNAME, IN_BOTH)) });
const AFFINITY = affine('blue', { podAffinity: required(term('blue', ZONE, IN_BOTH)) });
const PREFERRED_AFFINITY = affine('red', { podAffinity: preferred(term('red', HOSTNAME, IN_BOTH)) });
const PREFERRED_ANTI_AFFINITY = affine('yellow', { podAntiAffinity: preferred(term('yellow', HOSTNAME, IN_BOTH)) });
const ANTI_AFFINITY_BY_TEAM = affine('green', { podAntiAffinity: required(term('green', HOSTNAME, BY_TEAM)) });
const PREFERRED_ANTI_AFFINITY_BY_TEAM = affine('green', {
  podAntiAffinity: preferred(term('green', HOSTNAME, BY_TEAM)),
});
const AFFINITY_BY_TEAM = affine('blue', { podAffinity: required(term('blue', ZONE, BY_TEAM)) });
const PREFERRED_AFFINITY_BY_TEAM = affine('red', { podAffinity: preferred(term('red', HOSTNAME, BY_TEAM)) });
const NODE_AFFINITY: Shape = {
  spec: {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: ['zone1', 'zone2'] }] }],
        },
      },
    },
  },
};
const DAEMON: Shape = {
  requests: {},
  spec: {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['perf-00000'] }] }],
        },
      },
    },
  },
};
const LOW: Shape = { requests: { cpu: '900m', memory: '500Mi' }, spec: { terminationGracePeriodSeconds: 0 } };
const HIGH: Shape = { requests: { cpu: '3', memory: '500Mi' }, spec: { priority: 10 } };
const TOO_LARGE: Shape = { requests: { cpu: '9', memory: '500Mi' }, spec: { priority: 10 } };

function spreading(whenUnsatisfiable: string): Shape {
  const constraint = {
    maxSkew: 5,
    topologyKey: ZONE,
    whenUnsatisfiable,
    labelSelector: { matchLabels: { color: 'blue' } },
  };
  return { labels: { color: 'blue' }, spec: { topologySpreadConstraints: [constraint] } };
}

const HONOR_TAINTS: Shape = {
  labels: { foo: 'bar' },
  spec: {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: HOSTNAME,
        whenUnsatisfiable: 'DoNotSchedule',
        nodeAffinityPolicy: 'Honor',
        nodeTaintsPolicy: 'Honor',
        labelSelector: { matchLabels: { foo: 'bar' } },
      },
    ],
  },
};

const SERVICE = objectOf({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'service', namespace: 'service-ns', uid: 'service' },
  spec: { selector: { app: 'scheduler-perf' }, ports: [{ protocol: 'TCP', port: 80, targetPort: 8000 }] },
});

const MOON = ['moon-1', 'moon-2', 'moon-3'];

function measuredIn(namespace: string, count: number, shape: Shape): PodSet {
  return pods(count, { ...shape, namespace, name: 'measured' });
}

const created = (object: KubeObject): Change => ({ action: 'create', object });
const deleted = (object: KubeObject): Change => ({ action: 'delete', object });

function mixedChurn(round: number): readonly Change[] {
  const node = nodes(1, { prefix: `churn-${round}`, capacity: { pods: '0' } })[0]!;
  const large = pod({ name: `large-${round}`, ...TOO_LARGE });
  const service = {
    ...SERVICE,
    metadata: { ...SERVICE.metadata, name: `churn-${round}`, namespace: 'default', uid: `churn-${round}` },
  };
  const made = [node, large, service];
  return [...made.map(created), ...made.map(deleted)];
}

/** Made only when it is run: some hold tens of thousands of objects. */
export const WORKLOADS: readonly (() => Workload)[] = [
  () => ({
    name: 'Basic 50k',
    upstream: 810,
    nodes: nodes(5000),
    initial: [pods(5000, { name: 'init' })],
    measured: pods(50000),
  }),
  () => ({
    name: 'Basic 10k',
    upstream: 680,
    nodes: nodes(5000),
    initial: [pods(1000, { name: 'init' })],
    measured: pods(10000),
  }),
  () => ({
    name: 'Daemonset',
    upstream: 1100,
    nodes: [...nodes(1, { prefix: 'perf', capacity: { pods: '90000' } }), ...nodes(15000)],
    measured: pods(30000, DAEMON),
  }),
  () => ({
    name: 'Unschedulable',
    upstream: 600,
    nodes: nodes(5000),
    initial: [pods(20000, { name: 'init' })],
    measured: pods(10000),
    churn: { every: 100, make: (round) => [created(pod({ name: `large-${round}`, ...TOO_LARGE }))] },
  }),
  () => ({
    name: 'MixedChurn',
    upstream: 710,
    nodes: nodes(5000),
    measured: pods(10000),
    churn: { every: 700, make: mixedChurn },
  }),
  () => ({
    name: 'ExtendedResource',
    upstream: 180,
    nodes: nodes(5000, { resource: (i) => ({ [`foo.com/bar-${i}`]: '1' }) }),
    measured: { count: 5000, make: (i) => [pod({ name: `pod-${i}`, requests: { [`foo.com/bar-${i}`]: '1' } })] },
  }),
  () => ({
    name: 'PodAntiAffinity',
    upstream: 60,
    nodes: nodes(5000),
    objects: SCHED_NAMESPACES,
    initial: [pods(1000, { ...ANTI_AFFINITY, namespace: 'sched-0' })],
    measured: measuredIn('sched-1', 2000, ANTI_AFFINITY),
  }),
  () => ({
    name: 'PodMatchingAntiAffinity',
    upstream: 595,
    nodes: nodes(5000),
    objects: SCHED_NAMESPACES,
    initial: [pods(1000, { ...ANTI_AFFINITY, namespace: 'sched-0' })],
    measured: measuredIn('sched-1', 5000, { labels: { color: 'green' } }),
  }),
  () => ({
    name: 'PodAffinity',
    upstream: 35,
    nodes: nodes(5000, { zones: ['zone1'] }),
    objects: SCHED_NAMESPACES,
    initial: [pods(5000, { ...AFFINITY, namespace: 'sched-0' })],
    measured: measuredIn('sched-1', 5000, AFFINITY),
  }),
  () => ({
    name: 'PreferredPodAffinity',
    upstream: 90,
    nodes: nodes(5000),
    objects: SCHED_NAMESPACES,
    initial: [pods(5000, { ...PREFERRED_AFFINITY, namespace: 'sched-0' })],
    measured: measuredIn('sched-1', 5000, PREFERRED_AFFINITY),
  }),
  () => ({
    name: 'PreferredPodAntiAffinity',
    upstream: 90,
    nodes: nodes(5000),
    objects: SCHED_NAMESPACES,
    initial: [pods(5000, { ...PREFERRED_ANTI_AFFINITY, namespace: 'sched-0' })],
    measured: measuredIn('sched-1', 5000, PREFERRED_ANTI_AFFINITY),
  }),
  () => ({
    name: 'NodeAffinity',
    upstream: 220,
    nodes: nodes(5000, { zones: ['zone1'] }),
    initial: [pods(5000, { ...NODE_AFFINITY, name: 'init' })],
    measured: pods(10000, NODE_AFFINITY),
  }),
  () => ({
    name: 'MixedSchedulingBasePod',
    upstream: 140,
    nodes: nodes(5000, { zones: ['zone1'] }),
    objects: SCHED_NAMESPACES,
    initial: [{}, AFFINITY, ANTI_AFFINITY, PREFERRED_AFFINITY, PREFERRED_ANTI_AFFINITY].map((shape, i) =>
      pods(2000, { ...shape, namespace: 'sched-0', name: `init-${i}` }),
    ),
    measured: pods(5000),
  }),
  () => ({
    name: 'RequiredAntiAffinityNSSelector',
    upstream: 24,
    nodes: nodes(6000),
    objects: INIT_NAMESPACES,
    initial: [podsPerNamespace(100, 40, ANTI_AFFINITY_BY_TEAM)],
    measured: measuredIn('measure-ns-0', 2000, ANTI_AFFINITY_BY_TEAM),
  }),
  () => ({
    name: 'PreferredAntiAffinityNSSelector',
    upstream: 55,
    nodes: nodes(5000),
    objects: INIT_NAMESPACES,
    initial: [podsPerNamespace(100, 40, PREFERRED_ANTI_AFFINITY_BY_TEAM)],
    measured: measuredIn('measure-ns-0', 2000, PREFERRED_ANTI_AFFINITY_BY_TEAM),
  }),
  () => ({
    name: 'RequiredAffinityNSSelector',
    upstream: 35,
    nodes: nodes(5000, { zones: ['zone1'] }),
    objects: INIT_NAMESPACES,
    initial: [podsPerNamespace(100, 50, AFFINITY_BY_TEAM)],
    measured: measuredIn('measure-ns-0', 2000, AFFINITY_BY_TEAM),
  }),
  () => ({
    name: 'PreferredAffinityNSSelector',
    upstream: 90,
    nodes: nodes(5000),
    objects: INIT_NAMESPACES,
    initial: [podsPerNamespace(100, 50, PREFERRED_AFFINITY_BY_TEAM)],
    measured: measuredIn('measure-ns-0', 5000, PREFERRED_AFFINITY_BY_TEAM),
  }),
  () => ({
    name: 'TopologySpreading',
    upstream: 460,
    nodes: nodes(5000, { zones: MOON }),
    initial: [pods(5000, { name: 'init' })],
    measured: pods(5000, spreading('DoNotSchedule')),
  }),
  () => ({
    name: 'PreferredTopologySpreading',
    upstream: 340,
    nodes: nodes(5000, { zones: MOON }),
    initial: [pods(5000, { name: 'init' })],
    measured: pods(5000, spreading('ScheduleAnyway')),
  }),
  () => ({
    name: 'DefaultTopologySpreading',
    upstream: 160,
    nodes: nodes(5000, { zones: MOON }),
    objects: [SERVICE],
    initial: [pods(5000, { name: 'init' })],
    measured: measuredIn('service-ns', 50000, { labels: { app: 'scheduler-perf' }, requests: {} }),
  }),
  () => ({
    name: 'NodeInclusionPolicy',
    upstream: 270,
    nodes: [
      ...nodes(4000),
      ...nodes(1000, { prefix: 'tainted', spec: { taints: [{ key: 'foo', effect: 'NoSchedule' }] } }),
    ],
    measured: pods(4000, HONOR_TAINTS),
  }),
  () => {
    const shape = { spec: { volumes: [{ name: 'secret', secret: { secretName: 'secret' } }] } };
    return {
      name: 'Secrets',
      upstream: 790,
      nodes: nodes(5000),
      initial: [pods(1000, { ...shape, name: 'init' })],
      measured: pods(10000, shape),
    };
  },
  () => ({
    name: 'InTreePVs',
    upstream: 290,
    nodes: nodes(5000),
    initial: [podsWithVolumes(1000, 'init', AWS)],
    measured: podsWithVolumes(2000, 'pod', AWS),
  }),
  () => {
    const all = nodes(5000);
    return {
      name: 'MigratedInTreePVs',
      upstream: 100,
      nodes: all,
      objects: csiNodes(all, { 'storage.alpha.kubernetes.io/migrated-plugins': 'kubernetes.io/aws-ebs' }),
      initial: [podsWithVolumes(5000, 'init', AWS)],
      measured: podsWithVolumes(5000, 'pod', AWS),
    };
  },
  () => {
    const all = nodes(5000);
    return {
      name: 'CSIPVs',
      upstream: 100,
      nodes: all,
      objects: csiNodes(all),
      initial: [podsWithVolumes(5000, 'init', CSI)],
      measured: podsWithVolumes(5000, 'pod', CSI),
    };
  },
  // The long run first: half of the short one would be compiling what only preemption runs.
  () => ({
    name: 'PreemptionBasic 5k',
    nodes: nodes(5000),
    initial: [pods(20000, { ...LOW, name: 'low' })],
    measured: pods(5000, HIGH),
  }),
  () => ({
    name: 'PreemptionBasic 1k',
    nodes: nodes(1000),
    initial: [pods(4000, { ...LOW, name: 'low' })],
    measured: pods(1000, HIGH),
  }),
  () => ({
    name: 'PreemptionPVs',
    nodes: nodes(1000),
    initial: [pods(4000, { ...LOW, name: 'low' })],
    measured: podsWithVolumes(1000, 'high', AWS, HIGH),
  }),
  () => ({
    name: 'PreemptionAsync',
    upstream: 570,
    nodes: nodes(5000),
    initial: [pods(20000, { ...LOW, name: 'low' })],
    measured: pods(5000),
    churn: { every: 100, make: (round) => [created(pod({ name: `high-${round}`, ...HIGH }))] },
  }),
];

/** Written by hand in the shape that the API server stores. */
function objectOf(object: Json): KubeObject {
  return object as unknown as KubeObject;
}
