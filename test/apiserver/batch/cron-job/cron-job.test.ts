import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CronJob } from '../../../../src/schema/generated/types/batch-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const cronJobs = suite('CronJob');

function cronJob(spec: Json, name = 'c'): Document {
  const template = { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'c', image: 'job:1' }] } };
  const whole = { schedule: '@daily', jobTemplate: { spec: { template } }, ...spec };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec: whole };
}

cronJobs('runs may overlap and a few are kept', () => {
  const { spec } = new TestServer().create(cronJob({})).object as unknown as CronJob;
  assert.is(spec.concurrencyPolicy, 'Allow');
  assert.is(spec.suspend, false);
  assert.is(spec.successfulJobsHistoryLimit, 3);
  assert.is(spec.failedJobsHistoryLimit, 1);
});

for (const { name, spec, causes } of [
  {
    name: 'the schedule must parse',
    spec: { schedule: '60 * * * *' },
    causes: ['spec.schedule: Invalid value: "60 * * * *": end of range (60) above maximum (59): 60'],
  },
  {
    name: 'the schedule of a new one names no zone',
    spec: { schedule: 'TZ=UTC 0 0 * * *' },
    causes: [
      'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ],
  },
  {
    name: 'zones are known by name',
    spec: { timeZone: 'Mars/Olympus' },
    causes: ['spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus'],
  },
  {
    name: 'the zone of the machine is none',
    spec: { timeZone: 'Local' },
    causes: [
      'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    ],
  },
  {
    name: 'overlapping runs have three answers',
    spec: { concurrencyPolicy: 'Queue' },
    causes: ['spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"'],
  },
]) {
  cronJobs(name, () => assert.equal(new TestServer().create(cronJob(spec)).causes, causes));
}

cronJobs('the name leaves room for the names of its Jobs', () => {
  const name = 'c'.repeat(53);
  assert.equal(new TestServer().create(cronJob({}, name)).causes, [
    `metadata.name: Invalid value: "${name}": must be no more than 52 characters`,
  ]);
});

cronJobs('every change of the spec counts', () => {
  const server = new TestServer();
  server.create(cronJob({}));
  assert.is(server.update(cronJob({ schedule: '@hourly', suspend: true })).object.metadata.generation, 2);
});

cronJobs.run();
