import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namespaceLifecycle } from '../../../src/apiserver/admission/namespace-lifecycle.ts';
import { ask, makeNamespace, makePod } from './ask.ts';

const lifecycle = suite('NamespaceLifecycle');
const terminating = { ...makeNamespace(), status: { phase: 'Terminating' } };

lifecycle('nothing is created in a namespace that is missing', () => {
  const { refused, code } = ask(namespaceLifecycle, { object: makePod() });
  assert.is(code, 404);
  assert.is(refused, 'namespaces "ns" not found');
});

lifecycle('nothing is created in a namespace that is being deleted', () => {
  const { refused, code, causes } = ask(namespaceLifecycle, { object: makePod(), state: [terminating] });
  assert.is(code, 403);
  assert.is(
    refused,
    'pods "p" is forbidden: unable to create new content in namespace ns because it is being terminated',
  );
  assert.equal(causes, [
    { reason: 'NamespaceTerminating', message: 'namespace ns is being terminated', field: 'metadata.namespace' },
  ]);
});

lifecycle('a name that is still to be generated is told by its prefix', () => {
  const object = makePod({}, { name: undefined, generateName: 'web-' });
  assert.match(ask(namespaceLifecycle, { object, state: [terminating] }).refused ?? '', /^pods "web-" is forbidden/);
});

for (const { name, question } of [
  { name: 'in an active namespace', question: { object: makePod(), state: [makeNamespace()] } },
  { name: 'an update in one being deleted', question: { object: makePod(), old: makePod(), state: [terminating] } },
  { name: 'a delete in a missing one', question: { old: makePod(), operation: 'DELETE' as const } },
  { name: 'a namespace itself', question: { object: makeNamespace() } },
  { name: 'what has no namespace', question: { object: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } } } },
])
  lifecycle(`passes: ${name}`, () => assert.is(ask(namespaceLifecycle, question).refused, undefined));

for (const name of ['default', 'kube-system', 'kube-public'])
  lifecycle(`namespace ${name} cannot be deleted`, () => {
    const { refused } = ask(namespaceLifecycle, { old: makeNamespace({}, name), operation: 'DELETE' });
    assert.is(refused, `namespaces "${name}" is forbidden: this namespace may not be deleted`);
  });

lifecycle('any other namespace can be deleted', () => {
  const { refused } = ask(namespaceLifecycle, { old: makeNamespace({}, 'kube-node-lease'), operation: 'DELETE' });
  assert.is(refused, undefined);
});

lifecycle.run();
