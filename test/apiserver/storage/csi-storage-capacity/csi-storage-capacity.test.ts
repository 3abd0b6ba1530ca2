import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const capacities = suite('CSIStorageCapacity');

function capacity(fields: Json): Document {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
    metadata: { name: 'c' },
    storageClassName: 'fast',
    ...fields,
  };
}

for (const { name, fields, causes } of [
  { name: 'an amount is enough', fields: { capacity: '10Gi' }, causes: [] },
  {
    name: 'no capacity is below zero',
    fields: { capacity: '-1' },
    causes: ['capacity: Invalid value: "-1": must be greater than or equal to 0'],
  },
  {
    name: 'it knows its nodes by labels',
    fields: { nodeTopology: { matchExpressions: [{ key: 'zone', operator: 'Near' }] } },
    causes: ['nodeTopology.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator'],
  },
]) {
  capacities(name, () => assert.equal(new TestServer().create(capacity(fields)).causes, causes));
}

capacities('the amount changes, the class does not', () => {
  const server = new TestServer();
  const { metadata } = server.create(capacity({ capacity: '10Gi' })).object;
  const change = (fields: Json) => server.update({ ...capacity(fields), metadata: { ...metadata } });
  assert.equal(change({ storageClassName: 'slow' }).causes, [
    'storageClassName: Invalid value: "slow": field is immutable',
  ]);
  assert.is(change({ capacity: '5Gi' }).code, 200);
});

capacities.run();
