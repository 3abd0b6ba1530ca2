import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const classes = suite('RuntimeClass');

function runtimeClass(fields: Json): Document {
  return { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'r' }, handler: 'runsc', ...fields };
}

const toleration = { key: 'a', operator: 'Exists' };

for (const { name, fields, causes } of [
  {
    name: 'a handler is a label',
    fields: { handler: 'a.b' },
    causes: ['handler: Invalid value: "a.b": must not contain dots'],
  },
  {
    name: 'an overhead is of resources that containers have',
    fields: { overhead: { podFixed: { pods: '1' } } },
    causes: ['overhead.limits[pods]: Invalid value: "pods": must be a standard resource for containers'],
  },
  {
    name: 'a toleration occurs once',
    fields: { scheduling: { tolerations: [toleration, toleration] } },
    causes: [
      'scheduling.tolerations[1]: Duplicate value: {"Key":"a","Operator":"Exists","Value":"","Effect":"","TolerationSeconds":null}',
    ],
  },
]) {
  classes(name, () => assert.equal(new TestServer().create(runtimeClass(fields)).causes, causes));
}

classes('the handler does not change, and old labels of nodes are told', () => {
  const server = new TestServer();
  const scheduling = { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } };
  const { object, warnings } = server.create(runtimeClass({ scheduling }));
  assert.equal(warnings, ['scheduling.nodeSelector: deprecated since v1.14; use "kubernetes.io/os" instead']);
  const { resourceVersion } = object.metadata;
  const next = { ...runtimeClass({ handler: 'other' }), metadata: { name: 'r', resourceVersion } };
  assert.equal(server.update(next).causes, ['handler: Invalid value: "other": field is immutable']);
});

classes.run();
