import type { Static } from '@sinclair/typebox';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseManifests } from '../../../src/manifests/manifest.ts';
import { explainPods } from '../../../src/planner/explain/explain-pod.ts';
import type { Explanation, PodExplanation, PodRef } from '../../../src/planner/explain/pod-explanation.ts';
import { podsOf } from '../../../src/planner/explain/subjects.ts';
import { makePlan } from '../../../src/planner/make-plan.ts';
import { loadParts } from '../../../src/planner/parts.ts';
import { explanationText } from '../../../src/report/explanation/text.ts';
import { explanationSchema, type podExplanationSchema } from '../../../src/report/json/explanation-schema.ts';
import { compileSchema } from '../../../src/schema/ajv.ts';

const parts = await loadParts();
const kubernetes = { version: '1.36', featureGates: {}, flags: {} } as const;

const CLUSTER = `
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high}
value: 100
---
apiVersion: v1
kind: Node
metadata: {name: a, labels: {kubernetes.io/hostname: a, topology.kubernetes.io/zone: z1}}
status: {allocatable: {cpu: "4", memory: 8Gi, pods: "10"}, capacity: {cpu: "4", memory: 8Gi, pods: "10"}, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Node
metadata: {name: b, labels: {kubernetes.io/hostname: b, topology.kubernetes.io/zone: z2}}
status: {allocatable: {cpu: "4", memory: 8Gi, pods: "10"}, capacity: {cpu: "4", memory: 8Gi, pods: "10"}, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Node
metadata: {name: c, labels: {kubernetes.io/hostname: c, topology.kubernetes.io/zone: z3}}
spec: {taints: [{key: dedicated, value: gpu, effect: NoSchedule}]}
status: {allocatable: {cpu: "8", memory: 8Gi, pods: "10"}, capacity: {cpu: "8", memory: 8Gi, pods: "10"}, conditions: [{type: Ready, status: "True"}]}
`;

function podOf(name: string, cpu: string, more = ''): string {
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: default}
spec:
  containers: [{name: main, image: nginx, resources: {requests: {cpu: "${cpu}"}}}]${more}
