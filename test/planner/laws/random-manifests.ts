// Random objects as teams write them: workloads with what stands around them, few names so that they meet each other, and later versions of them.
import fc from 'fast-check';

export type Value = Readonly<Record<string, unknown>>;

interface Situation {
  /** The cluster before: nodes, and what was applied to it. */
  readonly nodes: readonly Value[];
  readonly before: readonly Value[];
  /** What is applied now: some of what is there already, changed or not, and new objects. */
  readonly after: readonly Value[];
}

const APPS = ['web', 'api', 'db', 'cache'] as const;
const app = fc.constantFrom(...APPS);
const namespace = fc.constantFrom('default', 'default', 'shop');
const cpu = fc.constantFrom('100m', '500m', '1', '3');
const memory = fc.constantFrom('64Mi', '256Mi', '1Gi');
const few = fc.integer({ min: 0, max: 3 });
/** One time in so many. */
const seldom = (times: number) => fc.integer({ min: 1, max: times }).map((drawn) => drawn === 1);
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 });

/** Without the members that were left out. */
function compact(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

function object(apiVersion: string, kind: string, name: string, ns: string | undefined, rest: Value): Value {
  return { apiVersion, kind, metadata: compact({ name, namespace: ns }), ...compact(rest) };
}

const outcome = fc
  .integer({ min: 1, max: 12 })
  .map((drawn) => (drawn === 1 ? 'never-ready' : drawn === 2 ? 'fail' : ''));

const container = fc
  .record({
    image: fc.constantFrom('shop/server:1', 'shop/server:2', 'nginx:1.29'),
    port: some(fc.constantFrom(80, 8080)),
    requests: some(fc.record({ cpu, memory })),
    limits: fc.boolean(),
    level: some(fc.constantFrom('debug', 'info')),
    config: seldom(4),
    probe: seldom(4),
  })
  .map(({ image, port, requests, limits, level, config, probe }) =>
    compact({
      name: 'main',
      image,
      ports: port && [{ containerPort: port }],
      resources: requests && compact({ requests, limits: limits ? requests : undefined }),
      env: level && [{ name: 'LEVEL', value: level }],
      envFrom: config ? [{ configMapRef: { name: 'settings', optional: true } }] : undefined,
      readinessProbe: probe ? { tcpSocket: { port: port ?? 80 }, periodSeconds: 5 } : undefined,
    }),
  );

const podSpec = fc
  .record({
    container,
    spread: seldom(5),
    apart: seldom(6),
    tolerates: seldom(4),
    priority: seldom(6),
    zone: seldom(8),
    grace: some(fc.constantFrom(0, 5, 30)),
  })
  .map(
    ({ container, spread, apart, tolerates, priority, zone, grace }) =>
      (labels: Value): Value =>
        compact({
          containers: [container],
          terminationGracePeriodSeconds: grace,
          nodeSelector: zone ? { 'topology.kubernetes.io/zone': 'zone-a' } : undefined,
          priorityClassName: priority ? 'important' : undefined,
          tolerations: tolerates ? [{ key: 'dedicated', operator: 'Exists' }] : undefined,
          topologySpreadConstraints: spread
            ? [
                {
                  maxSkew: 1,
                  topologyKey: 'topology.kubernetes.io/zone',
                  whenUnsatisfiable: 'DoNotSchedule',
                  labelSelector: { matchLabels: labels },
                },
              ]
            : undefined,
          affinity: apart
            ? {
                podAntiAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: [
                    { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } },
                  ],
                },
              }
            : undefined,
        }),
  );

const template = fc.record({ podSpec, outcome }).map(({ podSpec, outcome }) => (labels: Value): Value => {
  const annotations = outcome ? { 'kubeplan.dev/outcome': outcome } : undefined;
  return { metadata: compact({ labels, annotations }), spec: podSpec(labels) };
});

const deployment = fc
  .record({
    app,
    namespace,
    replicas: some(few),
    template,
    surge: some(fc.constantFrom(0, 1, '25%', '100%')),
    recreate: seldom(6),
    paused: seldom(12),
    ready: some(fc.constantFrom(5)),
  })
  .map(({ app, namespace, replicas, template, surge, recreate, paused, ready }) =>
    object('apps/v1', 'Deployment', app, namespace, {
      spec: compact({
        // Where an autoscaler may decide, a manifest that decides too starts a fight that no plan ends.
        replicas: app === 'web' ? undefined : replicas,
        paused: paused ? true : undefined,
        minReadySeconds: ready,
        selector: { matchLabels: { app } },
        strategy: recreate
          ? { type: 'Recreate' }
          : surge === undefined
            ? undefined
            : { rollingUpdate: { maxSurge: surge, maxUnavailable: 1 } },
        template: template({ app }),
      }),
    }),
  );

