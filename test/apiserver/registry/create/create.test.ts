import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TestServer } from '../../test-server.ts';

const creation = suite('create');

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' } };
function posted(resourceVersion: string, dryRun = false) {
  const answer = new TestServer().world.server.handle({
    verb: 'create',
    resource: 'configmaps',
    namespace: 'default',
    object: { ...settings, metadata: { ...settings.metadata, resourceVersion } },
    dryRun,
    cause: { who: 'test' },
  });
  return answer.ok ? [answer.code] : [answer.code, answer.status.reason, answer.status.message];
}

creation('an object that says which version it is cannot come new into the store', () => {
  assert.equal(posted('7'), [500, '', 'resourceVersion should not be set on objects to be created']);
});
creation('what only tries, and what is no version, is let through', () => {
  assert.equal([posted('7', true), posted('0'), posted('x')], [[201], [201], [201]]);
});

creation.run();
