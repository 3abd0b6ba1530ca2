import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  annotationsAfterRollback,
  lastRevision,
  newReplicaSetAnnotations,
} from '../../../../src/planner/controllers/deployment/annotations.ts';
import type { Deployment } from '../../../../src/schema/generated/types/apps-v1.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';

function deployment(annotations: Readonly<Record<string, string>>): Deployment {
  const spec = { template: { metadata: {}, spec: {} }, strategy: {} };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', annotations }, spec, status: {} };
}

const annotations = suite('annotations of ReplicaSets');
for (const { name, own, before, revision, expected } of [
  {
    name: 'those of the Deployment are copied, its bookkeeping is not',
    own: { team: 'a', [REVISION]: '7', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    before: {},
    revision: 1n,
    expected: { team: 'a', [REVISION]: '1' },
  },
  {
    name: 'a raised revision leaves the one before in the history',
    own: {},
    before: { [REVISION]: '2', [HISTORY]: '1' },
    revision: 5n,
    expected: { [REVISION]: '5', [HISTORY]: '1,2' },
  },
  {
    name: 'a revision never falls',
    own: {},
    before: { [REVISION]: '9' },
    revision: 5n,
    expected: { [REVISION]: '9' },
  },
  {
    name: 'a revision that does not read stops everything',
    own: { team: 'a' },
    before: { [REVISION]: 'x' },
    revision: 5n,
    expected: { [REVISION]: 'x' },
  },
]) {
  annotations(name, () => assert.equal(newReplicaSetAnnotations(deployment(own), before, revision), expected));
}

annotations('the oldest revisions make room when the history is 2000 characters long', () => {
  const history = Array.from({ length: 500 }, (_, i) => String(i + 100)).join(',');
  const { [HISTORY]: longer = '' } = newReplicaSetAnnotations(
    deployment({}),
    { [REVISION]: '700', [HISTORY]: history },
    701n,
  );
  assert.ok(longer.length <= 2000);
  assert.ok(longer.startsWith('101,') && longer.endsWith(',599,700'));
});

annotations('a rollback brings the old annotations back and keeps the bookkeeping', () => {
  const after = annotationsAfterRollback({ team: 'b', [REVISION]: '3' }, { team: 'a', [REVISION]: '1', extra: 'x' });
  assert.equal(after, { team: 'a', [REVISION]: '3', extra: 'x' });
});

annotations('the last revision is the second highest', () => {
  const set = (revision: string) => ({ ...deployment({ [REVISION]: revision }) });
  assert.is(lastRevision(['1', '4', '3', 'x'].map(set)), 3n);
  assert.is(lastRevision([set('1')]), 0n);
});
annotations.run();
