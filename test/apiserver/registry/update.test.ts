// What an update says before it looks at the fields of its kind: versions, uids, names, owners.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Json, TestServer, type Verdict } from '../test-server.ts';

const update = suite('update');

function updated(metadata: Json, dryRun = true): Verdict {
  const server = new TestServer();
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
  server.create(configMap);
  return server.update({ ...configMap, metadata: { name: 'x', ...metadata } }, { dryRun });
}

update('a version that is no number fails as in Go', () => {
  const { code, message } = updated({ resourceVersion: 'bad' });
  assert.equal([code, message], [500, 'strconv.ParseUint: parsing "bad": invalid syntax']);
});
update('version 0 is any version', () => {
  assert.is(updated({ resourceVersion: '0' }).code, 200);
});
update('another version is a conflict', () => {
  assert.is(updated({ resourceVersion: '99999' }).code, 409);
});
update('a wrong uid names the key, with the prefix of etcd only where etcd was asked', () => {
  assert.match(updated({ uid: 'other' }).message, 'Key: /configmaps/default/x,');
  assert.match(updated({ uid: 'other' }, false).message, 'Key: /registry/configmaps/default/x,');
});
update('a prefix for names is checked as a segment of a path too', () => {
  assert.ok(
    updated({ generateName: 'a/b' }).causes.includes(
      'metadata.generateName: Invalid value: "a/b": may not contain \'/\'',
    ),
  );
});
update('owners of fields that cannot be read are forgotten, the old ones stay', () => {
  assert.is(updated({ managedFields: [{ manager: 'm', operation: 'Bogus' }] }).code, 200);
});
update.run();
