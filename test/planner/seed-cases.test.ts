// The cases that the project began with, each as a plan or as steps in a small cluster: what a user expects Kubernetes to do.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Deployment, ReplicaSet } from '../../src/schema/generated/types/apps-v1.ts';
import type {
  Node,
  PersistentVolumeClaim,
  Pod,
  ReplicationController,
} from '../../src/schema/generated/types/core-v1.ts';
import { type Draft, outcome, TestCluster, template, workload } from './controllers/pod-control/cluster.ts';
import { clusterFile, planOf, problems, runOn, TWO_NODES } from './plan-of.ts';

const DEPLOYMENTS = 'deployments.apps';
const CONTROLLERS = 'replicationcontrollers';

function controller(name: string, replicas: number): Draft {
  return {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name },
    spec: { replicas, template: template(name) },
  };
}

function pods(cluster: TestCluster, app: string): readonly Pod[] {
  return cluster.list<Pod>('pods').filter(({ metadata }) => metadata.labels?.['app'] === app);
}

function settled(...drafts: readonly Draft[]): TestCluster {
  const cluster = new TestCluster();
  cluster.create(...drafts);
  cluster.settle();
  return cluster;
}

const cases = suite('seed cases');

cases('a ReplicationController is scaled up, down and to none', () => {
  const cluster = settled(controller('web', 2));
  for (const replicas of [5, 1, 0, 3]) {
    cluster.change(CONTROLLERS, 'web', { spec: { replicas } });
    cluster.settle();
    assert.is(pods(cluster, 'web').length, replicas);
    assert.is(cluster.get<ReplicationController>(CONTROLLERS, 'web').status.replicas, replicas);
  }
});

cases('a ReplicationController is deleted and its pods are kept', () => {
  const cluster = settled(controller('web', 3));
  const before = pods(cluster, 'web').map(({ metadata }) => metadata.uid);
  cluster.delete(CONTROLLERS, 'web', 'Orphan');
  cluster.settle();
  assert.equal(cluster.names(CONTROLLERS), []);
  assert.equal(
    pods(cluster, 'web').map(({ metadata }) => metadata.uid),
    before,
  );
  assert.ok(pods(cluster, 'web').every(({ metadata }) => metadata.ownerReferences === undefined));
});

cases('zero replicas make no pod, and one is enough to start', () => {
  const cluster = settled(workload('Deployment', 'web', { replicas: 0 }));
  assert.equal(pods(cluster, 'web'), []);
  cluster.change(DEPLOYMENTS, 'web', { spec: { replicas: 1 } });
  cluster.settle();
  assert.is(pods(cluster, 'web').length, 1);
});

for (const [maxSurge, maxUnavailable] of [
  [1, 0],
  [0, 1],
  [2, 1],
  ['25%', '25%'],
  ['100%', 0],
] as const)
  cases(`a rollout by ${maxSurge} and ${maxUnavailable} never has more pods missing or extra than that`, () => {
    const replicas = 6;
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
    const cluster = settled(workload('Deployment', 'web', { replicas, strategy }));
    const share = (value: number | string, round: (n: number) => number) =>
      typeof value === 'number' ? value : round((Number.parseInt(value, 10) * replicas) / 100);
    const [most, least] = [replicas + share(maxSurge, Math.ceil), replicas - share(maxUnavailable, Math.floor)];
    const since = cluster.world.store.revision;
    const before = new Map(pods(cluster, 'web').map((pod) => [pod.metadata.name, pod]));
    cluster.change(DEPLOYMENTS, 'web', {
      spec: { template: { spec: { containers: [{ name: 'app', image: 'app:2' }] } } },
    });
    cluster.settle();
    const events = cluster.world.store.events(since);
    assert.ok(events !== 'expired');
    let steps = 0;
    for (const { resource, type, object } of events) {
      if (resource !== 'pods') continue;
      const { name, deletionTimestamp } = object.metadata;
      if (type === 'DELETED' || deletionTimestamp) before.delete(name);
      else before.set(name, object as Pod);
      const isReady = ({ status }: Pod) =>
        status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
      assert.ok(before.size <= most, `${before.size} pods`);
      assert.ok([...before.values()].filter(isReady).length >= least, 'too few are ready');
      steps += 1;
    }
    assert.ok(steps > replicas);
    assert.is(cluster.get<Deployment>(DEPLOYMENTS, 'web').status.updatedReplicas, replicas);
  });

