import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReplicaSet } from '../../../../src/schema/generated/types/apps-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const replicaSets = suite('ReplicaSet');

function replicaSet(spec: Json, fields: Json = {}): Document {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'web:1' }] } };
  const whole = { selector: { matchLabels: { app: 'web' } }, template, ...spec };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web' }, spec: whole, ...fields };
}

replicaSets('it starts with one replica and an empty status', () => {
  const { object } = new TestServer().create(replicaSet({}, { status: { replicas: 4 } }));
  const { spec, status } = object as unknown as ReplicaSet;
  assert.is(spec.replicas, 1);
  assert.equal(status, { replicas: 0 });
});

replicaSets('a template without its labels is refused', () => {
  const template = { spec: { containers: [{ name: 'c', image: 'web:1' }] } };
  assert.equal(new TestServer().create(replicaSet({ template })).causes, [
    'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
  ]);
});

replicaSets('negative replicas are refused', () => {
  assert.equal(new TestServer().create(replicaSet({ replicas: -1 })).causes, [
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ]);
});

replicaSets('its selector may not change', () => {
  const server = new TestServer();
  server.create(replicaSet({}));
  const { causes } = server.update(replicaSet({ selector: { matchLabels: { app: 'web', tier: 'a' } } }));
  assert.equal(causes, [
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    'spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"a"}}: field is immutable',
  ]);
});

replicaSets('a status may not count more pods available than ready', () => {
  const server = new TestServer();
  server.create(replicaSet({}));
  const status = { replicas: 3, readyReplicas: 1, availableReplicas: 2 };
  assert.equal(server.update(replicaSet({}, { status }), { subresource: 'status' }).causes, [
    'status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas',
  ]);
});

replicaSets('a name that cannot be a host name is warned of', () => {
  const { code, warnings } = new TestServer().create(replicaSet({}, { metadata: { name: 'web.v1' } }));
  assert.is(code, 201);
  assert.match(warnings.join(), /^metadata\.name: this is used in Pod names and hostnames/);
});

replicaSets.run();
