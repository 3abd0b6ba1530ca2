// The published JSON Schema of the explanation document (`kubeplan schema explain`). A test holds it to pod-explanation.ts.
import { Type } from '@sinclair/typebox';
import { open } from './open-object.ts';

const text = Type.String();
const texts = Type.Array(text);
const count = Type.Integer({ minimum: 0 });
const oneOf = (...values: readonly string[]) => Type.Union(values.map((value) => Type.Literal(value)));

const podRef = { namespace: text, name: text };
const victim = open({ ...podRef, priority: Type.Integer(), startTime: Type.Optional(text) });

const node = open({
  node: text,
  feasible: Type.Boolean(),
  plugin: Type.Optional(text),
  reasons: Type.Optional(texts),
  obstacles: Type.Array(open({ plugin: text, reasons: texts, details: texts })),
  lacks: Type.Optional(text),
  scores: Type.Optional(Type.Array(open({ plugin: text, weight: Type.Integer(), score: Type.Integer() }))),
  total: Type.Optional(Type.Integer()),
});

export const podExplanationSchema = open({
  pod: open(podRef),
  outcome: oneOf('scheduled', 'given', 'unschedulable', 'gated', 'foreign'),
  node: Type.Optional(text),
  message: Type.Optional(text),
  at: Type.Optional(Type.Integer()),
  profile: text,
  nodes: Type.Array(node),
  best: texts,
  zones: Type.Optional(open({ allowed: texts, of: count })),
  remedies: Type.Array(open({ at: oneOf('pod', 'node', 'cluster'), change: text, nodes: texts })),
  preemption: Type.Optional(
    open({
      node: text,
      victims: Type.Array(victim),
      spared: Type.Array(victim),
      candidates: Type.Array(open({ node: text, victims: count, violations: count, highestPriority: Type.Integer() })),
      why: text,
    }),
  ),
  group: Type.Optional(
    open({
      name: text,
      exists: Type.Boolean(),
      minCount: Type.Optional(count),
      topology: Type.Optional(text),
      claims: Type.Optional(
        Type.Array(open({ name: text, claim: Type.Optional(text), devices: texts, isReserved: Type.Boolean() })),
      ),
      pods: count,
      placed: count,
      message: Type.Optional(text),
    }),
  ),
});

export const explanationSchema = Type.Object(
  {
    apiVersion: Type.Literal('kubeplan.dev/v1'),
    kind: Type.Literal('Explanation'),
    formatVersion: Type.String({ pattern: '^1\\.\\d+$' }),
    kubernetesVersion: text,
    pods: Type.Array(podExplanationSchema),
  },
  { additionalProperties: true, $id: 'https://kubeplan.dev/schemas/explanation-v1.json', title: 'Explanation' },
);
