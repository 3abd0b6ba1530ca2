import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const budgets = suite('PodDisruptionBudget');

function budget(spec: Json): Document {
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'b' }, spec };
}

for (const { name, spec, causes } of [
  {
    name: 'only one of the two bounds is set',
    spec: { minAvailable: 1, maxUnavailable: '50%' },
    causes: [
      'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"50%","UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
    ],
  },
  {
    name: 'there is no more than all',
    spec: { minAvailable: '101%' },
    causes: ['spec.minAvailable: Invalid value: "101%": must not be greater than 100%'],
  },
  {
    name: 'a policy is a known one',
    spec: { unhealthyPodEvictionPolicy: 'Never' },
    causes: [
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
    ],
  },
]) {
  budgets(name, () => assert.equal(new TestServer().create(budget(spec)).causes, causes));
}

budgets('the name is looked at where nothing else is wrong', () => {
  const named = (spec: Json): Document => ({ ...budget(spec), metadata: { name: 'a/b' } });
  const { causes } = new TestServer().create(named({ minAvailable: '101%' }));
  assert.equal(causes, ['spec.minAvailable: Invalid value: "101%": must not be greater than 100%']);
  assert.equal(new TestServer().create(named({})).causes, [
    'metadata.name: Invalid value: "a/b": may not contain \'/\'',
  ]);
});

budgets('a changed spec counts the generation up, and an update says which version it changes', () => {
  const server = new TestServer();
  const { object } = server.create(budget({ minAvailable: 1 }));
  assert.is(object.metadata.generation, 1);
  const { resourceVersion } = object.metadata;
  const metadata = { name: 'b', resourceVersion };
  assert.is(server.update({ ...budget({ minAvailable: 2 }), metadata }).object.metadata.generation, 2);
  assert.equal(server.update(budget({ minAvailable: 3 })).causes, [
    'metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  ]);
});

budgets('the label of v1beta1 is dropped beside other labels', () => {
  const old = { key: 'pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match', operator: 'DoesNotExist' };
  const selector = { matchLabels: { a: 'b' }, matchExpressions: [old] };
  const { object } = new TestServer().create(budget({ selector }));
  assert.equal((object['spec'] as Json)['selector'], { matchLabels: { a: 'b' } });
});

budgets.run();