const statefulSet = fc
  .record({ namespace, replicas: few, template, parallel: fc.boolean(), partition: some(few), claims: seldom(3) })
  .map(({ namespace, replicas, template, parallel, partition, claims }) =>
    object('apps/v1', 'StatefulSet', 'store', namespace, {
      spec: compact({
        replicas,
        serviceName: 'store',
        podManagementPolicy: parallel ? 'Parallel' : undefined,
        updateStrategy: partition === undefined ? undefined : { type: 'RollingUpdate', rollingUpdate: { partition } },
        selector: { matchLabels: { app: 'store' } },
        template: template({ app: 'store' }),
        volumeClaimTemplates: claims
          ? [
              {
                metadata: { name: 'data' },
                spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
              },
            ]
          : undefined,
      }),
    }),
  );

const daemonSet = fc.record({ namespace, template }).map(({ namespace, template }) =>
  object('apps/v1', 'DaemonSet', 'agent', namespace, {
    spec: { selector: { matchLabels: { app: 'agent' } }, template: template({ app: 'agent' }) },
  }),
);

const jobSpec = fc
  .record({
    podSpec,
    completions: fc.integer({ min: 1, max: 3 }),
    parallelism: fc.integer({ min: 1, max: 2 }),
    fails: seldom(5),
    indexed: seldom(3),
  })
  .map(({ podSpec, completions, parallelism, fails, indexed }) =>
    compact({
      completions,
      parallelism,
      backoffLimit: 1,
      completionMode: indexed ? 'Indexed' : undefined,
      template: {
        metadata: fails ? { annotations: { 'kubeplan.dev/outcome': 'fail' } } : {},
        spec: { ...podSpec({ app: 'job' }), restartPolicy: 'Never' },
      },
    }),
  );
const job = fc.record({ namespace, jobSpec, ttl: seldom(5) }).map(({ namespace, jobSpec, ttl }) =>
  object('batch/v1', 'Job', 'migrate', namespace, {
    spec: ttl ? { ...jobSpec, ttlSecondsAfterFinished: 60 } : jobSpec,
  }),
);
const cronJob = fc.record({ namespace, jobSpec, suspend: fc.boolean() }).map(({ namespace, jobSpec, suspend }) =>
  object('batch/v1', 'CronJob', 'report', namespace, {
    spec: { schedule: '0 3 * * *', suspend, jobTemplate: { spec: jobSpec } },
  }),
);

const service = fc
  .record({
    app,
    namespace,
    type: some(fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer')),
    headless: seldom(5),
    port: fc.constantFrom(80, 8080),
    local: seldom(6),
  })
  .map(({ app, namespace, type, headless, port, local }) =>
    object('v1', 'Service', app, namespace, {
      spec: compact({
        type: headless ? undefined : type,
        clusterIP: headless ? 'None' : undefined,
        selector: { app },
        internalTrafficPolicy: local ? 'Local' : undefined,
        ports: [{ port, targetPort: 80 }],
      }),
    }),
  );

const configMap = fc
  .record({
    namespace,
    data: fc.dictionary(fc.constantFrom('a', 'b', 'c.conf'), fc.constantFrom('1', '2', 'x\ny\n')),
    immutable: seldom(8),
  })
  .map(({ namespace, data, immutable }) =>
    object('v1', 'ConfigMap', 'settings', namespace, { data, immutable: immutable ? true : undefined }),
  );
const secret = fc
  .record({ namespace, value: fc.constantFrom('b25l', 'dHdv') })
  .map(({ namespace, value }) => object('v1', 'Secret', 'password', namespace, { type: 'Opaque', data: { value } }));
const autoscaler = fc
  .record({ namespace, least: fc.integer({ min: 1, max: 2 }), most: fc.integer({ min: 2, max: 4 }) })
  .map(({ namespace, least, most }) =>
    object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', namespace, {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: least,
        maxReplicas: most,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    }),
  );
const budget = fc.record({ app, namespace, least: fc.constantFrom(0, 1, '50%') }).map(({ app, namespace, least }) =>
  object('policy/v1', 'PodDisruptionBudget', app, namespace, {
    spec: { minAvailable: least, selector: { matchLabels: { app } } },
  }),
);
const quota = fc
  .record({ namespace, pods: some(fc.constantFrom('1', '4', '20')), cpu: some(fc.constantFrom('1', '6')) })
  .map(({ namespace, pods, cpu }) =>
    object('v1', 'ResourceQuota', 'limits', namespace, { spec: { hard: compact({ pods, 'requests.cpu': cpu }) } }),
  );
