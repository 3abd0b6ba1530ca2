import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Explanation, explainPod } from '../../../../src/planner/scheduler/explain/explanation.ts';
import { StaticCluster } from '../../../../src/planner/scheduler/explain/static-cluster.ts';
import { makeNode, makePod, type NodeBuilder, type PodBuilder } from '../builders.ts';

const explanation = suite('explanation');

function explain(nodes: readonly NodeBuilder[], placed: readonly PodBuilder[], pod: PodBuilder): Explanation {
  const cluster = new StaticCluster([...nodes.map((node) => node.build()), ...placed.map((other) => other.build())]);
  return explainPod(cluster.framework, pod.info());
}

function texts({ rejections, remedies }: Explanation): {
  readonly obstacles: readonly string[];
  readonly remedies: readonly string[];
} {
  return {
    obstacles: rejections.flatMap(({ node, obstacles }) =>
      obstacles.flatMap(({ plugin, details }) => details.map((detail) => `${node} ${plugin}: ${detail}`)),
    ),
    remedies: remedies.map(({ at, change, nodes }) => `${at}: ${change} (${nodes.join(', ')})`),
  };
}

const gpu = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };

const CASES: readonly (readonly [
  what: string,
  nodes: readonly NodeBuilder[],
  placed: readonly PodBuilder[],
  pod: PodBuilder,
  expected: ReturnType<typeof texts>,
])[] = [
  [
    'names all that is in the way on each node, fewest obstacles first',
    [makeNode('a').taints(gpu).unschedulable(), makeNode('b').unschedulable()],
    [],
    makePod('p'),
    {
      obstacles: [
        'b NodeUnschedulable: the node is cordoned (spec.unschedulable)',
        'a NodeUnschedulable: the node is cordoned (spec.unschedulable)',
        'a TaintToleration: taint dedicated=gpu:NoSchedule',
      ],
      remedies: ['node: uncordon the node (b)'],
    },
  ],
  [
    'says which taint to tolerate and where that helps',
    [makeNode('a').taints(gpu), makeNode('b').taints(gpu)],
    [],
    makePod('p'),
    {
      obstacles: [
        'a TaintToleration: taint dedicated=gpu:NoSchedule',
        'b TaintToleration: taint dedicated=gpu:NoSchedule',
      ],
      remedies: [
        'pod: tolerate dedicated=gpu:NoSchedule (a, b)',
        'node: take dedicated=gpu:NoSchedule off the node (a, b)',
      ],
    },
  ],
  [
    'says how much less to ask for, and that one more node would do',
    [makeNode('a')],
    [makePod('q').requests({ cpu: '2500m' }).on('a')],
    makePod('p').requests({ cpu: '2' }),
    {
      obstacles: ['a NodeResourcesFit: cpu: the pod asks for 2, 1500m of 4 are free'],
      remedies: ['pod: ask for 1500m of cpu instead of 2 (a)', 'node: +500m cpu (a)', 'cluster: add a node like a (a)'],
    },
  ],
  [
    'does not tell to add a node that would be too small as well',
    [makeNode('a')],
    [],
    makePod('p').requests({ cpu: '8', memory: '1Gi' }),
    {
      obstacles: ['a NodeResourcesFit: cpu: the pod asks for 8, 4 of 4 are free'],
      remedies: ['pod: ask for 4 of cpu instead of 8 (a)', 'node: +4 cpu (a)'],
    },
  ],
  [
    'tells label and node selector apart',
    [makeNode('a').labels({ disk: 'hdd' })],
    [],
    makePod('p').spec({ nodeSelector: { disk: 'ssd' } }),
    {
      obstacles: ['a NodeAffinity: nodeSelector disk=ssd: the node has disk=hdd'],
      remedies: ['pod: drop nodeSelector disk=ssd (a)', 'node: label the node disk=ssd (a)'],
    },
  ],
  [
    'counts the pods of a domain that is full',
    [makeNode('a').zone('z1'), makeNode('b').zone('z2').unschedulable()],
    [makePod('q').labels({ app: 'web' }).on('a')],
    makePod('p')
      .labels({ app: 'web' })
      .spec({
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'topology.kubernetes.io/zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ],
      }),
    {
      obstacles: [
        'a PodTopologySpread: topology.kubernetes.io/zone=z1 has 1 matching pods, the domain with the fewest 0; maxSkew is 1',
        'b NodeUnschedulable: the node is cordoned (spec.unschedulable)',
      ],
      remedies: ['pod: allow maxSkew 2 over topology.kubernetes.io/zone (a)', 'node: uncordon the node (b)'],
    },
  ],
  [
    'names the pods that anti-affinity keeps away from',
    [makeNode('a')],
    [makePod('q').labels({ app: 'web' }).on('a')],
    makePod('p').spec({
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
    }),
    {
      obstacles: ['a InterPodAffinity: the pod keeps away from default/q in kubernetes.io/hostname=a'],
      remedies: ['pod: drop the required pod anti-affinity (a)', 'cluster: add a node like a (a)'],
    },
  ],
];

for (const [what, nodes, placed, pod, expected] of CASES)
  explanation(what, () => {
    assert.equal(texts(explain(nodes, placed, pod)), expected);
  });

explanation('names the pods that eviction would cost', () => {
  const victim = makePod('q').requests({ cpu: '4' }).on('a');
  const { remedies } = explain([makeNode('a')], [victim], makePod('p').requests({ cpu: '2' }).priority(100));
  assert.equal(remedies[0], { at: 'cluster', change: 'evict default/q', nodes: ['a'] });
});

explanation('has nothing to remedy for a pod that fits, and still says why other nodes do not do', () => {
  const result = explain([makeNode('a'), makeNode('b').unschedulable()], [], makePod('p'));
  assert.is(result.decision.node, 'a');
  assert.equal(texts(result), {
    obstacles: ['b NodeUnschedulable: the node is cordoned (spec.unschedulable)'],
    remedies: [],
  });
});

explanation.run();
