import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Namespace } from '../../../../src/schema/generated/types/core-v1.ts';
import { type Document, TestServer } from '../../test-server.ts';

const namespaces = suite('Namespace');

const shop: Document = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

function stored(server: TestServer): Namespace | undefined {
  return server.find('v1', 'Namespace', 'shop') as Namespace | undefined;
}

namespaces('a new one is active, finalized by Kubernetes and labelled with its name', () => {
  const server = new TestServer();
  server.create({ ...shop, status: { phase: 'Terminating' } });
  const { metadata, spec, status } = stored(server)!;
  assert.equal(metadata.labels, { 'kubernetes.io/metadata.name': 'shop' });
  assert.equal(spec.finalizers, ['kubernetes']);
  assert.equal(status, { phase: 'Active' });
});

namespaces('deletion turns it Terminating, and the last finalizer removes it', () => {
  const server = new TestServer();
  server.create(shop);
  assert.is(server.delete('v1', 'Namespace', 'shop').code, 200);
  assert.is(stored(server)?.status.phase, 'Terminating');
  assert.is(server.delete('v1', 'Namespace', 'shop').code, 200);
  assert.is.not(stored(server), undefined);
  const answer = server.update({ ...shop, spec: { finalizers: [] } }, { subresource: 'finalize' });
  assert.is(answer.code, 200);
  assert.is(stored(server), undefined);
});

namespaces('an ordinary update cannot touch finalizers or status', () => {
  const server = new TestServer();
  server.create(shop);
  server.update({ ...shop, spec: { finalizers: [] }, status: { phase: 'Terminating' } });
  assert.equal(stored(server)?.spec.finalizers, ['kubernetes']);
  assert.is(stored(server)?.status.phase, 'Active');
});

namespaces('a phase must fit the deletion timestamp', () => {
  const server = new TestServer();
  server.create(shop);
  assert.equal(server.update({ ...shop, status: { phase: 'Terminating' } }, { subresource: 'status' }).causes, [
    `status.Phase: Invalid value: "Terminating": may only be 'Active' if \`deletionTimestamp\` is empty`,
  ]);
});

namespaces('a finalizer without a domain must be a known one', () => {
  assert.equal(new TestServer().create({ ...shop, spec: { finalizers: ['mine'] } }).causes, [
    'spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
  ]);
});

namespaces.run();
