import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Job } from '../../../../src/schema/generated/types/batch-v1.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import { outcome, type TemplateOptions, TestCluster, template } from '../pod-control/cluster.ts';

const JOBS = 'jobs.batch';

function started(spec: Readonly<Record<string, unknown>> = {}, pod: TemplateOptions = {}): TestCluster {
  const cluster = new TestCluster();
  cluster.create({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work' },
    spec: { template: template('work', { restartPolicy: 'Never', ...pod }), ...spec },
  });
  cluster.settle();
  return cluster;
}

const status = (cluster: TestCluster) => cluster.get<Job>(JOBS, 'work').status;
const conditions = (cluster: TestCluster): readonly string[] =>
  (status(cluster).conditions ?? []).map((condition) => `${condition.type} ${condition.status} ${condition.reason}`);
const failing = { annotations: outcome('fail') };
const running = { annotations: outcome('running') };

const jobs = suite('job-controller');

jobs('runs to completion and counts each pod once', () => {
  const cluster = started({ completions: 5, parallelism: 2 });
  cluster.settle();
  const { succeeded, active, uncountedTerminatedPods, ready, terminating, completionTime } = status(cluster);
  assert.equal([succeeded, active, ready, terminating], [5, undefined, 0, 0]);
  assert.equal(uncountedTerminatedPods, {});
  assert.ok(completionTime);
  assert.equal(conditions(cluster), ['SuccessCriteriaMet True CompletionsReached', 'Complete True CompletionsReached']);
  assert.ok(cluster.list<Pod>('pods').every(({ metadata }) => metadata.finalizers === undefined));
  assert.equal(cluster.events('Job'), [
    'Normal SuccessfulCreate Created pod: work-#',
    'Normal Completed Job completed',
  ]);
});

jobs('tries again after 10 s, 20 s … until the back-off limit', () => {
  const cluster = started({ backoffLimit: 2 }, failing);
  const pods: number[] = [];
  for (const seconds of [0, 10, 10, 12]) {
    cluster.pass(seconds);
    pods.push(cluster.list('pods').length);
  }
  assert.equal(pods, [1, 2, 2, 3]);
  cluster.pass(10);
  assert.equal(conditions(cluster), ['FailureTarget True BackoffLimitExceeded', 'Failed True BackoffLimitExceeded']);
  assert.is(status(cluster).failed, 3);
});

jobs('gives each pod of an Indexed Job an index of its own', () => {
  const cluster = started({ completions: 3, parallelism: 3, completionMode: 'Indexed' });
  const pods = cluster.list<Pod>('pods');
  assert.equal(pods.map(({ spec }) => spec.hostname).sort(), ['work-0', 'work-1', 'work-2']);
  assert.ok(pods.every(({ spec }) => spec.containers?.[0]?.env?.some(({ name }) => name === 'JOB_COMPLETION_INDEX')));
  assert.is(status(cluster).completedIndexes, '0-2');
});

jobs('fails indexes one by one when they have limits of their own', () => {
  const spec = { completions: 3, parallelism: 3, completionMode: 'Indexed', backoffLimitPerIndex: 1 };
  const cluster = started(spec, { annotations: { 'kubeplan.dev/fail-indexes': '1' } });
  cluster.pass(20);
  assert.equal(
    [status(cluster).completedIndexes, status(cluster).failedIndexes, status(cluster).failed],
    ['0,2', '1', 2],
  );
  assert.equal(conditions(cluster), ['FailureTarget True FailedIndexes', 'Failed True FailedIndexes']);
  const counts = cluster
    .list<Pod>('pods')
    .map(({ metadata }) => metadata.annotations?.['batch.kubernetes.io/job-index-failure-count']);
  assert.equal(counts.sort(), ['0', '0', '0', '1']);
});

jobs('ends with the success policy and stops the pods that still run', () => {
  const spec = {
    completions: 3,
    parallelism: 3,
    completionMode: 'Indexed',
    successPolicy: { rules: [{ succeededIndexes: '0' }] },
  };
  const cluster = started(spec, { annotations: { 'kubeplan.dev/running-indexes': '1,2' } });
  assert.equal(conditions(cluster), ['SuccessCriteriaMet True SuccessPolicy', 'Complete True SuccessPolicy']);
  assert.is(status(cluster).completedIndexes, '0');
  assert.is(cluster.list('pods').length, 1);
});

jobs('ends at its deadline', () => {
  const cluster = started({ activeDeadlineSeconds: 30 }, running);
  assert.equal([status(cluster).active, status(cluster).ready], [1, 1]);
  cluster.pass(35);
  assert.equal(conditions(cluster), ['FailureTarget True DeadlineExceeded', 'Failed True DeadlineExceeded']);
  assert.is(cluster.list('pods').length, 0);
});

jobs('stops its pods when suspended, without counting them, and starts anew when resumed', () => {
  const cluster = started({ parallelism: 2, completions: 2 }, running);
  cluster.change(JOBS, 'work', { spec: { suspend: true } });
  cluster.settle();
  assert.equal(
    [status(cluster).active, status(cluster).failed, status(cluster).startTime],
    [undefined, undefined, undefined],
  );
  assert.equal(conditions(cluster), ['Suspended True JobSuspended']);
  cluster.change(JOBS, 'work', { spec: { suspend: false } });
  cluster.settle();
  assert.equal(conditions(cluster), ['Suspended False JobResumed']);
  assert.is(status(cluster).active, 2);
});

jobs('fails at once when its failure policy says so', () => {
  const podFailurePolicy = { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }] };
  const cluster = started({ podFailurePolicy, podReplacementPolicy: 'Failed' }, failing);
  assert.equal(conditions(cluster), ['FailureTarget True PodFailurePolicy', 'Failed True PodFailurePolicy']);
  assert.is(cluster.list('pods').length, 1);
});

jobs('leaves its pods without finalizers behind when it is deleted', () => {
  const cluster = started({}, running);
  cluster.delete(JOBS, 'work', 'Orphan');
  cluster.settle();
  const [pod] = cluster.list<Pod>('pods');
  assert.equal([pod?.metadata.finalizers, pod?.metadata.ownerReferences], [undefined, undefined]);
});
jobs.run();
