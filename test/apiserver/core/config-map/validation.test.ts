import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const configMaps = suite('ConfigMap');

function configMap(fields: Json): Document {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, ...fields };
}

configMaps('a key stands in one of the two maps', () => {
  assert.equal(new TestServer().create(configMap({ data: { a: '' }, binaryData: { a: 'AAAA' } })).causes, [
    'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  ]);
});

configMaps('all values together are at most 1 MiB', () => {
  const half = 'x'.repeat(512 * 1024);
  const server = new TestServer();
  assert.is(server.create(configMap({ data: { a: half, b: half } }), { dryRun: true }).code, 201);
  const verdict = server.create(configMap({ data: { a: half, b: half }, binaryData: { c: 'AA==' } }));
  assert.equal(verdict.causes, ['[]: Too long: may not be more than 1048576 bytes']);
});

configMaps('an immutable one stays as it is', () => {
  const server = new TestServer();
  server.create(configMap({ immutable: true, data: { a: '1' } }));
  assert.equal(server.update(configMap({ immutable: true, data: { a: '2' } })).causes, [
    'data: Forbidden: field is immutable when `immutable` is set',
  ]);
});

configMaps.run();
