import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ScoringStrategy } from '../../../../src/planner/scheduler/plugins/node-resources-fit/scoring-strategy.ts';
import { DEFAULT_PROFILE, type Profile } from '../../../../src/planner/scheduler/profile/profile.ts';
import { makeNode, makePod } from '../builders.ts';
import { scores, type Things, verdicts } from '../verdicts.ts';

const resources = suite('node resources');

const half = makePod('q').requests({ cpu: '2', memory: '8Gi' }).on('a');

const FITS: readonly (readonly [what: string, things: Things, pod: ReturnType<typeof makePod>, expected: string])[] = [
  ['what is left is enough', [makeNode('a'), half], makePod('p').requests({ cpu: '2', memory: '8Gi' }), 'ok'],
  [
    'everything lacking is named',
    [makeNode('a'), half],
    makePod('p').requests({ cpu: '3', memory: '9Gi' }),
    'NodeResourcesFit: Insufficient cpu, Insufficient memory',
  ],
  [
    'eviction cannot help where the empty node is too small',
    [makeNode('a')],
    makePod('p').requests({ cpu: '5' }),
    'NodeResourcesFit!: Insufficient cpu',
  ],
  [
    'a node takes no more pods than it allows',
    [makeNode('a').allocatable({ cpu: '4', pods: '1' }), makePod('q').on('a')],
    makePod('p'),
    'NodeResourcesFit: Too many pods',
  ],
  [
    'an extended resource that the node does not have',
    [makeNode('a')],
    makePod('p').requests({ 'example.com/gpu': '1' }),
    'NodeResourcesFit!: Insufficient example.com/gpu',
  ],
  [
    'the largest init container counts where it asks for more than the containers',
    [makeNode('a')],
    makePod('p')
      .requests({ cpu: '1' })
      .spec({ initContainers: [{ name: 'i', resources: { requests: { cpu: '5' } } }] }),
    'NodeResourcesFit!: Insufficient cpu',
  ],
  [
    'a sidecar counts beside the containers',
    [makeNode('a')],
    makePod('p')
      .requests({ cpu: '3' })
      .spec({ initContainers: [{ name: 'i', restartPolicy: 'Always', resources: { requests: { cpu: '2' } } }] }),
    'NodeResourcesFit!: Insufficient cpu',
  ],
  [
    'overhead counts',
    [makeNode('a')],
    makePod('p')
      .requests({ cpu: '4' })
      .spec({ overhead: { cpu: '1m' } }),
    'NodeResourcesFit!: Insufficient cpu',
  ],
  [
    'requests of the pod as a whole replace the sum of its containers',
    [makeNode('a')],
    makePod('p')
      .requests({ cpu: '1' })
      .spec({ resources: { requests: { cpu: '5' } } }),
    'NodeResourcesFit!: Insufficient cpu',
  ],
];

for (const [what, things, pod, expected] of FITS)
  resources(what, () => {
    assert.equal(verdicts(things, pod), { a: expected });
  });

function withStrategy(scoringStrategy: ScoringStrategy): Profile {
  return { ...DEFAULT_PROFILE, args: { ...DEFAULT_PROFILE.args, NodeResourcesFit: { scoringStrategy } } };
}

const CPU = [{ name: 'cpu', weight: 1 }];
const things: Things = [makeNode('a'), half, makeNode('b')];
const pod = makePod('p').requests({ cpu: '1', memory: '4Gi' });

resources('least allocated prefers the emptier node', () => {
  assert.equal(scores('NodeResourcesFit', things, pod), { a: 25, b: 75 });
});

resources('most allocated prefers the fuller node', () => {
  const profile = withStrategy({ type: 'MostAllocated', resources: CPU });
  assert.equal(scores('NodeResourcesFit', things, pod, profile), { a: 75, b: 25 });
});

resources('a shape scores by utilization', () => {
  const shape = [
    { utilization: 0, score: 0 },
    { utilization: 50, score: 10 },
    { utilization: 100, score: 0 },
  ];
  const profile = withStrategy({
    type: 'RequestedToCapacityRatio',
    resources: CPU,
    requestedToCapacityRatio: { shape },
  });
  assert.equal(scores('NodeResourcesFit', things, pod, profile), { a: 50, b: 50 });
});

resources('containers without requests count a little when nodes are compared', () => {
  const empty = makePod('p').container({ name: 'c' });
  assert.equal(scores('NodeResourcesFit', [makeNode('a').allocatable({ cpu: '1', memory: '1Gi' })], empty), { a: 85 });
});

resources('balanced allocation prefers nodes whose cpu and memory are used alike', () => {
  const lopsided = makePod('p').requests({ cpu: '2', memory: '1Gi' });
  const nodes = [makeNode('a'), makePod('q').requests({ memory: '7Gi' }).on('a'), makeNode('b')];
  assert.equal(scores('NodeResourcesBalancedAllocation', nodes, lopsided), { a: 86, b: 64 });
});

resources.run();
