import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DescribedMetrics } from '../../../../src/planner/controllers/horizontal/described-metrics.ts';
import { horizontalController } from '../../../../src/planner/controllers/horizontal/horizontal.ts';
import type { ControllerFactory } from '../../../../src/planner/engine/controller.ts';
import type { HorizontalPodAutoscaler } from '../../../../src/schema/generated/types/autoscaling-v2.ts';
import { type SmallCluster, smallCluster } from '../../kubelet/small-cluster.ts';

const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';
const meta = (name: string) => ({ name, namespace: 'default' });
const workload = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: meta('web'),
  spec: { replicas, selector: { matchLabels: { app: 'web' } } },
});
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...meta(name), labels: { app: 'web' } },
  spec: { containers: [{ name: 'app', resources: { requests: { cpu: '100m' } } }] },
  status: {
    phase: 'Running',
    startTime: '2025-12-01T00:00:00Z',
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2025-12-01T00:00:00Z' }],
  },
});
const autoscaler = (spec: Record<string, unknown> = {}) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: meta('web'),
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web' },
    minReplicas: 1,
    maxReplicas: 10,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 90 } } }],
    ...spec,
  },
  status: {},
});
const conditions = (cluster: SmallCluster) => {
  const { status } = cluster.get<HorizontalPodAutoscaler>(AUTOSCALERS, 'web', 'default')!;
  return Object.fromEntries(
    (status.conditions ?? []).map(({ type, status: value, reason }) => [type, `${value} ${reason}`]),
  );
};
const replicas = (cluster: SmallCluster) =>
  (cluster.get('replicasets.apps', 'web', 'default') as unknown as { spec: { replicas: number } }).spec.replicas;

function played(size: number, podCPU: string | undefined, spec: Record<string, unknown> = {}) {
  const metrics = new DescribedMetrics(
    podCPU === undefined ? {} : { resources: [{ matchLabels: { app: 'web' }, podCPU }] },
  );
  const factory: ControllerFactory = (options) => horizontalController({ ...options, metrics });
  const cluster = smallCluster([factory]);
  cluster.create(workload(size), ...Array.from({ length: size }, (_, i) => pod(`p${i}`)), autoscaler(spec) as never);
  cluster.engine.advance(16_000);
  return { cluster, metrics };
}

const hpa = suite('horizontal pod autoscaler');

hpa('the round that comes five minutes after a high recommendation no longer minds it', () => {
  const { cluster } = played(6, '30m');
  cluster.engine.advance(298_000);
  assert.is(replicas(cluster), 6);
  cluster.engine.advance(4000);
  assert.is(replicas(cluster), 2);
});

hpa('nothing is looked at before a period has passed', () => {
  const { cluster } = played(2, '200m');
  assert.is(replicas(cluster), 4);
  assert.equal(cluster.events(), [
    'HorizontalPodAutoscaler web Normal SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
  ]);
  assert.equal(conditions(cluster), {
    AbleToScale: 'True SucceededRescale',
    ScalingActive: 'True ValidMetricFound',
    ScalingLimited: 'True ScaleUpLimit',
  });
  const { status } = cluster.get<HorizontalPodAutoscaler>(AUTOSCALERS, 'web', 'default')!;
  assert.equal(status.currentMetrics, [
    { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 200, averageValue: '200m' } } },
  ]);
  assert.equal([status.currentReplicas, status.desiredReplicas], [2, 4]);
});

hpa('less use is followed down only after the window', () => {
  const { cluster } = played(4, '20m');
  assert.equal([replicas(cluster), conditions(cluster)['AbleToScale']], [4, 'True ScaleDownStabilized']);
  cluster.settle();
  assert.is(replicas(cluster), 1);
});

for (const { name, size, spec, podCPU, want } of [
  {
    name: 'above the maximum',
    size: 8,
    spec: { maxReplicas: 4 },
    podCPU: '10m',
    want: [4, 'Current number of replicas above Spec.MaxReplicas'],
  },
  {
    name: 'below the minimum',
    size: 1,
    spec: { minReplicas: 3 },
    podCPU: '10m',
    want: [3, 'Current number of replicas below Spec.MinReplicas'],
  },
  { name: 'switched off at zero', size: 0, spec: {}, podCPU: '10m', want: [0, undefined] },
])
  hpa(name, () => {
    const { cluster } = played(size, podCPU, spec);
    const reason = cluster.events()[0]?.replace(/^.*reason: /, '');
    assert.equal([replicas(cluster), reason], want);
  });

hpa('without a metrics server', () => {
  const { cluster } = played(2, undefined);
  const { status } = cluster.get<HorizontalPodAutoscaler>(AUTOSCALERS, 'web', 'default')!;
  assert.equal(status.currentMetrics, [{ type: '' }]);
  const message =
    'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
  assert.is(
    status.conditions?.find(({ type }) => type === 'ScalingActive')?.message,
    `the HPA was unable to compute the replica count: ${message}`,
  );
  assert.equal(cluster.events(), [
    `HorizontalPodAutoscaler web Warning FailedGetResourceMetric: ${message}`,
    `HorizontalPodAutoscaler web Warning FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${message}`,
  ]);
});

hpa('a target that is not there', () => {
  const { cluster } = played(1, '10m', {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'missing' },
  });
  assert.equal(conditions(cluster), { AbleToScale: 'False FailedGetScale' });
  assert.equal(cluster.events(), [
    'HorizontalPodAutoscaler web Warning FailedGetScale: deployments.apps "missing" not found',
  ]);
});

hpa('two autoscalers over the same pods both stop', () => {
  const { cluster } = played(2, '200m', {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web' },
    maxReplicas: 2,
  });
  const second = autoscaler({ maxReplicas: 2 });
  cluster.create({ ...second, metadata: meta('web2') } as never);
  cluster.engine.advance(31_000);
  assert.is(conditions(cluster)['ScalingActive'], 'False AmbiguousSelector');
  assert.ok(
    cluster
      .events()
      .some((text) =>
        text.includes('pods by selector app=web are controlled by multiple HPAs: [default/web default/web2]'),
      ),
  );
});

hpa('an external number per pod', () => {
  const metrics = new DescribedMetrics({ external: [{ name: 'queue', value: '90' }] });
  const factory: ControllerFactory = (options) => horizontalController({ ...options, metrics });
  const cluster = smallCluster([factory]);
  const external = { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '30' } };
  cluster.create(workload(1), pod('p0'), autoscaler({ metrics: [{ type: 'External', external }] }) as never);
  cluster.change('replicasets.apps', 'web', { status: { replicas: 1 } }, 'default', 'status');
  cluster.engine.advance(16_000);
  assert.is(replicas(cluster), 3);
  assert.match(cluster.events()[0] ?? '', /reason: external metric queue\(nil\) above target$/);
});
hpa.run();
