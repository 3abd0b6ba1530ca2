import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const classes = suite('VolumeAttributesClass');

function attributesClass(fields: Json): Document {
  const metadata = { name: 'gold' };
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttributesClass',
    metadata,
    driverName: 'd.example.com',
    ...fields,
  };
}

classes('it sets something', () => {
  assert.equal(new TestServer().create(attributesClass({})).causes, [
    'parameters: Required value: must contain at least one key/value pair',
  ]);
});

classes('what it sets may not change', () => {
  const server = new TestServer();
  server.create(attributesClass({ parameters: { iops: '100' } }));
  const { causes } = server.update(attributesClass({ parameters: { iops: '200' } }));
  assert.match(causes.join(), /^parameters: /);
});

classes.run();
