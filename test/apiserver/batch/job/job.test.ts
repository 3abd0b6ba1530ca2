import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Job } from '../../../../src/schema/generated/types/batch-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const jobs = suite('Job');

function template(spec: Json = {}, metadata: Json = {}): Json {
  return { metadata, spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'job:1' }], ...spec } };
}

function job(spec: Json = {}, fields: Json = {}): Document {
  const whole = { template: template(), ...spec };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, spec: whole, ...fields };
}

jobs('selector and pod labels come from name and uid', () => {
  const { metadata, spec } = new TestServer().create(job()).object as unknown as Job;
  const { uid } = metadata;
  assert.equal(spec.selector, { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
  assert.equal(spec.template.metadata.labels, {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': 'j',
    'controller-uid': uid,
    'job-name': 'j',
  });
});

jobs('a Job without labels takes those of its template, generated ones too', () => {
  const labels = { a: 'b' };
  const created = (fields: Json) =>
    new TestServer().create(job({ template: template({}, { labels }) }, fields)).object as unknown as Job;
  const { metadata, spec } = created({});
  assert.is(metadata.labels?.['a'], 'b');
  assert.equal(metadata.labels, spec.template.metadata.labels);
  assert.equal(created({ metadata: { name: 'j', labels: { own: 'x' } } }).metadata.labels, { own: 'x' });
});

jobs('it runs once, retries six times and replaces pods at once', () => {
  const { spec } = new TestServer().create(job()).object as unknown as Job;
  assert.is(spec.completions, 1);
  assert.is(spec.parallelism, 1);
  assert.is(spec.backoffLimit, 6);
  assert.is(spec.completionMode, 'NonIndexed');
  assert.is(spec.podReplacementPolicy, 'TerminatingOrFailed');
});

jobs('given parallelism alone it is a work queue without completions', () => {
  const { spec } = new TestServer().create(job({ parallelism: 2 })).object as unknown as Job;
  assert.is(spec.completions, undefined);
});

const INDEXED = { completionMode: 'Indexed', completions: 4 };
const EXIT_RULE = { action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } };

for (const { name, spec, causes } of [
  {
    name: 'pods of a Job end',
    spec: { template: template({ restartPolicy: 'Always' }) },
    causes: ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
  },
  {
    name: 'an indexed Job counts its completions',
    spec: { completionMode: 'Indexed', parallelism: 2 },
    causes: ['spec.completions: Required value: when completion mode is Indexed'],
  },
  {
    name: 'the backoff limit of an index needs indexes',
    spec: { backoffLimitPerIndex: 1 },
    causes: ['spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode'],
  },
  {
    name: 'indexes may fail only where they have a limit',
    spec: { ...INDEXED, maxFailedIndexes: 1 },
    causes: ['spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified'],
  },
  {
    name: 'a failure policy sees only pods that are not restarted',
    spec: { template: template({ restartPolicy: 'OnFailure' }), podFailurePolicy: { rules: [EXIT_RULE] } },
    causes: [
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ],
  },
  {
    name: 'exit codes differ and are sorted',
    spec: { podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [2, 1, 1] } }] } },
    causes: [
      'spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 1',
      'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,1,1]: must be ordered',
    ],
  },
  {
    name: 'a rule of success names indexes that there are',
    spec: { ...INDEXED, successPolicy: { rules: [{ succeededIndexes: '0-9' }] } },
    causes: [
      'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-9": error parsing succeededIndexes: too large index: "9"',
    ],
  },
  {
    name: 'only a Job that somebody else manages names its manager with a prefix',
    spec: { managedBy: 'kueue' },
    causes: ['spec.managedBy: Invalid value: "kueue": must be a domain-prefixed path (such as "acme.io/foo")'],
  },
]) {
  jobs(name, () => assert.equal(new TestServer().create(job(spec)).causes, causes));
}

jobs('a selector of the own must be announced', () => {
  const labels = { app: 'x' };
  const fields = { selector: { matchLabels: labels }, template: template({}, { labels }) };
  assert.is(new TestServer().create(job({ ...fields, manualSelector: true })).code, 201);
  const uid = 'batch.kubernetes.io/controller-uid';
  const stolen = { selector: { matchLabels: { [uid]: 'x' } }, template: template({}, { labels: { [uid]: 'x' } }) };
  const { causes } = new TestServer().create(job(stolen));
  assert.match(
    causes.join(),
    'spec.selector: Invalid value: {"matchLabels":{"batch.kubernetes.io/controller-uid":"x"}}: `selector` not auto-generated',
  );
});

jobs('parallelism and suspension may change, the template may not', () => {
  const server = new TestServer();
  const { spec } = server.create(job()).object as unknown as Job;
  const change = (fields: Json) => server.update(job({ ...spec, ...fields }));
  const other = template({ containers: [{ name: 'c', image: 'job:2' }] }, spec.template.metadata as unknown as Json);
  assert.match(change({ template: other }).causes.join(), /^spec\.template: Invalid value: .*: field is immutable$/);
  assert.is(change({ parallelism: 3, suspend: true, activeDeadlineSeconds: 60, backoffLimit: 1 }).code, 200);
});

jobs('a suspended Job that never ran may be sent elsewhere', () => {
  const server = new TestServer();
  const { spec } = server.create(job({ suspend: true })).object as unknown as Job;
  const elsewhere = { ...spec.template.spec, nodeSelector: { zone: 'b' } };
  const { code, object } = server.update(job({ ...spec, template: { ...spec.template, spec: elsewhere } }));
  assert.is(code, 200);
  assert.is(object.metadata.generation, 2);
});

jobs('completions grow with parallelism where they are indexed', () => {
  const server = new TestServer();
  const { spec } = server.create(job({ ...INDEXED, parallelism: 4 })).object as unknown as Job;
  assert.is(server.update(job({ ...spec, completions: 5, parallelism: 5 })).code, 200);
  assert.equal(server.update(job({ ...spec, completions: 7, parallelism: 5 })).causes, [
    'spec.completions: Invalid value: 7: can only be modified in tandem with spec.parallelism',
  ]);
});

jobs('a status is judged by what it said before', () => {
  const server = new TestServer();
  const { spec } = server.create(job()).object as unknown as Job;
  const write = (status: Json) => server.update(job(spec as unknown as Json, { status }), { subresource: 'status' });
  assert.is(write({ startTime: '2026-01-01T00:00:00Z', active: 1, ready: 0 }).code, 200);
  const complete = { type: 'Complete', status: 'True' };
  const times = { startTime: '2026-01-01T00:00:00Z', completionTime: '2026-01-01T00:00:00Z' };
  assert.equal(write({ ...times, succeeded: 1, conditions: [complete] }).causes, [
    'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
  ]);
  const met = { type: 'SuccessCriteriaMet', status: 'True' };
  assert.is(write({ ...times, succeeded: 1, conditions: [met, complete] }).code, 200);
});

jobs('many indexes at once are warned of', () => {
  const spec = { completionMode: 'Indexed', completions: 200_000, parallelism: 20_000 };
  const { warnings } = new TestServer().create(job(spec));
  assert.match(warnings.join(), /^spec: In Indexed Jobs with a number of completions higher than 10\^5/);
});

jobs.run();