cases('an autoscaler at 90 % goes from one to ten replicas as the load says, and no further', async () => {
  const manifests = (cpu: string) =>
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: app, resources: {requests: {cpu: ${cpu}}}}]}}}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 1, maxReplicas: 10, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 90}}}]}}`;
  for (const { load, replicas } of [
    { load: '50m', replicas: 1 },
    { load: '400m', replicas: 5 },
    { load: '800m', replicas: 9 },
    { load: '9', replicas: 10 },
  ]) {
    const plan = await planOf(
      manifests('100m'),
      `${TWO_NODES}\nmetrics: {resources: [{workload: Deployment/web, totalCPU: ${load}}]}`,
    );
    assert.is(plan.placements.length, replicas, `${load}: ${plan.placements.length}`);
    assert.ok(plan.converged, problems(plan).join());
  }
});

cases('a static pod of a node shows as a mirror pod, comes back when deleted and goes with its node', async () => {
  const spec = `nodes:
- {name: plain}
- name: master
  exactName: true
  staticPods: [{metadata: {name: etcd, namespace: kube-system}, spec: {containers: [{name: etcd, image: etcd}]}}]`;
  const { stdout } = await runOn(
    ['get', 'pods', '-A', '-o', 'wide'],
    '{apiVersion: v1, kind: ConfigMap, metadata: {name: m}}',
    clusterFile(spec),
  );
  assert.match(stdout, /^kube-system +etcd-master +1\/1 +Running .* master /m);
  assert.not.match(stdout, /plain/);
});

cases('the pods of a node that fails move to the others once they were tolerated for five minutes', async () => {
  const manifests =
    '{apiVersion: v1, kind: Node, metadata: {name: node-1, annotations: {kubeplan.dev/outcome: not-responding}}}';
  const spec = `${TWO_NODES}
