import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Controller, ControllerOptions } from '../../../src/planner/engine/controller.ts';
import { nodeKubelet, podKubelet } from '../../../src/planner/kubelet/kubelet.ts';
import { memoryEviction, rankedForMemory } from '../../../src/planner/kubelet/nodes/eviction.ts';
import { whyNotAdmitted } from '../../../src/planner/kubelet/pods/admission.ts';
import { backOffText } from '../../../src/planner/kubelet/pods/crashes.ts';
import { probesTake } from '../../../src/planner/kubelet/pods/probes.ts';
import { staticPods } from '../../../src/planner/kubelet/pods/static-pods.ts';
import {
  defaultKubeletSettings,
  type KubeletOptions,
  type KubeletSettings,
} from '../../../src/planner/kubelet/settings.ts';
import type { Node, Pod } from '../../../src/schema/generated/types/core-v1.ts';
import { smallCluster } from './small-cluster.ts';

type Loose = Record<string, unknown>;
const node = (status: Loose = {}, spec: Loose = {}, labels: Record<string, string> = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', labels },
    spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'], ...spec },
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '3' }, ...status },
  }) as unknown as Node;
const pod = (name: string, requests: Record<string, string> = {}, spec: Loose = {}, metadata: Loose = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'app', image: 'app:1', resources: { requests } }], ...spec },
    status: {},
  }) as unknown as Pod;
const withSettings =
  (kubelet: Partial<KubeletSettings>) =>
  (make: (options: KubeletOptions) => Controller) =>
  (options: ControllerOptions): Controller =>
    make({ ...options, kubelet });

