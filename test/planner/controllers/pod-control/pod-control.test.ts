import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { podFromTemplate, slowStartBatch } from '../../../../src/planner/controllers/pod-control/pod-control.ts';
import { SyncError } from '../../../../src/planner/controllers/pod-control/refused-request.ts';

const batches = suite('slow start');
for (const { name, count, failing, attempts, successes } of [
  { name: 'all succeed', count: 10, failing: [], attempts: 10, successes: 10 },
  { name: 'the first fails: nothing else is tried', count: 10, failing: [0], attempts: 1, successes: 0 },
  { name: 'the batch with the failure is still done', count: 10, failing: [3], attempts: 7, successes: 6 },
  { name: 'nothing to do', count: 0, failing: [], attempts: 0, successes: 0 },
]) {
  batches(name, () => {
    let tried = 0;
    const result = slowStartBatch(count, (index) => {
      tried += 1;
      if (failing.includes(index)) throw new SyncError('no');
    });
    assert.equal(
      [tried, result.successes, result.error?.message],
      [attempts, successes, failing.length > 0 ? 'no' : undefined],
    );
  });
}
batches.run();

const pods = suite('pods from templates');
const parent = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name, namespace: 'default' },
});

pods('have the name of their parent and a dash, if that is a name', () => {
  const prefix = (name: string) =>
    podFromTemplate({ metadata: {}, spec: {} }, parent(name), undefined).metadata.generateName;
  assert.is(prefix('web'), 'web-');
  assert.is(prefix('w'.repeat(253)), 'w'.repeat(253));
});

pods('keep labels, annotations and finalizers, but no empty ones', () => {
  const metadata = { labels: { app: 'web' }, annotations: {}, finalizers: ['example.com/f'], name: 'ignored' };
  const pod = podFromTemplate({ metadata, spec: { restartPolicy: 'Always' } }, parent('web'), undefined);
  assert.equal(pod.metadata, {
    generateName: 'web-',
    namespace: 'default',
    labels: { app: 'web' },
    finalizers: ['example.com/f'],
  });
});
pods.run();