const limits = fc.record({ namespace, cpu }).map(({ namespace, cpu }) =>
  object('v1', 'LimitRange', 'defaults', namespace, {
    spec: {
      limits: [{ type: 'Container', defaultRequest: { cpu, memory: '64Mi' }, default: { cpu: '4', memory: '1Gi' } }],
    },
  }),
);
const ingress = fc.record({ app, namespace, port: fc.constantFrom(80, 8080) }).map(({ app, namespace, port }) =>
  object('networking.k8s.io/v1', 'Ingress', app, namespace, {
    spec: { defaultBackend: { service: { name: app, port: { number: port } } } },
  }),
);
const networkPolicy = fc.record({ app, namespace, open: fc.boolean() }).map(({ app, namespace, open }) =>
  object('networking.k8s.io/v1', 'NetworkPolicy', app, namespace, {
    spec: { podSelector: { matchLabels: { app } }, policyTypes: ['Ingress'], ...(open ? { ingress: [{}] } : {}) },
  }),
);
const claim = fc.record({ namespace, size: fc.constantFrom('1Gi', '2Gi') }).map(({ namespace, size }) =>
  object('v1', 'PersistentVolumeClaim', 'files', namespace, {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
  }),
);
const pod = fc.record({ app, namespace, template }).map(({ app, namespace, template }) => {
  const { metadata, spec } = template({ app }) as { readonly metadata: Value; readonly spec: Value };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `${app}-pod`, namespace, ...metadata }, spec };
});
const access = fc.record({ namespace, verb: fc.constantFrom('get', 'list') }).map(({ namespace, verb }) =>
  object('rbac.authorization.k8s.io/v1', 'Role', 'reader', namespace, {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: [verb] }],
  }),
);

const anything: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: deployment, weight: 6 },
  { arbitrary: service, weight: 4 },
  { arbitrary: statefulSet, weight: 3 },
  { arbitrary: job, weight: 2 },
  { arbitrary: configMap, weight: 2 },
  { arbitrary: budget, weight: 2 },
  { arbitrary: quota, weight: 2 },
  { arbitrary: pod, weight: 2 },
  daemonSet,
  cronJob,
  secret,
  autoscaler,
  limits,
  ingress,
  networkPolicy,
  claim,
  access,
);

const node = fc
  .record({
    cpu: fc.constantFrom('2', '4', '8'),
    zone: fc.constantFrom('zone-a', 'zone-b', 'zone-c'),
    tainted: seldom(5),
    cordoned: seldom(8),
  })
  .map(
    ({ cpu, zone, tainted, cordoned }) =>
      (index: number): Value => ({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name: `node-${index + 1}`,
          labels: { 'kubernetes.io/hostname': `node-${index + 1}`, 'topology.kubernetes.io/zone': zone },
        },
        spec: compact({
          taints: tainted ? [{ key: 'dedicated', value: 'jobs', effect: 'NoSchedule' }] : undefined,
          unschedulable: cordoned ? true : undefined,
        }),
        status: {
          capacity: { cpu, memory: '8Gi', pods: '110' },
          allocatable: { cpu, memory: '8Gi', pods: '110' },
          conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
        },
      }),
  );

const SURROUNDINGS: readonly Value[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'important' }, value: 1000 },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'example.com/disk',
    volumeBindingMode: 'WaitForFirstConsumer',
  },
];

export const situation: fc.Arbitrary<Situation> = fc
  .record({
    nodes: fc.array(node, { minLength: 1, maxLength: 4 }),
    before: fc.array(anything, { maxLength: 8 }),
    changed: fc.array(anything, { minLength: 1, maxLength: 8 }),
    kept: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  })
  .map(({ nodes, before, changed, kept }) => ({
    nodes: nodes.map((make, index) => make(index)),
    before: [...SURROUNDINGS, ...distinct(before)],
    after: distinct([...changed, ...before.filter((_, index) => kept[index])]),
  }));

/** The first of each kind, namespace and name. */
function distinct(objects: readonly Value[]): Value[] {
  const found = new Map<string, Value>();
  for (const each of objects) {
    const { name, namespace } = each['metadata'] as { readonly name: string; readonly namespace?: string };
    const key = `${each['kind']} ${namespace}/${name}`;
    if (!found.has(key)) found.set(key, each);
  }
  return [...found.values()];
}