objects:
- {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web, namespace: default}, spec: {replicas: 4, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: app}]}}}}`;
  const plan = await planOf(manifests, spec);
  assert.equal([...new Set(plan.placements.map(({ node }) => node))], ['node-2']);
  assert.is(plan.placements.length, 2);
  assert.ok(plan.simulatedSeconds >= 300 && plan.simulatedSeconds < 400, `${plan.simulatedSeconds}`);
  assert.ok(plan.events.some(({ reason }) => reason === 'TaintManagerEviction'));
});

for (const { form, selector, mine, others } of [
  {
    form: 'matchLabels',
    selector: { matchLabels: { a: '1', b: '2' } },
    mine: { a: '1', b: '2', c: '3' },
    others: [{ a: '1' }, { a: '1', b: '3' }],
  },
  {
    form: 'In',
    selector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['1', '2'] }] },
    mine: { a: '2' },
    others: [{ a: '3' }, { b: '1' }],
  },
  {
    form: 'NotIn',
    selector: { matchLabels: { a: '1' }, matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['prod'] }] },
    mine: { a: '1' },
    others: [{ a: '1', env: 'prod' }],
  },
  {
    form: 'Exists',
    selector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
    mine: { a: 'x' },
    others: [{ b: 'x' }],
  },
  {
    form: 'DoesNotExist',
    selector: { matchLabels: { a: '1' }, matchExpressions: [{ key: 'off', operator: 'DoesNotExist' }] },
    mine: { a: '1' },
    others: [{ a: '1', off: '' }],
  },
])
  cases(`a selector by ${form} takes in the pods that it matches and no others`, () => {
    const cluster = new TestCluster();
    const containers = [{ name: 'app', image: 'app' }];
    const bare = (name: string, labels: object): Draft => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels },
      spec: { containers },
    });
    cluster.create(bare('mine', mine), ...others.map((labels, i) => bare(`other-${i}`, labels)));
    cluster.create({
      ...workload('ReplicaSet', 'set'),
      spec: { replicas: 1, selector, template: { metadata: { labels: mine }, spec: { containers } } },
    });
    cluster.settle();
    assert.equal(cluster.names('pods'), ['mine', ...others.map((_, i) => `other-${i}`)].sort());
    const owner = (name: string) => cluster.get<Pod>('pods', name).metadata.ownerReferences?.[0]?.name;
    assert.is(owner('mine'), 'set');
    others.forEach((_, i) => {
      assert.is(owner(`other-${i}`), undefined);
    });
  });

cases(
  'a description of a Service says from which node its traffic goes to which pods, and what is dropped',
  async () => {
    const manifests = `{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, ports: [{name: http, port: 80, nodePort: 30080}, {name: admin, port: 81, targetPort: admin, nodePort: 30081}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {nodeName: node-1, containers: [{name: app, image: app}]}}`;
    const { stdout } = await runOn(['describe', 'service/web'], manifests, clusterFile(TWO_NODES));
    const traffic = stdout.slice(stdout.indexOf('Traffic:')).replace(/\d+\.\d+\.\d+\.\d+/g, 'IP');
    assert.is(
      traffic,
      `Traffic:
  IP port 80/TCP:
    by every node: web on node-1 (IP:80)
  from outside, node port 30080:
    by node-1: web on node-1 (IP:80)
    by node-2: dropped, has no local endpoints
  IP port 81/TCP:
    by every node: refused, has no endpoints
  from outside, node port 30081:
    by every node: refused, has no endpoints
`,
    );
  },
);

cases('init containers run one after the other before the pod starts', async () => {
  const manifests =
    '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {initContainers: [{name: one, image: i}, {name: two, image: i}], containers: [{name: app, image: app}]}}';
  const spec = `${TWO_NODES}\npods: [{workload: Pod/p, initContainer: 20s}]`;
  const at = async (time: string) =>
    (await runOn(['get', 'pods', '--no-headers', '--at', time], manifests, clusterFile(spec))).stdout;
  assert.match(await at('10s'), /^p +0\/1 +Init:0\/2 /);
  assert.match(await at('50s'), /^p +1\/1 +Running /);
});

cases('a quota refuses the pod that is one too many, and says so', async () => {
  const manifests = `{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: "2"}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: app}]}}}}`;
  const plan = await planOf(manifests);
  assert.is(plan.placements.length, 2);
  assert.is(plan.converged, false);
  assert.match(problems(plan).join('\n'), /exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2/);
});

cases('a pod over its memory limit is killed and restarted; over its cpu limit it is slowed down', async () => {
  const manifests = `{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: app, image: app, resources: {limits: {memory: 100Mi, cpu: 200m}, requests: {cpu: 100m}}}]}}`;
  const spec = `${TWO_NODES}\npods: [{workload: Pod/p, memory: {app: 150Mi}, run: 5s}]`;
  const plan = await planOf(manifests, spec);
  assert.match(
    problems(plan).join('\n'),
    /^StalledPod Pod p: container app ends and is restarted again and again \(OOMKilled, exit code 137\)$/m,
  );
  const get = await runOn(['get', 'pods', '--no-headers'], manifests, clusterFile(spec));
  assert.match(get.stdout, /^p +0\/1 +(CrashLoopBackOff|OOMKilled) +[1-9]/);
  const busy = `${TWO_NODES}\nmetrics: {resources: [{workload: Pod/p, podCPU: "1"}]}`;
  assert.equal(problems(await planOf(manifests, busy)), [
    'ThrottledCPU Pod p: container app is throttled: it would use 1 cpu and gets 200m, its limit',
  ]);
  const top = await runOn(['top', 'pods', '--no-headers'], manifests, clusterFile(busy));
  assert.match(top.stdout, /^p +200m /);
});

cases('under memory pressure the pod furthest above its request goes first', async () => {
  const pod = (name: string, request: string) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}, spec: {containers: [{name: app, image: app, resources: {requests: {memory: ${request}}}}]}}`;
  const spec = `nodes: [{name: node, capacity: {cpu: "4", memory: 4Gi, pods: "110"}}]
pods:
- {workload: Pod/modest, memory: {app: 1Gi}}
- {workload: Pod/greedy, memory: {app: 2Gi}}
- {workload: Pod/fair, memory: {app: 1Gi}}`;
  const plan = await planOf([pod('modest', '900Mi'), pod('greedy', '100Mi'), pod('fair', '1Gi')].join('\n---\n'), spec);
  const evicted = plan.events.filter(({ reason }) => reason === 'Evicted');
  assert.equal(
    evicted.map(({ object }) => object.name),
    ['greedy'],
  );
  assert.match(evicted[0]!.message, /^The node was low on resource: memory. Threshold quantity: 100Mi/);
});