`;
}

function explainAll(manifests: readonly string[], cluster: readonly string[], pods: readonly string[]): Explanation {
  const objects = parseManifests('cluster.yaml', [CLUSTER, ...cluster].join('\n---\n')).manifests;
  const { world, appliedAt } = makePlan({
    kubernetes,
    manifests: parseManifests('web.yaml', manifests.join('\n---\n')).manifests,
    cluster: { objects },
    defaultNamespace: 'default',
    parts,
  });
  const refs: PodRef[] = pods.flatMap((subject) => {
    const found = podsOf(world, subject, 'default');
    if ('problem' in found) throw new Error(found.problem);
    return found.pods;
  });
  return explainPods(world, refs, { kubernetes, appliedAt });
}

function explain(manifests: readonly string[], cluster: readonly string[], pod: string): PodExplanation {
  return explainAll(manifests, cluster, [`pod/${pod}`]).pods[0]!;
}

const running = (name: string, node: string, cpu: string, priority: number, start: string): string =>
  `${podOf(name, cpu, `\n  nodeName: ${node}\n  priority: ${priority}`)}status: {phase: Running, startTime: "${start}", conditions: [{type: Ready, status: "True"}]}\n`;

const explained = suite('explained pods');

explained('a pod that waits is told what each node lacks and what would let it in', () => {
  const { outcome, nodes, remedies, message } = explain([podOf('big', '6')], [], 'big');
  assert.is(outcome, 'unschedulable');
  assert.match(message ?? '', /^0\/3 nodes are available: 1 node\(s\) had untolerated taint\(s\), 2 Insufficient cpu/);
  assert.equal(
    nodes.map(({ node, plugin, lacks }) => [node, plugin, lacks]),
    [
      ['a', 'NodeResourcesFit', '+2 cpu'],
      ['b', 'NodeResourcesFit', '+2 cpu'],
      ['c', 'TaintToleration', 'only the taint dedicated=gpu:NoSchedule'],
    ],
  );
  assert.equal(
    remedies.map(({ change, nodes: on }) => `${change}: ${on}`),
    [
      'ask for 4 of cpu instead of 6: a,b',
      'tolerate dedicated=gpu:NoSchedule: c',
      '+2 cpu: a,b',
      'take dedicated=gpu:NoSchedule off the node: c',
    ],
  );
});

explained('a pod that was placed shows every score, and the tie that was decided by name', () => {
  const { outcome, node, nodes, best, at } = explain([podOf('web', '1')], [], 'web');
  assert.equal([outcome, node, at, best], ['scheduled', 'a', 0, ['a', 'b']]);
  const [first] = nodes;
  assert.is(
    first?.scores?.reduce((sum, { score }) => sum + score, 0),
    first?.total,
  );
  assert.is(first?.scores?.find(({ plugin }) => plugin === 'TaintToleration')?.weight, 3);
});

explained('the decision is explained as the cluster was then, not as it is after later pods', () => {
  const { node, nodes } = explain([podOf('one', '3'), podOf('two', '3')], [], 'one');
  assert.is(node, 'a');
  assert.equal(
    nodes.filter(({ feasible }) => feasible).map((found) => found.node),
    ['a', 'b'],
  );
});

explained('zones that rule the pod out are counted', () => {
  const selector = '\n  nodeSelector: {topology.kubernetes.io/zone: z2}';
  assert.equal(explain([podOf('z', '1', selector)], [], 'z').zones, { allowed: ['z2'], of: 3 });
});

explained('preemption names the victims, who is spared, and the rule that chose the node', () => {
  const cluster = [
    running('low', 'a', '3', 0, '2025-12-31T00:00:00Z'),
    running('tiny', 'a', '500m', 0, '2025-12-31T00:00:00Z'),
    running('mid', 'b', '4', 10, '2025-12-31T00:00:00Z'),
  ];
  const found = explain([podOf('boss', '3', '\n  priorityClassName: high')], cluster, 'boss');
  assert.is(found.outcome, 'scheduled');
  assert.equal(found.preemption, {
    node: 'a',
    victims: [{ namespace: 'default', name: 'low', priority: 0, startTime: '2025-12-31T00:00:00Z' }],
    spared: [{ namespace: 'default', name: 'tiny', priority: 0, startTime: '2025-12-31T00:00:00Z' }],
    candidates: [
      { node: 'a', victims: 1, violations: 0, highestPriority: 0 },
      { node: 'b', victims: 1, violations: 0, highestPriority: 10 },
    ],
    why: 'the most important victim there is the least important',
  });
});

explained('gates, foreign schedulers and given nodes are told apart', () => {
  const pods = [
    podOf('gated', '1', '\n  schedulingGates: [{name: example.com/wait}]'),
    podOf('foreign', '1', '\n  schedulerName: other'),
    podOf('given', '1', '\n  nodeName: b'),
  ];
  const { pods: found } = explainAll(pods, [], ['pod/gated', 'po/foreign', 'pods/given']);
  assert.equal(
    found.map(({ outcome, node }) => [outcome, node]),
    [
      ['gated', undefined],
      ['foreign', undefined],
      ['given', 'b'],
    ],
  );
});

explained('a workload stands for the pods that it owns through its ReplicaSet', () => {
  const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}}
`;
  assert.is(explainAll([deployment, podOf('other', '1')], [], ['deploy/web']).pods.length, 2);
});

explained('text and JSON hold the same, and the JSON fits its published schema', () => {
  const explanation = explainAll(
    [podOf('big', '6'), podOf('web', '1'), podOf('boss', '3', '\n  priorityClassName: high')],
    [running('low', 'a', '3', 0, '2025-12-31T00:00:00Z'), running('mid', 'b', '4', 10, '2025-12-31T00:00:00Z')],
    ['pod/big', 'pod/web', 'pod/boss'],
  );
  assert.equal(compileSchema(explanationSchema)(explanation), []);
  const text = explanationText(explanation, { color: false, full: false });
  for (const part of [
    'only the taint dedicated=gpu:NoSchedule',
    'Preemption: on a these had to go',
    'default/low (priority 0',
  ])
    assert.ok(text.includes(part), `${part} in\n${text}`);
});

type Published = Static<typeof podExplanationSchema>;
/** Compiles only while every member of the document is published under its name. */
type SameMembers = [keyof PodExplanation] extends [keyof Published]
  ? [keyof Published] extends [keyof PodExplanation]
    ? true
    : false
  : false;
const sameMembers: SameMembers = true;
explained('the schema has every member of the document', () => assert.ok(sameMembers));

explained('a plan says of pending pods what keeps them off each node, alike nodes together', () => {
  const { plan } = makePlan({
    kubernetes,
    manifests: parseManifests('web.yaml', podOf('big', '9')).manifests,
    cluster: { objects: parseManifests('cluster.yaml', CLUSTER).manifests },
    defaultNamespace: 'default',
    parts,
  });
  const lacking = { plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu'] };
  const tainted = { plugin: 'TaintToleration', reasons: ['node(s) had untolerated taint(s)'] };
  assert.equal(plan.pending[0]?.refusals, [
    { nodes: ['a', 'b'], by: [lacking] },
    { nodes: ['c'], by: [tainted, lacking] },
  ]);
});

explained.run();
