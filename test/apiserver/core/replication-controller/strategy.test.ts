// What the API server makes of ReplicationControllers.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReplicationController } from '../../../../src/schema/generated/types/core-v1.ts';
import { accepted, causesOf, type Draft, type Json, PodServer, podDraft } from '../pod/pod-server.ts';

const template = (labels: Json = { app: 'web' }, spec: Json = {}) => ({
  metadata: { labels },
  spec: podDraft(spec)['spec'],
});
const draft = (spec: Json = {}, metadata: Json = {}): Draft => ({
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name: 'web', ...metadata },
  spec: { template: template(), ...spec },
});

const controllers = suite('replication controllers');

controllers('labels of the template become the selector and the labels of the controller', () => {
  const server = new PodServer();
  const { metadata, spec, status } = accepted<ReplicationController>(server.create(draft()));
  assert.equal([metadata.labels, spec.selector, spec.replicas], [{ app: 'web' }, { app: 'web' }, 1]);
  assert.equal([metadata.generation, status], [1, { replicas: 0 }]);
});

for (const { name, spec, causes } of [
  {
    name: 'a selector selects the template',
    spec: { selector: { app: 'other' } },
    causes: [
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
  },
  {
    name: 'there is a template',
    spec: { template: null, selector: { a: 'b' } },
    causes: ['spec.template: Required value'],
  },
  {
    name: 'replicas always run',
    spec: { replicas: -1, template: template({ app: 'web' }, { restartPolicy: 'Never' }) },
    causes: [
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
  },
] as readonly { name: string; spec: Json; causes: readonly string[] }[]) {
  controllers(name, () => {
    assert.equal(causesOf(new PodServer().create(draft(spec))), causes);
  });
}

controllers('a change of the spec is a generation; the status is written apart', () => {
  const server = new PodServer();
  const created = accepted<ReplicationController>(server.create(draft()));
  const scaled = accepted<ReplicationController>(server.update(draft({ replicas: 2 })));
  assert.equal([scaled.metadata.generation, scaled.status], [2, created.status]);
  const status = { replicas: 2, fullyLabeledReplicas: 2 };
  const reported = { ...scaled, spec: { ...scaled.spec, replicas: 5 }, status } as ReplicationController;
  const next = accepted<ReplicationController>(server.update(reported, 'status'));
  assert.equal([next.spec.replicas, next.status, next.metadata.generation], [2, status, 2]);
});

controllers.run();
