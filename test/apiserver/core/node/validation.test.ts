import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Node } from '../../../../src/schema/generated/types/core-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const nodes = suite('Node');

function node(fields: Json): Document {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, ...fields };
}

const taint = { key: 'a', value: 'x', effect: 'NoSchedule' };

for (const { name, fields, causes } of [
  {
    name: 'a taint may not occur twice with the same effect',
    fields: { spec: { taints: [taint, taint] } },
    causes: [
      'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"x","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
    ],
  },
  {
    name: 'a taint has a known effect',
    fields: { spec: { taints: [{ key: 'a', effect: 'Evict' }] } },
    causes: [
      'metadata.taints[0].effect: Unsupported value: "Evict": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
  },
  {
    name: 'two pod networks are of two families',
    fields: { spec: { podCIDRs: ['10.0.0.0/24', '10.0.1.0/24'] } },
    causes: [
      'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.1.0/24"]: may specify no more than one CIDR for each IP family',
    ],
  },
  {
    name: 'a capacity is not negative',
    fields: { status: { capacity: { cpu: '-1' }, allocatable: { cpu: '1' } } },
    causes: ['status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0'],
  },
  {
    name: 'declared features are sorted',
    fields: { status: { declaredFeatures: ['B', 'A'] } },
    causes: ['status.declaredFeatures[1]: Invalid value: "A": list must be sorted alphabetically'],
  },
]) {
  nodes(name, () => assert.equal(new TestServer().create(node(fields)).causes, causes));
}

nodes('allocatable is the capacity, and podCIDR the first of podCIDRs', () => {
  const { object } = new TestServer().create(
    node({ spec: { podCIDR: '10.0.0.0/24' }, status: { capacity: { cpu: '4' } } }),
  );
  const { spec, status } = object as unknown as Node;
  assert.equal(status.allocatable, { cpu: '4' });
  assert.equal(spec.podCIDRs, ['10.0.0.0/24']);
});

nodes('pod network and provider are given once', () => {
  const server = new TestServer();
  server.create(node({ spec: { podCIDR: '10.0.0.0/24', providerID: 'a' } }));
  assert.equal(server.update(node({ spec: { podCIDR: '10.0.1.0/24', providerID: 'b' } })).causes, [
    'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
    'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
  ]);
});

nodes('an update keeps the status, a status update the spec', () => {
  const server = new TestServer();
  server.create(node({ status: { capacity: { cpu: '4' } } }));
  server.update(node({ spec: { unschedulable: true } }));
  const { object } = server.update(node({ status: { capacity: { cpu: '8' } } }), { subresource: 'status' });
  const { spec, status } = object as unknown as Node;
  assert.is(spec.unschedulable, true);
  assert.equal(status.capacity, { cpu: '8' });
});

nodes.run();
