import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DaemonSet } from '../../../../src/schema/generated/types/apps-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const daemonSets = suite('DaemonSet');

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function daemonSet(image: string, spec: Json = {}, metadata: Json = {}): Document {
  const template = { metadata: { labels: { app: 'log' } }, spec: { containers: [{ name: 'c', image }] } };
  const whole = { selector: { matchLabels: { app: 'log' } }, template, ...spec };
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'log', ...metadata }, spec: whole };
}

daemonSets('a new one updates by rolling, one node at a time', () => {
  const { object } = new TestServer().create(daemonSet('log:1'));
  const { spec, metadata } = object as unknown as DaemonSet;
  assert.equal(spec.updateStrategy, { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
  assert.is(metadata.annotations?.[TEMPLATE_GENERATION], '1');
});

daemonSets('the annotation counts the templates, the generation counts every spec', () => {
  const server = new TestServer();
  server.create(daemonSet('log:1'));
  const metadata = { annotations: { [TEMPLATE_GENERATION]: '1' } };
  const counts = (document: Document) => {
    const { generation, annotations } = server.update(document).object.metadata;
    return [generation, annotations?.[TEMPLATE_GENERATION]];
  };
  assert.equal(counts(daemonSet('log:1', { minReadySeconds: 5 }, metadata)), [2, '1']);
  assert.equal(counts(daemonSet('log:2', { minReadySeconds: 5 }, metadata)), [3, '2']);
});

for (const { name, spec, causes } of [
  {
    name: 'new pods come before old ones go, or after, not both',
    spec: { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } },
    causes: [
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
    ],
  },
  {
    name: 'an update must be able to move',
    spec: { updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
    causes: ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
  },
  {
    name: 'the strategy is one that there is',
    spec: { updateStrategy: { type: 'Recreate' } },
    causes: [
      'spec.updateStrategy: Unsupported value: {"Type":"Recreate","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
    ],
  },
]) {
  daemonSets(name, () => assert.equal(new TestServer().create(daemonSet('log:1', spec)).causes, causes));
}

daemonSets('a write of the status counts nothing', () => {
  const server = new TestServer();
  server.create(daemonSet('log:1'));
  const status = { currentNumberScheduled: 1, numberMisscheduled: 0, desiredNumberScheduled: 1, numberReady: 1 };
  const { object } = server.update({ ...daemonSet('log:2'), status }, { subresource: 'status' });
  assert.is(object.metadata.generation, 1);
  assert.is(object.metadata.annotations?.[TEMPLATE_GENERATION], '1');
  assert.is((object as unknown as DaemonSet).spec?.template?.spec?.containers?.[0]?.image, 'log:1');
});

daemonSets.run();
