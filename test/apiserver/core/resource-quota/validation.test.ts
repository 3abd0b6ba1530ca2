import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const quotas = suite('ResourceQuota');

function quota(spec: Json): Document {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec };
}

for (const { name, spec, causes } of [
  {
    name: 'a name without a domain is one that quotas know',
    spec: { hard: { storage: '1' } },
    causes: ['spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota'],
  },
  {
    name: 'what is counted is whole',
    spec: { hard: { pods: '1500m' } },
    causes: ['spec.hard[pods]: Invalid value: "1500m": must be an integer'],
  },
  {
    name: 'scopes apply to their resources and do not exclude each other',
    spec: { hard: { services: '1' }, scopes: ['BestEffort', 'NotBestEffort'] },
    causes: [
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource',
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource',
      'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
    ],
  },
  {
    name: 'a selector of a priority class has values',
    spec: { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] } },
    causes: [
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
    ],
  },
]) {
  quotas(name, () => assert.equal(new TestServer().create(quota(spec)).causes, causes));
}

quotas('scopes do not change', () => {
  const server = new TestServer();
  server.create(quota({ hard: { pods: '1' }, scopes: ['BestEffort'] }));
  assert.equal(server.update(quota({ hard: { pods: '1' } })).causes, [
    'spec.scopes: Invalid value: null: field is immutable',
  ]);
});

quotas('requests above limits are told', () => {
  const hard = { cpu: '2', 'limits.cpu': '1' };
  assert.equal(new TestServer().create(quota({ hard })).warnings, [
    'ResourceQuota cpu (2) should be less than limits.cpu (1)',
  ]);
});

quotas.run();
