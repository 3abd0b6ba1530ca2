// The nodes that the short form stands for are as the components that look after nodes leave them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ClusterFile, NodeGroup } from '../../../src/planner/inventory/cluster-file.ts';
import { makePlan } from '../../../src/planner/make-plan.ts';
import { loadParts } from '../../../src/planner/parts.ts';
import type { Node } from '../../../src/schema/generated/types/core-v1.ts';

const CASES: readonly { readonly name: string; readonly groups: readonly NodeGroup[] }[] = [
  { name: 'one node', groups: [{ name: 'one', exactName: true }] },
  {
    name: 'zones, a region and images',
    groups: [{ name: 'n', count: 4, zones: ['a', 'b'], region: 'r', images: ['app:1'] }],
  },
  { name: 'another operating system', groups: [{ name: 'w', labels: { 'kubernetes.io/os': 'windows' } }] },
  {
    name: 'labels and annotations of its own',
    groups: [{ name: 'n', labels: { gpu: 'yes' }, annotations: { note: 'x' } }],
  },
  {
    name: 'two groups beyond a hundred nodes',
    groups: [
      { name: 'a', count: 60 },
      { name: 'b', count: 41 },
    ],
  },
  { name: 'beyond five hundred nodes', groups: [{ name: 'a', count: 501 }] },
  { name: 'beyond two thousand nodes', groups: [{ name: 'a', count: 2001 }] },
];

const FLAGS = { 'allocate-node-cidrs': 'true', 'cluster-cidr': '10.128.0.0/9' };

const shortForm = suite('nodes of the short form');
const parts = await loadParts();

function settledNodes(groups: readonly NodeGroup[], spec: Omit<ClusterFile['spec'], 'nodes'> = {}): readonly Node[] {
  const file: ClusterFile = { apiVersion: 'kubeplan.dev/v1', kind: 'Cluster', spec: { ...spec, nodes: [...groups] } };
  const { world } = makePlan({
    kubernetes: { version: '1.36', featureGates: {}, flags: FLAGS },
    manifests: [],
    cluster: { file, objects: [] },
    defaultNamespace: 'default',
    parts,
  });
  return world.server.reader.list<Node>('nodes');
}

for (const { name, groups } of CASES)
  shortForm(`${name}: nothing is left to do for any node`, () => {
    const nodes = settledNodes(groups);
    assert.is(
      nodes.length,
      groups.reduce((sum, { count = 1 }) => sum + count, 0),
    );
    // Described objects are numbered one after the other; a write would have given a node a later number.
    const revisions = nodes.map(({ metadata }) => Number(metadata.resourceVersion));
    assert.is(Math.max(...revisions) - Math.min(...revisions), nodes.length - 1);
  });

shortForm('a group whose pressure is described is marked as its nodes would be', () => {
  const [node] = settledNodes([{ name: 'n', conditions: ['MemoryPressure'] }]);
  assert.equal(
    node?.spec.taints?.map(({ key }) => key),
    ['node.kubernetes.io/memory-pressure'],
  );
});

shortForm('blocks of the network that described nodes have are not given twice', () => {
  const has = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec });
  const objects = [
    has('own', { podCIDR: '10.128.0.0/24', podCIDRs: ['10.128.0.0/24'] }),
    has('short', { podCIDR: '10.128.2.0/24' }),
    has('bare', {}),
  ];
  const nodes = settledNodes([{ name: 'n', count: 2 }], { objects });
  assert.equal(Object.fromEntries(nodes.map(({ metadata, spec }) => [metadata.name, spec.podCIDR])), {
    bare: '10.128.4.0/24',
    'n-1': '10.128.1.0/24',
    'n-2': '10.128.3.0/24',
    own: '10.128.0.0/24',
    short: '10.128.2.0/24',
  });
});

shortForm('a silent kubelet never said anything', () => {
  const [node] = settledNodes([{ name: 'n', annotations: { 'kubeplan.dev/outcome': 'not-responding' } }]);
  const ready = node?.status.conditions?.find(({ type }) => type === 'Ready');
  assert.is(ready?.reason, 'NodeStatusNeverUpdated');
});

shortForm.run();
