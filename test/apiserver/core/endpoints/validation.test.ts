import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const endpoints = suite('Endpoints');

function of(...subsets: readonly Json[]): Document {
  return { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'e' }, subsets };
}

for (const { name, subset, causes } of [
  {
    name: 'a subset has addresses',
    subset: { ports: [{ port: 80 }] },
    causes: ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`'],
  },
  {
    name: 'an address that is none is told twice',
    subset: { addresses: [{ ip: 'x' }] },
    causes: [
      'subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address',
    ],
  },
  {
    name: 'several ports have names',
    subset: { addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }, { port: 81, name: 'b' }] },
    causes: ['subsets[0].ports[0].name: Required value'],
  },
]) {
  endpoints(name, () => assert.equal(new TestServer().create(of(subset)).causes, causes));
}

endpoints('an address in an unusual form is told, unless the controller wrote it', () => {
  const document = of({ addresses: [{ ip: '2001:DB8::1' }] });
  const server = new TestServer();
  const DEPRECATED = 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';
  const [unusual, ...others] = server.create(document, { dryRun: true }).warnings.filter((text) => text !== DEPRECATED);
  assert.match(unusual ?? '', 'subsets[0].addresses[0].ip');
  assert.equal(others, []);
  const labels = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };
  assert.equal(server.create({ ...document, metadata: { name: 'e', labels } }).warnings, [DEPRECATED]);
});

endpoints.run();
