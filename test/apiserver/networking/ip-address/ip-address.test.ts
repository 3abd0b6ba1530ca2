import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const addresses = suite('IPAddress');

const PARENT = { resource: 'services', namespace: 'default', name: 'web' };

function address(name: string, parentRef: Json | undefined = PARENT): Document {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', metadata: { name }, spec: { parentRef } };
}

for (const { name, document, causes } of [
  { name: 'the name is an address', document: address('10.200.0.9'), causes: [] },
  {
    name: 'the name is written in the shortest way',
    document: address('2001:DB8::1'),
    causes: ['metadata.name: Invalid value: "2001:DB8::1": must be in canonical form ("2001:db8::1")'],
  },
  {
    name: 'it belongs to something',
    document: address('10.200.0.9', { resource: 'services' }),
    causes: ['spec.parentRef.name: Required value'],
  },
]) {
  addresses(name, () => assert.equal(new TestServer().create(document).causes, causes));
}

addresses('its owner may not change', () => {
  const server = new TestServer();
  server.create(address('10.200.0.9'));
  assert.match(server.update(address('10.200.0.9', { ...PARENT, name: 'db' })).causes.join(), /: field is immutable/);
});

addresses.run();
