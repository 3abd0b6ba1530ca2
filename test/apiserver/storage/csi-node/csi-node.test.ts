import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const nodes = suite('CSINode');

function node(...drivers: readonly Json[]): Document {
  return { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: { name: 'n' }, spec: { drivers } };
}

const DRIVER = { name: 'd.example.com', nodeID: 'n-1', topologyKeys: ['zone'] };

for (const { name, drivers, causes } of [
  {
    name: 'a driver is there once',
    drivers: [DRIVER, DRIVER],
    causes: ['spec.drivers[1].name: Duplicate value: "d.example.com"'],
  },
  {
    name: 'a driver knows the node',
    drivers: [{ ...DRIVER, nodeID: '' }],
    causes: ['spec.drivers[0].nodeID: Required value'],
  },
  {
    name: 'a limit is no less than nothing',
    drivers: [{ ...DRIVER, allocatable: { count: -1 } }],
    causes: ['spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0'],
  },
]) {
  nodes(name, () => assert.equal(new TestServer().create(node(...drivers)).causes, causes));
}

nodes('a driver that is there stays as it is', () => {
  const server = new TestServer();
  const { metadata } = server.create(node(DRIVER)).object;
  const change = (...drivers: readonly Json[]) => server.update({ ...node(...drivers), metadata: { ...metadata } });
  assert.match(change({ ...DRIVER, nodeID: 'n-2' }).causes.join(), /field is immutable$/);
  assert.is(change(DRIVER, { ...DRIVER, name: 'e.example.com' }).code, 200);
});

nodes('an empty list of topology keys is stored as none', () => {
  const { object } = new TestServer().create(node({ ...DRIVER, topologyKeys: [] }));
  assert.equal(object['spec'], { drivers: [{ name: DRIVER.name, nodeID: DRIVER.nodeID }] });
});

nodes.run();
