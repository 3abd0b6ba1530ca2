import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeIpamController } from '../../../../src/planner/controllers/node-ipam/node-ipam.ts';
import { nodeLifecycleController } from '../../../../src/planner/controllers/nodelifecycle/nodelifecycle.ts';
import { nodeKubelet, podKubelet } from '../../../../src/planner/kubelet/kubelet.ts';
import type { Event, Node, Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import { type SmallCluster, smallCluster } from '../../kubelet/small-cluster.ts';

const node = (name: string, zone = '', labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: { 'kubernetes.io/os': 'linux', ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}), ...labels },
  },
  spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
});
const all = [nodeKubelet, podKubelet, nodeIpamController, nodeLifecycleController];
const taints = (cluster: SmallCluster, name: string) =>
  (cluster.get<Node>('nodes', name)!.spec.taints ?? [])
    .map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`)
    .sort();
const silence = (cluster: SmallCluster, ...names: readonly string[]) => {
  for (const name of names)
    cluster.change('nodes', name, { metadata: { annotations: { 'kubeplan.dev/outcome': 'not-responding' } } });
};
const many = (count: number, zone = '') => Array.from({ length: count }, (_, i) => node(`${zone}n${i + 1}`, zone));

const lifecycle = suite('node controller');

lifecycle('a new node loses its taint, gets the old labels and is registered', () => {
  const cluster = smallCluster(all);
  cluster.settle();
  cluster.create(node('n1'));
  cluster.settle();
  assert.equal(taints(cluster, 'n1'), []);
  assert.is(cluster.get('nodes', 'n1')!.metadata.labels?.['beta.kubernetes.io/os'], 'linux');
  assert.equal(cluster.events(), ['Node n1 Normal RegisteredNode: Node n1 event: Registered Node n1 in Controller']);
});

lifecycle('nodes that are there when time begins were registered before; they go as others do', () => {
  const cluster = smallCluster(all);
  cluster.create(node('n1'), node('n2'));
  cluster.settle();
  assert.equal([taints(cluster, 'n1'), cluster.events()], [[], []]);
  cluster.user.delete('nodes', { name: 'n2' });
  cluster.settle();
  assert.equal(cluster.events(), ['Node n2 Normal RemovingNode: Node n2 event: Removing Node n2 from Controller']);
});

lifecycle('a silent node is Unknown and tainted after the grace period, its pods are not ready', () => {
  const cluster = smallCluster(all);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { nodeName: 'n1', containers: [] },
  };
  cluster.create(node('n1'), node('n2'), pod);
  cluster.settle();
  silence(cluster, 'n1');
  cluster.engine.advance(49_000);
  assert.equal(taints(cluster, 'n1'), []);
  cluster.engine.advance(7_000);
  assert.equal(taints(cluster, 'n1'), ['unreachable:NoExecute', 'unreachable:NoSchedule']);
  const conditions = cluster.get<Node>('nodes', 'n1')!.status.conditions!;
  assert.equal(
    conditions.map(({ status }) => status),
    ['Unknown', 'Unknown', 'Unknown', 'Unknown', 'False'],
  );
  assert.is(conditions[0]!.message, 'Kubelet stopped posting node status.');
  assert.is(
    cluster.get<Pod>('pods', 'p', 'default')!.status.conditions!.find(({ type }) => type === 'Ready')!.status,
    'False',
  );
  cluster.change('nodes', 'n1', { metadata: { annotations: null } });
  cluster.settle();
  assert.equal(taints(cluster, 'n1'), []);
});

lifecycle('a node that never posted a status is Unknown after the longer grace at its start', () => {
  const cluster = smallCluster(all);
  const silent = node('n1');
  cluster.create(node('n2'), {
    ...silent,
    metadata: { ...silent.metadata, annotations: { 'kubeplan.dev/outcome': 'not-responding' } },
  });
  cluster.settle();
  const [ready] = cluster.get<Node>('nodes', 'n1')!.status.conditions!;
  assert.equal([ready?.status, ready?.reason], ['Unknown', 'NodeStatusNeverUpdated']);
});

lifecycle('when every node is silent none is tainted for eviction', () => {
  const cluster = smallCluster(all);
  cluster.create(node('n1'), node('n2'));
  cluster.settle();
  silence(cluster, 'n1', 'n2');
  cluster.engine.advance(120_000);
  assert.equal(taints(cluster, 'n1'), ['unreachable:NoSchedule']);
});

lifecycle('nodes of a zone are tainted one in ten seconds', () => {
  const cluster = smallCluster(all);
  cluster.create(...many(8));
  cluster.settle();
  silence(cluster, 'n1', 'n2', 'n3');
  const tainted = () =>
    ['n1', 'n2', 'n3'].filter((name) => taints(cluster, name).includes('unreachable:NoExecute')).length;
  cluster.engine.advance(56_000);
  assert.is(tainted(), 1);
  cluster.engine.advance(10_000);
  assert.is(tainted(), 2);
  cluster.engine.advance(10_000);
  assert.is(tainted(), 3);
});

lifecycle('in a small zone that is partially disrupted eviction stops; other zones go on', () => {
  const cluster = smallCluster(all);
  cluster.create(...many(5, 'a'), ...many(2, 'b'));
  cluster.settle();
  silence(cluster, 'an1', 'an2', 'an3', 'bn1');
  cluster.engine.advance(120_000);
  const tainted = (names: readonly string[]) =>
    names.filter((name) => taints(cluster, name).includes('unreachable:NoExecute'));
  assert.equal(tainted(['an1', 'an2', 'an3']), []);
  assert.equal(tainted(['bn1']), ['bn1']);
});

lifecycle('pressure and cordon are taints', () => {
  const cluster = smallCluster(all);
  cluster.create(node('n1'));
  cluster.settle();
  cluster.change('nodes', 'n1', { spec: { unschedulable: true } });
  const conditions = cluster
    .get<Node>('nodes', 'n1')!
    .status.conditions!.map((c) => (c.type === 'DiskPressure' ? { ...c, status: 'True' } : c));
  cluster.change('nodes', 'n1', { status: { conditions } }, undefined, 'status');
  cluster.settle();
  assert.equal(taints(cluster, 'n1'), ['disk-pressure:NoSchedule', 'unschedulable:NoSchedule']);
});

lifecycle('pod networks follow one another in the order of creation; a freed one waits for its turn', () => {
  const cluster = smallCluster(all, { 'allocate-node-cidrs': 'true', 'cluster-cidr': '10.244.0.0/22' });
  cluster.settle();
  cluster.create(node('b'), node('a'));
  cluster.settle();
  const cidr = (name: string) => cluster.get<Node>('nodes', name)!.spec.podCIDR;
  assert.equal([cidr('b'), cidr('a')], ['10.244.0.0/24', '10.244.1.0/24']);
  cluster.user.delete('nodes', { name: 'b' });
  cluster.settle();
  cluster.create(node('c'), node('d'), node('e'));
  cluster.settle();
  assert.equal([cidr('c'), cidr('d'), cidr('e')], ['10.244.2.0/24', '10.244.3.0/24', '10.244.0.0/24']);
});

lifecycle('nodes that find no pod network left get one as soon as another node has gone', () => {
  const cluster = smallCluster(all, { 'allocate-node-cidrs': 'true', 'cluster-cidr': '10.244.0.0/23' });
  cluster.create(node('a'), node('b'), node('c'), node('d'));
  cluster.settle();
  const cidr = (name: string) => cluster.get<Node>('nodes', name)?.spec.podCIDR;
  assert.equal([cidr('a'), cidr('b'), cidr('c'), cidr('d')], ['10.244.0.0/24', '10.244.1.0/24', undefined, undefined]);
  assert.is(cluster.list<Event>('events').filter(({ reason }) => reason === 'CIDRNotAvailable').length, 2);
  cluster.user.delete('nodes', { name: 'a' });
  cluster.settle();
  assert.equal([cidr('c'), cidr('d')], ['10.244.0.0/24', undefined]);
});
lifecycle.run();
