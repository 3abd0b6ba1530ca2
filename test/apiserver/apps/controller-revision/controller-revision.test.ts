import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const revisions = suite('ControllerRevision');

function revision(fields: Json): Document {
  return { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: 'r' }, revision: 1, ...fields };
}

revisions('it holds an object', () => {
  assert.equal(new TestServer().create(revision({})).causes, ['data: Required value: data is mandatory']);
});

revisions('what it holds may not change, its number may', () => {
  const server = new TestServer();
  server.create(revision({ data: { a: 1 } }));
  assert.is(server.update(revision({ data: { a: 1 }, revision: 2 })).code, 200);
  assert.match(server.update(revision({ data: { a: 2 } })).causes[0]!, /^data: Invalid value: .*: field is immutable$/);
});

revisions('numbers start at zero', () => {
  assert.equal(new TestServer().create(revision({ data: {}, revision: -1 })).causes, [
    'revision: Invalid value: -1: must be greater than or equal to 0',
  ]);
});

revisions.run();
