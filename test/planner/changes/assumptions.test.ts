// What a plan says of the things it did not ask.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import type { ClusterReader } from '../../../src/apiserver/cluster-reader.ts';
import { assumptionsOf } from '../../../src/planner/changes/assumptions.ts';
import type { WebhookCall } from '../../../src/planner/changes/plan.ts';

function reading(resource: string, ...names: readonly string[]): ClusterReader {
  const list = (asked: string) =>
    asked === resource ? names.map((name) => ({ metadata: { name } }) as KubeObject) : [];
  return { list } as unknown as ClusterReader;
}

const assumptions = suite('assumptions');

function call(webhook: string, outcome: WebhookCall['outcome']): WebhookCall {
  return {
    object: { apiVersion: 'v1', kind: 'Pod', name: 'p' },
    operation: 'CREATE',
    type: 'mutating',
    configuration: 'c',
    webhook,
    failurePolicy: 'Fail',
    outcome,
    count: 1,
  };
}

assumptions('webhooks that nobody described are named once', () => {
  const calls = [call('b', 'assumed'), call('a', 'assumed'), call('b', 'assumed'), call('known', 'allowed')];
  assert.equal(assumptionsOf(reading('configmaps'), calls, []), [
    'Webhooks are not called, they would need the network; these are taken to allow what they are asked about: a (c), b (c). Describe what they answer under spec.webhooks of the Cluster file.',
  ]);
});

for (const { name, resource, fields, described, says } of [
  {
    name: 'autoscalers without metrics',
    resource: 'horizontalpodautoscalers.autoscaling',
    fields: {},
    described: {},
    says: 'No metrics are served',
  },
  {
    name: 'autoscalers with metrics',
    resource: 'horizontalpodautoscalers.autoscaling',
    fields: {},
    described: { metrics: {} },
    says: undefined,
  },
  {
    name: 'load balancers without a cloud',
    resource: 'services',
    fields: { spec: { type: 'LoadBalancer' } },
    described: {},
    says: 'No cloud gives',
  },
  {
    name: 'load balancers of a described cloud',
    resource: 'services',
    fields: { spec: { type: 'LoadBalancer' } },
    described: { cloud: { loadBalancers: {} } },
    says: undefined,
  },
  {
    name: 'CronJobs',
    resource: 'cronjobs.batch',
    fields: { spec: {} },
    described: {},
    says: 'CronJobs run by their schedule',
  },
  {
    name: 'suspended CronJobs',
    resource: 'cronjobs.batch',
    fields: { spec: { suspend: true } },
    described: {},
    says: undefined,
  },
])
  assumptions(`${name}: ${says ?? 'nothing is assumed'}`, () => {
    const object = { metadata: { namespace: 'default', name: 'x' }, ...fields } as unknown as KubeObject;
    const reader = { list: (asked: string) => (asked === resource ? [object] : []) } as unknown as ClusterReader;
    const found = assumptionsOf(reader, [], [], described);
    assert.is(found.length, says === undefined ? 0 : 1);
    if (says !== undefined) assert.ok(found[0]?.startsWith(says) && found[0].endsWith(': default/x.'));
  });

assumptions('nobody knows what acts on custom resources', () => {
  const crd = {
    metadata: { name: 'probes.corp.example.com' },
    spec: { group: 'corp.example.com', names: { kind: 'Probe' } },
  };
  const objects: Readonly<Record<string, readonly object[]>> = {
    'customresourcedefinitions.apiextensions.k8s.io': [crd],
    'probes.corp.example.com': [{ metadata: { namespace: 'default', name: 'a' } }],
  };
  const reader = { list: (asked: string) => objects[asked] ?? [] } as unknown as ClusterReader;
  assert.equal(assumptionsOf(reader, [], []), [
    'External controller: unknown. What acts on Probe.corp.example.com is not part of Kubernetes, so nothing follows from default/a; what the described cluster holds stays.',
  ]);
});

assumptions('a cluster without pods and webhooks needs none', () => {
  assert.equal(assumptionsOf(reading('configmaps', 'a'), [], ['said before']), ['said before']);
});

assumptions.run();