const admission = suite('kubelet: admission');
const pressed = (...types: string[]) => ({ conditions: types.map((type) => ({ type, status: 'True' })) });
for (const { name, given, on = node(), others = [], expected } of [
  { name: 'fits', given: pod('p', { cpu: '1' }), expected: undefined },
  {
    name: 'CPU',
    given: pod('p', { cpu: '1' }),
    others: [pod('a', { cpu: '3500m' })],
    expected: "OutOfcpu: Node didn't have enough resource: cpu, requested: 1000, used: 3500, capacity: 4000",
  },
  {
    name: 'memory',
    given: pod('p', { memory: '9Gi' }),
    expected:
      "OutOfmemory: Node didn't have enough resource: memory, requested: 9663676416, used: 0, capacity: 8589934592",
  },
  {
    name: 'number of pods',
    given: pod('p'),
    others: [pod('a'), pod('b'), pod('c')],
    expected: "OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
  },
  {
    name: 'extended resources that the node does not know',
    given: pod('p', { 'example.com/gpu': '1' }),
    expected: undefined,
  },
  {
    name: 'node selector',
    given: pod('p', {}, { nodeSelector: { disk: 'ssd' } }),
    expected: "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  },
  {
    name: 'host ports',
    given: pod('p', {}, { containers: [{ name: 'a', ports: [{ hostPort: 80 }] }] }),
    others: [pod('a', {}, { containers: [{ name: 'a', ports: [{ hostPort: 80 }] }] })],
    expected: "NodePorts: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  },
  {
    name: 'NoExecute taint',
    given: pod('p'),
    on: node({}, { taints: [{ key: 'k', effect: 'NoExecute' }] }),
    expected: "TaintToleration: Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
  },
  {
    name: 'NoSchedule taint does not matter here',
    given: pod('p'),
    on: node({}, { taints: [{ key: 'k', effect: 'NoSchedule' }] }),
    expected: undefined,
  },
  {
    name: 'static pods tolerate',
    given: pod('p', {}, {}, { annotations: { 'kubernetes.io/config.source': 'file' } }),
    on: node({}, { taints: [{ key: 'k', effect: 'NoExecute' }] }),
    expected: undefined,
  },
  {
    name: 'disk pressure',
    given: pod('p', { cpu: '1' }),
    on: node(pressed('DiskPressure')),
    expected: 'Evicted: The node had condition: [DiskPressure]. ',
  },
  {
    name: 'memory pressure and best effort',
    given: pod('p'),
    on: node(pressed('MemoryPressure')),
    expected: 'Evicted: The node had condition: [MemoryPressure]. ',
  },
  {
    name: 'memory pressure and requests',
    given: pod('p', { cpu: '1' }),
    on: node({ ...pressed('MemoryPressure'), allocatable: { cpu: '4', pods: '3' } }),
    expected: undefined,
  },
  {
    name: 'pressure and critical priority',
    given: pod('p', {}, { priority: 2_000_000_000 }),
    on: node({ ...pressed('DiskPressure'), allocatable: { pods: '3' } }),
    expected: undefined,
  },
  {
    name: 'another operating system',
    given: pod('p', {}, { os: { name: 'windows' } }),
    expected: "PodOSNotSupported: Failed to admit pod as the OS field doesn't match node OS",
  },
])
  admission(name, () => {
    const rejection = whyNotAdmitted(given, on, others);
    assert.is(rejection && `${rejection.reason}: ${rejection.message}`, expected);
  });

for (const { rejects, phase } of [
  { rejects: true, phase: 'Failed' },
  { rejects: false, phase: 'Running' },
])
  admission(`a pod bound by hand that does not fit: ${phase}`, () => {
    const cluster = smallCluster([nodeKubelet, podKubelet].map(withSettings({ rejectsMisfits: rejects })));
    cluster.create(node(), pod('p', { cpu: '5' }, { nodeName: 'n1' }));
    cluster.settle();
    const { status } = cluster.get<Pod>('pods', 'p', 'default')!;
    assert.is(status.phase, phase);
    if (rejects)
      assert.equal(
        [status.reason, status.message],
        [
          'OutOfcpu',
          "Pod was rejected: Node didn't have enough resource: cpu, requested: 5000, used: 0, capacity: 4000",
        ],
      );
  });

const probes = suite('kubelet: probes');
for (const { name, container, expected } of [
  { name: 'none', container: {}, expected: 0 },
  {
    name: 'the first turn after the initial delay',
    container: { readinessProbe: { initialDelaySeconds: 15, periodSeconds: 10 } },
    expected: 20_000,
  },
  {
    name: 'as many successes as wanted',
    container: { readinessProbe: { periodSeconds: 5, successThreshold: 3 } },
    expected: 10_000,
  },
  {
    name: 'readiness after startup',
    container: { startupProbe: { initialDelaySeconds: 10, periodSeconds: 10 }, readinessProbe: { periodSeconds: 5 } },
    expected: 10_000,
  },
])
  probes(name, () => {
    const given = pod('p', {}, { containers: [{ name: 'quick' }, { name: 'app', ...container }] });
    assert.is(probesTake(given), expected);
  });

const crashes = suite('kubelet: crashes');
crashes('a crashing container is started at once, then after growing pauses, and keeps nobody waiting', () => {
  const cluster = smallCluster([nodeKubelet, podKubelet]);
  cluster.create(
    node(),
    pod(
      'p',
      {},
      { nodeName: 'n1' },
      { annotations: { 'kubeplan.dev/outcome': 'crash-loop', 'kubeplan.dev/exit-code': '3' } },
    ),
  );
  cluster.settle();
  const status = () => cluster.get<Pod>('pods', 'p', 'default')!.status;
  const uid = cluster.get<Pod>('pods', 'p', 'default')!.metadata.uid;
  const [container] = status().containerStatuses ?? [];
  assert.equal([status().phase, container?.ready, container?.lastState.terminated?.exitCode], ['Running', false, 3]);
  assert.match(
    container?.state.waiting?.message ?? '',
    /^back-off \S+ restarting failed container=app pod=p_default\(/,
  );
  assert.equal(cluster.events(), [
    `Pod p Warning BackOff: Back-off restarting failed container app in pod p_default(${uid})`,
  ]);
  const before = container?.restartCount ?? 0;
  cluster.engine.advance(3_600_000);
  assert.ok((status().containerStatuses?.[0]?.restartCount ?? 0) - before >= 11);
});

crashes('a container over its memory limit is killed; without restarts its pod fails', () => {
  const settings = withSettings({ usageOf: () => ({ app: { memory: 300 * 1024 * 1024 } }) });
  const cluster = smallCluster([nodeKubelet, podKubelet].map(settings));
  cluster.create(
    node(),
    pod(
      'p',
      {},
      {
        nodeName: 'n1',
        restartPolicy: 'Never',
        containers: [{ name: 'app', image: 'app:1', resources: { limits: { memory: '200Mi' } } }],
      },
    ),
  );
  cluster.settle();
  const { phase, containerStatuses } = cluster.get<Pod>('pods', 'p', 'default')!.status;
  const { exitCode, reason } = containerStatuses?.[0]?.state.terminated ?? {};
  assert.equal([phase, exitCode, reason], ['Failed', 137, 'OOMKilled']);
});

for (const [milliseconds, text] of [
  [10_000, '10s'],
  [80_000, '1m20s'],
  [300_000, '5m0s'],
] as const)
  crashes(`a pause of ${text}`, () => assert.is(backOffText(milliseconds), text));
crashes(
  'containers said to fail are restarted by their node where a workload owns the pod, which never fails itself',
  () => {
    const cluster = smallCluster([nodeKubelet, withSettings({ restartsFailed: true })(podKubelet)]);
    const controller = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true };
    const annotations = { 'kubeplan.dev/outcome': 'fail' };
    cluster.create(
      node(),
      pod('owned', {}, { nodeName: 'n1' }, { annotations, ownerReferences: [controller] }),
      pod('alone', {}, { nodeName: 'n1' }, { annotations }),
      pod('once', {}, { nodeName: 'n1', restartPolicy: 'Never' }, { annotations, ownerReferences: [controller] }),
    );
    cluster.settle();
    const phases = ['owned', 'alone', 'once'].map((name) => cluster.get<Pod>('pods', name, 'default')!.status.phase);
    assert.equal(phases, ['Running', 'Failed', 'Failed']);
  },
);

const eviction = suite('kubelet: eviction');
const MI = 1024 * 1024;
const usage = (amounts: Record<string, number>): Partial<KubeletSettings> => ({
  usageOf: (one) => {
    const memory = amounts[one.metadata.name ?? ''];
    return memory === undefined ? undefined : { app: { memory: memory * MI } };
  },
});

eviction('above its request goes first, then low priority, then the most above', () => {
  const pods = [
    pod('within', { memory: '500Mi' }),
    pod('above', { memory: '100Mi' }),
    pod('far-above', { memory: '50Mi' }),
    pod('important', { memory: '50Mi' }, { priority: 10 }),
    pod('unknown'),
  ];
  const settings = {
    ...defaultKubeletSettings,
    ...usage({ within: 400, above: 200, 'far-above': 300, important: 900 }),
  };
  assert.equal(
    rankedForMemory(pods, settings).map(({ metadata }) => metadata.name),
    ['unknown', 'far-above', 'above', 'important', 'within'],
  );
});

eviction('a node out of memory evicts until it has enough, and says so for five minutes', () => {
  const settings = withSettings(usage({ a: 600, b: 500 }));
  const cluster = smallCluster([nodeKubelet, podKubelet, memoryEviction].map(settings));
  cluster.create(
    node({ capacity: { memory: '1Gi' } }),
    pod('a', { memory: '700Mi' }, { nodeName: 'n1' }),
    pod('b', { memory: '100Mi' }, { nodeName: 'n1' }),
  );
  cluster.settle(1000);
  const { phase, reason, message } = cluster.get<Pod>('pods', 'b', 'default')!.status;
  assert.equal(
    [phase, reason, message],
    [
      'Failed',
      'Evicted',
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: -76Mi. Container app was using 500Mi, request is 100Mi, has larger consumption of memory. ',
    ],
  );
  assert.is(cluster.get<Pod>('pods', 'a', 'default')!.status.phase, 'Running');
  const pressure = () =>
    cluster.get<Node>('nodes', 'n1')!.status.conditions?.find(({ type }) => type === 'MemoryPressure')?.status;
  assert.is(pressure(), 'True');
  cluster.settle();
  assert.is(pressure(), 'False');
});

const mirrors = suite('kubelet: static pods');
mirrors('a mirror pod names its node and comes back when deleted', () => {
  const settings = withSettings({ staticPodsOf: () => [pod('etcd', {}, {}, { namespace: 'kube-system' })] });
  const cluster = smallCluster([nodeKubelet, podKubelet, staticPods].map(settings));
  cluster.create(node());
  cluster.settle();
  const mirror = () => cluster.get<Pod>('pods', 'etcd-n1', 'kube-system')!;
  assert.equal(
    [mirror().status.phase, mirror().spec.nodeName, mirror().metadata.ownerReferences?.[0]?.kind],
    ['Running', 'n1', 'Node'],
  );
  const { uid } = mirror().metadata;
  cluster.user.delete('pods', { namespace: 'kube-system', name: 'etcd-n1' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  assert.is.not(mirror().metadata.uid, uid);
});

admission.run();
probes.run();
crashes.run();
eviction.run();
mirrors.run();
