import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HorizontalPodAutoscaler } from '../../../../src/schema/generated/types/autoscaling-v2.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const autoscalers = suite('HorizontalPodAutoscaler');

const SCALE_TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

function autoscaler(spec: Json, fields: Json = {}): Document {
  const whole = { scaleTargetRef: SCALE_TARGET, maxReplicas: 5, ...spec };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h' },
    spec: whole,
    ...fields,
  };
}

function cpu(averageUtilization: number): Json {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

autoscalers('without metrics it keeps CPU at 80 percent', () => {
  const { spec } = new TestServer().create(autoscaler({})).object as unknown as HorizontalPodAutoscaler;
  assert.is(spec.minReplicas, 1);
  assert.equal(spec.metrics, [cpu(80)]);
});

autoscalers('rules of scaling are completed', () => {
  const behavior = { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } };
  const { spec } = new TestServer().create(autoscaler({ behavior })).object as unknown as HorizontalPodAutoscaler;
  assert.equal(spec.behavior?.scaleUp, {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  });
  assert.equal(spec.behavior?.scaleDown, { selectPolicy: 'Max', policies: behavior.scaleDown.policies });
});

for (const { name, spec, causes } of [
  {
    name: 'the minimum stays below the maximum',
    spec: { minReplicas: 6 },
    causes: ['spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`'],
  },
  {
    name: 'zero replicas need a feature gate',
    spec: { minReplicas: 0, metrics: [cpu(50)] },
    causes: [
      'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
      'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
    ],
  },
  {
    name: 'there is something to scale',
    spec: { scaleTargetRef: {} },
    causes: [
      'spec.scaleTargetRef.kind: Required value',
      'spec.scaleTargetRef.name: Required value',
      'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
    ],
  },
  {
    name: 'a metric tells its source',
    spec: { metrics: [{ type: 'Pods' }] },
    causes: ['spec.metrics[0].pods: Required value: must populate information for the given metric source'],
  },
  {
    name: 'a policy looks at half an hour at most',
    spec: { behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 1801 }] } } },
    causes: [
      'spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800',
    ],
  },
]) {
  autoscalers(name, () => assert.equal(new TestServer().create(autoscaler(spec)).causes, causes));
}

autoscalers('v1 says in its own field what it knows and in annotations what it does not', () => {
  const server = new TestServer();
  const pods = {
    type: 'Pods',
    pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
  };
  server.create(autoscaler({ metrics: [cpu(60), pods] }));
  const old = {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h' },
    spec: { scaleTargetRef: SCALE_TARGET, maxReplicas: 9, targetCPUUtilizationPercentage: 70 },
  };
  const { object } = server.update(old);
  assert.is((object['spec'] as Json)['targetCPUUtilizationPercentage'], 70);
  const stored = server.find('autoscaling/v2', 'HorizontalPodAutoscaler', 'h', 'default');
  assert.equal((stored as unknown as HorizontalPodAutoscaler).spec.metrics, [cpu(70)]);
});

autoscalers('v1 gives every metric back that v2 was given', () => {
  const server = new TestServer();
  const pods = {
    type: 'Pods',
    pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } },
  };
  server.create(autoscaler({ metrics: [pods] }));
  const found = server.find('autoscaling/v1', 'HorizontalPodAutoscaler', 'h', 'default');
  assert.ok(found);
  const spec = { scaleTargetRef: SCALE_TARGET, maxReplicas: 5 };
  const annotations = {
    'autoscaling.alpha.kubernetes.io/metrics': JSON.stringify([
      { type: 'Pods', pods: { metricName: 'rps', targetAverageValue: '10' } },
    ]),
  };
  const metadata = { name: 'h', annotations };
  server.update({ apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', metadata, spec });
  const stored = server.find('autoscaling/v2', 'HorizontalPodAutoscaler', 'h', 'default');
  assert.equal((stored as unknown as HorizontalPodAutoscaler).spec.metrics, [pods]);
  assert.is(stored?.metadata.annotations, undefined);
});

autoscalers.run();
