// How a pod gets its node.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accepted, causesOf, type Json, PodServer, podDraft } from './pod-server.ts';

const binding = suite('pods/binding');

const toNode = (name: string, metadata: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name: 'web', ...metadata },
  target: { kind: 'Node', name },
});

function withPod(spec: Json = {}): PodServer {
  const server = new PodServer();
  accepted(server.create(podDraft(spec)));
  return server;
}

binding('a pod that is bound has its node, and is scheduled', () => {
  const server = withPod();
  const answer = server.post('binding', 'web', toNode('n1', { annotations: { a: '1' }, labels: { zone: 'z1' } }));
  assert.is(answer.code, 201);
  const { metadata, spec, status } = server.get('web');
  assert.is(spec.nodeName, 'n1');
  assert.equal([metadata.annotations, metadata.labels, metadata.generation], [{ a: '1' }, { zone: 'z1' }, 1]);
  assert.equal(status.conditions, [
    { type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ]);
});

for (const { name, spec, body, refusal } of [
  {
    name: 'a pod that has a node keeps it',
    spec: { nodeName: 'n1' },
    body: toNode('n2'),
    refusal: 'Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "n1"',
  },
  {
    name: 'a gated pod is not bound',
    spec: { schedulingGates: [{ name: 'a' }] },
    body: toNode('n1'),
    refusal: 'Operation cannot be fulfilled on pods/binding "web": pod web has non-empty .spec.schedulingGates',
  },
  {
    name: 'a binding is of the pod that it is posted to',
    body: toNode('n1', { name: 'other' }),
    refusal: 'name in URL does not match name in Binding object',
  },
  {
    name: 'a binding names a node',
    body: { ...toNode('n1'), target: { kind: 'Minion', name: '' } },
    refusal:
      '[target.kind: Unsupported value: "Minion": supported values: "Node", "<empty>", target.name: Required value]',
  },
] as readonly { name: string; spec?: Json; body: Json; refusal: string }[]) {
  binding(name, () => {
    assert.equal(causesOf(withPod(spec).post('binding', 'web', body)), [refusal]);
  });
}

binding.run();
