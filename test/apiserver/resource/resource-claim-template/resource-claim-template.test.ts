import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const templates = suite('ResourceClaimTemplate');

const GPU = { name: 'gpu', exactly: { deviceClassName: 'gpu.example.com' } };

function template(requests: readonly Json[], metadata: Json = {}): Document {
  const spec = { metadata, spec: { devices: { requests } } };
  return { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaimTemplate', metadata: { name: 't' }, spec };
}

templates('claims made from it have labels, but no owners', () => {
  const { code } = new TestServer().create(template([GPU], { labels: { a: 'b' } }));
  assert.is(code, 201);
  assert.equal(new TestServer().create(template([GPU], { finalizers: ['example.com/x'] })).causes, [
    'spec.metadata.finalizers: Forbidden: cannot be set',
  ]);
});

templates('its claims are judged as claims are', () => {
  assert.equal(new TestServer().create(template([GPU, GPU])).causes, [
    'spec.spec.devices.requests[1]: Duplicate value: "gpu"',
  ]);
});

templates('it may not change', () => {
  const server = new TestServer();
  server.create(template([GPU]));
  const { causes } = server.update(template([{ ...GPU, name: 'other' }]));
  assert.match(causes.join(), /^spec: Invalid value: .*: field is immutable$/);
});

templates('what it would be stands in the order of its fields', () => {
  const server = new TestServer();
  server.create(template([GPU]));
  const { causes } = server.update(template([GPU], { finalizers: ['a/b'], labels: { x: 'y' } }));
  assert.match(causes.join(), 'spec: Invalid value: {"labels":{"x":"y"},"finalizers":["a/b"],"Spec":');
});

templates.run();
