import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ttlAfterFinishedController } from '../../../../src/planner/controllers/ttl-after-finished/ttl-after-finished.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

const ttl = suite('ttl after finished');

for (const { name, type, seconds, gone } of [
  { name: 'a complete Job goes after its time', type: 'Complete', seconds: 30, gone: true },
  { name: 'a failed Job goes after its time', type: 'Failed', seconds: 30, gone: true },
  { name: 'a Job without a time stays', type: 'Complete', seconds: undefined, gone: false },
  { name: 'a Job that is not finished stays', type: 'FailureTarget', seconds: 30, gone: false },
])
  ttl(name, () => {
    const cluster = smallCluster([ttlAfterFinishedController]);
    const lastTransitionTime = new Date(cluster.clock.now).toISOString().replace('.000', '');
    cluster.create({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j', namespace: 'default' },
      spec: seconds === undefined ? {} : { ttlSecondsAfterFinished: seconds },
      status: { conditions: [{ type, status: 'True', lastTransitionTime }] },
    } as never);
    cluster.engine.advance(29_000);
    assert.is(cluster.get('jobs.batch', 'j', 'default')!.metadata.deletionTimestamp, undefined);
    cluster.engine.advance(2000);
    const job = cluster.get('jobs.batch', 'j', 'default');
    assert.is(job?.metadata.finalizers?.includes('foregroundDeletion') ?? false, gone);
  });
ttl.run();
