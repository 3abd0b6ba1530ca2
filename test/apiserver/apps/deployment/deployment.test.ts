import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Deployment } from '../../../../src/schema/generated/types/apps-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const deployments = suite('Deployment');

const LABELS = { app: 'web' };

function template(fields: Json = {}): Json {
  return { metadata: { labels: LABELS }, spec: { containers: [{ name: 'c', image: 'web:1' }], ...fields } };
}

function deployment(spec: Json, fields: Json = {}): Document {
  const metadata = { name: 'web' };
  const whole = { selector: { matchLabels: LABELS }, template: template(), ...spec };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: whole, ...fields };
}

deployments('a small one gets everything else by default', () => {
  const { object } = new TestServer().create(deployment({}));
  const { spec, metadata } = object as unknown as Deployment;
  assert.is(metadata.generation, 1);
  assert.is(spec.replicas, 1);
  assert.is(spec.revisionHistoryLimit, 10);
  assert.is(spec.progressDeadlineSeconds, 600);
  assert.equal(spec.strategy, { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } });
  assert.is(spec.template.spec?.restartPolicy, 'Always');
});

for (const { name, spec, causes } of [
  {
    name: 'the selector must choose the pods of the template',
    spec: { selector: { matchLabels: { app: 'db' } } },
    causes: [
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
  },
  {
    name: 'labels that are given empty are not those that are absent',
    spec: { template: { ...template(), metadata: { labels: {} } } },
    causes: ['spec.template.metadata.labels: Invalid value: {}: `selector` does not match template `labels`'],
  },
  {
    name: 'labels that are absent are null',
    spec: { template: { spec: template().spec } },
    causes: ['spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`'],
  },
  {
    name: 'an empty selector would choose every pod',
    spec: { selector: {} },
    causes: ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
  },
  {
    name: 'pods must be restarted for ever',
    spec: { template: template({ restartPolicy: 'OnFailure' }) },
    causes: ['spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"'],
  },
  {
    name: 'a rolling update must be able to move',
    spec: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } },
    causes: ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0'],
  },
  {
    name: 'the deadline must come after pods are ready',
    spec: { minReadySeconds: 10, progressDeadlineSeconds: 10 },
    causes: ['spec.progressDeadlineSeconds: Invalid value: 10: must be greater than minReadySeconds'],
  },
  {
    name: 'Recreate takes no settings of a rolling update',
    spec: { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } },
    causes: ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
  },
]) {
  deployments(name, () => assert.equal(new TestServer().create(deployment(spec)).causes, causes));
}

deployments('a change of the spec or the annotations counts the generation up, one of the labels does not', () => {
  const server = new TestServer();
  server.create(deployment({}));
  const generationAfter = (document: Document) => server.update(document).object.metadata.generation;
  assert.is(generationAfter(deployment({}, { metadata: { name: 'web', labels: { a: 'b' } } })), 1);
  assert.is(generationAfter(deployment({ replicas: 3 })), 2);
  assert.is(generationAfter(deployment({ replicas: 3 }, { metadata: { name: 'web', annotations: { a: 'b' } } })), 3);
});

deployments('the selector is there to stay', () => {
  const server = new TestServer();
  server.create(deployment({}));
  const labels = { app: 'db' };
  const other = deployment({ selector: { matchLabels: labels }, template: { ...template(), metadata: { labels } } });
  assert.equal(server.update(other).causes, [
    'spec.selector: Invalid value: {"matchLabels":{"app":"db"}}: field is immutable',
  ]);
});

deployments('a write of the status leaves spec and labels alone', () => {
  const server = new TestServer();
  server.create(deployment({}));
  const status = { observedGeneration: 1, replicas: 1, updatedReplicas: 1 };
  const metadata = { name: 'web', labels: { a: 'b' } };
  const { object } = server.update(deployment({ replicas: 7 }, { metadata, status }), { subresource: 'status' });
  const written = object as unknown as Deployment;
  assert.is(written.spec.replicas, 1);
  assert.is(written.metadata.labels, undefined);
  assert.is(written.status.updatedReplicas, 1);
});

deployments('a status cannot have more ready pods than pods', () => {
  const server = new TestServer();
  server.create(deployment({}));
  const status = { replicas: 1, readyReplicas: 2 };
  assert.equal(server.update(deployment({}, { status }), { subresource: 'status' }).causes, [
    'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
  ]);
});

deployments('fields of the template that are on their way out are warned of', () => {
  const { warnings } = new TestServer().create(
    deployment({ template: template({ nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }) }),
  );
  assert.equal(warnings, [
    'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
  ]);
});

deployments.run();
