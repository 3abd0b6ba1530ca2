import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CronJob } from '../../../../src/schema/generated/types/batch-v1.ts';
import { outcome, TestCluster, template } from '../pod-control/cluster.ts';

const CRON_JOBS = 'cronjobs.batch';

function started(spec: Readonly<Record<string, unknown>> = {}, isRunning = false): TestCluster {
  const cluster = new TestCluster();
  const pods = template('tick', { restartPolicy: 'Never', ...(isRunning ? { annotations: outcome('running') } : {}) });
  cluster.create({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick' },
    spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: pods } }, ...spec },
  });
  cluster.settle();
  return cluster;
}

const status = (cluster: TestCluster) => cluster.get<CronJob>(CRON_JOBS, 'tick').status;
const annotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

const crons = suite('cronjob-controller');

crons('lets a cluster settle between two runs', () => {
  const cluster = started();
  assert.ok(cluster.settle().settled);
  assert.is(cluster.list('jobs.batch').length, 0);
});

crons('starts a Job at each time, named by the minute, and keeps three that are done', () => {
  const cluster = started({ timeZone: 'Europe/Berlin' });
  cluster.pass(1560);
  const names = cluster.names('jobs.batch');
  assert.equal(names, ['tick-29453775', 'tick-29453780', 'tick-29453785']);
  const [job] = cluster.list('jobs.batch');
  assert.is(job?.metadata.annotations?.[annotation], '2026-01-01T01:15:00+01:00');
  assert.equal(status(cluster).active, undefined);
  assert.is(status(cluster).lastScheduleTime, '2026-01-01T00:25:00Z');
  assert.equal(cluster.events('CronJob').slice(0, 2), [
    'Normal SuccessfulCreate Created job tick-29453765',
    'Normal SawCompletedJob Saw completed job: tick-29453765, condition: Complete',
  ]);
});

for (const { policy, jobs, active } of [
  { policy: 'Allow', jobs: 3, active: 3 },
  { policy: 'Forbid', jobs: 1, active: 1 },
  { policy: 'Replace', jobs: 1, active: 1 },
]) {
  crons(`with ${policy} ${jobs} of 3 runs that do not end are there`, () => {
    const cluster = started({ concurrencyPolicy: policy }, true);
    cluster.pass(960);
    assert.equal([cluster.list('jobs.batch').length, status(cluster).active?.length], [jobs, active]);
  });
}

crons('starts only the last of the runs that it missed while suspended', () => {
  const cluster = started({ suspend: true });
  cluster.pass(1000);
  cluster.change(CRON_JOBS, 'tick', { spec: { suspend: false } });
  cluster.settle();
  assert.equal(cluster.names('jobs.batch'), ['tick-29453775']);
});

crons('starts nothing for a run whose deadline has passed', () => {
  const cluster = started({ suspend: true, startingDeadlineSeconds: 60 });
  cluster.pass(420);
  cluster.change(CRON_JOBS, 'tick', { spec: { suspend: false } });
  cluster.settle();
  assert.is(cluster.list('jobs.batch').length, 0);
});

crons('waits for the next time of a schedule that was changed', () => {
  const cluster = started({ schedule: '0 0 1 1 *' });
  cluster.pass(90);
  cluster.change(CRON_JOBS, 'tick', { spec: { schedule: '* * * * *' } });
  cluster.settle();
  assert.is(cluster.list('jobs.batch').length, 0);
  cluster.pass(60);
  assert.is(cluster.list('jobs.batch').length, 1);
});
crons.run();