cases('draining a node moves its pods as far as the budget allows', () => {
  const cluster = new TestCluster(2);
  cluster.create(workload('Deployment', 'web', { replicas: 2 }));
  cluster.create({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
  });
  cluster.settle();
  const evict = (name: string) =>
    cluster.world.server.handle({
      verb: 'create',
      resource: 'pods',
      subresource: 'eviction',
      namespace: 'default',
      name,
      cause: { who: 'user' },
      object: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } },
    });
  const [first] = pods(cluster, 'web').filter(({ spec }) => spec.nodeName === 'n1');
  const refused = evict(first?.metadata.name ?? '');
  assert.is(refused.ok, false);
  assert.is(refused.code, 429);
  cluster.change(DEPLOYMENTS, 'web', { spec: { replicas: 3 } });
  cluster.change('nodes', 'n1', { spec: { unschedulable: true } });
  cluster.settle();
  for (let round = 0; round < 3; round++) {
    for (const { metadata } of pods(cluster, 'web').filter(({ spec }) => spec.nodeName === 'n1'))
      evict(metadata.name ?? '');
    cluster.settle();
  }
  assert.equal([...new Set(pods(cluster, 'web').map(({ spec }) => spec.nodeName))], ['n2']);
  assert.is(pods(cluster, 'web').length, 3);
  assert.ok(cluster.world.server.reader.get<Node>('nodes', undefined, 'n1')?.spec.unschedulable);
});

cases('a claim binds to the smallest volume that is large enough', () => {
  const cluster = new TestCluster(1);
  const volume = (name: string, storage: string): Draft => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'manual',
      hostPath: { path: `/${name}` },
    },
  });
  cluster.create(volume('big', '10Gi'), volume('fits', '2Gi'), volume('small', '500Mi'));
  cluster.create({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'manual', resources: { requests: { storage: '1Gi' } } },
  });
  cluster.settle();
  const claim = cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'data');
  assert.is(claim.status.phase, 'Bound');
  assert.is(claim.spec.volumeName, 'fits');
});

cases('an update of a ReplicationController by template changes only the pods that come after it', () => {
  const cluster = settled(controller('web', 2));
  cluster.change(CONTROLLERS, 'web', {
    spec: { replicas: 3, template: template('web', { image: 'app:2', annotations: outcome('never-ready') }) },
  });
  cluster.settle();
  const images = pods(cluster, 'web').map(({ spec }) => spec.containers?.[0]?.image);
  assert.equal(images.sort(), ['app:2', 'registry.example/app:1', 'registry.example/app:1']);
  assert.is(cluster.list<ReplicaSet>('replicasets.apps').length, 0);
});

cases.run();
