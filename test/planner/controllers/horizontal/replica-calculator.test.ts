import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PodMetrics } from '../../../../src/planner/controllers/horizontal/metrics-source.ts';
import {
  averageReplicas,
  perPodReplicas,
  totalReplicas,
  utilizationReplicas,
} from '../../../../src/planner/controllers/horizontal/replica-calculator.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';

const NOW = Date.UTC(2026, 0, 1);
const OLD = '2025-12-31T00:00:00Z';
const pod = (
  name: string,
  { request = '1', ready = true, phase = 'Running', ...metadata }: Record<string, unknown> = {},
): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'app', resources: { requests: request ? { cpu: request } : {} } }] },
    status: {
      phase,
      startTime: OLD,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: OLD }],
    },
  }) as unknown as Pod;
const use = (...values: readonly (number | undefined)[]): PodMetrics =>
  new Map(
    values.flatMap((value, i) =>
      value === undefined ? [] : [[`p${i}`, { value, timestamp: NOW, window: 0 }] as const],
    ),
  );
const calculation = (pods: readonly Pod[], currentReplicas = pods.length) => ({
  pods,
  currentReplicas,
  tolerances: { scaleDown: 0.1, scaleUp: 0.1 },
  windows: { cpuInitialization: 300_000, initialReadiness: 30_000 },
  now: NOW,
});
const pods = (count: number) => Array.from({ length: count }, (_, i) => pod(`p${i}`));

const replicas = suite('replica calculator');

for (const { name, given, metrics, target = 30, want } of [
  { name: 'scale up', given: pods(3), metrics: use(300, 500, 700), want: 5 },
  { name: 'scale down', given: pods(5), metrics: use(100, 300, 500, 250, 250), target: 50, want: 3 },
  { name: 'within the tolerance', given: pods(3), metrics: use(300, 320, 300), want: 3 },
  {
    name: 'unready pods are idle on the way up',
    given: [pod('p0', { ready: false }), pod('p1'), pod('p2')],
    metrics: use(300, 500, 700),
    want: 4,
  },
  {
    name: 'pending pods too',
    given: [pod('p0', { phase: 'Pending' }), pod('p1'), pod('p2')],
    metrics: use(undefined, 500, 700),
    want: 4,
  },
  {
    name: 'pods without a measurement are busy on the way down',
    given: pods(4),
    metrics: use(100, 100, undefined, undefined),
    target: 50,
    want: 4,
  },
  {
    name: 'deleted pods do not count',
    given: [pod('p0', { deletionTimestamp: OLD }), pod('p1'), pod('p2')],
    metrics: use(900, 300, 300),
    want: 3,
  },
  {
    name: 'a pod without a request',
    given: [pod('p0', { request: '' })],
    metrics: use(100),
    want: 'missing request for cpu in container app of Pod p0',
  },
  {
    name: 'nothing measured',
    given: pods(1),
    metrics: use(),
    want: 'did not receive metrics for targeted pods (pods might be unready)',
  },
  { name: 'no pods', given: [], metrics: use(), want: 'no pods returned by selector while calculating replica count' },
])
  replicas(`utilization: ${name}`, () => {
    const answer = utilizationReplicas(metrics, target, 'cpu', '', calculation(given));
    assert.is(answer.ok ? answer.value.replicas : answer.error, want);
  });

for (const { name, given, metrics, target, want } of [
  { name: 'scale up', given: pods(3), metrics: use(20_000, 10_000, 30_000), target: 15_000, want: [4, 20_000] },
  {
    name: 'a missing pod has exactly the target on the way down',
    given: pods(3),
    metrics: use(10_000, 10_000, undefined),
    target: 20_000,
    want: [2, 10_000],
  },
])
  replicas(`average: ${name}`, () => {
    const answer = averageReplicas(metrics, target, '', calculation(given));
    assert.equal(answer.ok ? [answer.value.replicas, answer.value.usage] : answer.error, want);
  });

replicas('one number over all follows the ready pods', () => {
  const answer = totalReplicas(60_000, 20_000, calculation([...pods(2), pod('p2', { ready: false })]));
  assert.equal(answer.ok && answer.value, { replicas: 6, usage: 60_000 });
});

replicas('one number shared by the pods follows the target alone', () => {
  assert.equal(perPodReplicas(8600, 2000, 4, calculation([])), { replicas: 4, usage: 2150 });
  assert.equal(perPodReplicas(8600, 1000, 4, calculation([])), { replicas: 9, usage: 2150 });
});
replicas.run();
