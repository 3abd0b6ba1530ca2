import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const classes = suite('IngressClass');

function ingressClass(spec: Json): Document {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'c' }, spec };
}

const PARAMETERS = { kind: 'IngressParameters', name: 'p' };

for (const { name, spec, causes } of [
  {
    name: 'its controller has a prefix',
    spec: { controller: 'nginx' },
    causes: ['spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")'],
  },
  {
    name: 'parameters say how wide they reach',
    spec: { controller: 'example.com/x', parameters: { ...PARAMETERS, scope: 'Namespace' } },
    causes: ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
  },
]) {
  classes(name, () => assert.equal(new TestServer().create(ingressClass(spec)).causes, causes));
}

classes('parameters reach the whole cluster unless they say otherwise', () => {
  const { object } = new TestServer().create(ingressClass({ controller: 'example.com/x', parameters: PARAMETERS }));
  assert.equal(object['spec'], { controller: 'example.com/x', parameters: { ...PARAMETERS, scope: 'Cluster' } });
});

classes('the controller may not change', () => {
  const server = new TestServer();
  server.create(ingressClass({ controller: 'example.com/x' }));
  assert.equal(server.update(ingressClass({ controller: 'example.com/y' })).causes, [
    'spec.controller: Invalid value: "example.com/y": field is immutable',
  ]);
});

classes.run();
