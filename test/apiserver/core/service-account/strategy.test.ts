import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TestServer } from '../../test-server.ts';

const accounts = suite('ServiceAccount');

accounts('of its secrets only the names are kept, and the old annotation is told', () => {
  const annotations = { 'kubernetes.io/enforce-mountable-secrets': 'true' };
  const { object, warnings } = new TestServer().create({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'a', annotations },
    secrets: [{ name: 's', namespace: 'other', kind: 'Secret' }],
  });
  assert.equal(object['secrets'], [{ name: 's' }]);
  assert.equal(warnings, [
    'metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets',
  ]);
});

accounts.run();
