import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EndpointSlice } from '../../../../src/schema/generated/types/discovery-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const slices = suite('EndpointSlice');

function slice(fields: Json): Document {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 's' },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.1.1'] }],
    ...fields,
  };
}

for (const { name, fields, causes } of [
  {
    name: 'addresses are of the type of the slice',
    fields: { addressType: 'IPv6' },
    causes: ['endpoints[0].addresses: Invalid value: "10.1.1.1": must be an IPv6 address'],
  },
  {
    name: 'an endpoint has an address',
    fields: { endpoints: [{}] },
    causes: ['endpoints[0].addresses: Required value: must contain at least 1 address'],
  },
  {
    name: 'names of ports differ',
    fields: { ports: [{ port: 80 }, { port: 81 }] },
    causes: ['ports[1].name: Duplicate value: ""'],
  },
  {
    name: 'there are at most eight zones to hint at',
    fields: {
      endpoints: [{ addresses: ['10.1.1.1'], hints: { forZones: Array.from('abcdefghi', (name) => ({ name })) } }],
    },
    causes: ['endpoints[0].hints.forZones: Too many: 9: must have at most 8 items'],
  },
]) {
  slices(name, () => assert.equal(new TestServer().create(slice(fields)).causes, causes));
}

slices('ports have a name and a protocol, and changed endpoints count the generation up', () => {
  const server = new TestServer();
  const { object } = server.create(slice({ ports: [{ port: 80 }] }));
  assert.equal((object as unknown as EndpointSlice).ports, [{ port: 80, name: '', protocol: 'TCP' }]);
  assert.is(object.metadata.generation, 1);
  const next = server.update(slice({ endpoints: [{ addresses: ['10.1.1.2'] }] }));
  assert.is(next.object.metadata.generation, 2);
  assert.equal(server.update(slice({ addressType: 'FQDN', endpoints: [] })).causes, [
    'addressType: Invalid value: "FQDN": field is immutable',
  ]);
});

slices('topology is not written through v1', () => {
  const deprecatedTopology = { 'kubernetes.io/hostname': 'n1' };
  const { object } = new TestServer().create(slice({ endpoints: [{ addresses: ['10.1.1.1'], deprecatedTopology }] }));
  assert.equal((object as unknown as EndpointSlice).endpoints, [{ addresses: ['10.1.1.1'], conditions: {} }]);
});

slices.run();
