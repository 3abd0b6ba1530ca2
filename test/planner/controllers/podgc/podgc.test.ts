import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { podGarbageCollector } from '../../../../src/planner/controllers/podgc/podgc.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import { type SmallCluster, smallCluster } from '../../kubelet/small-cluster.ts';

const node = (name: string, extra: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  ...extra,
});
const pod = (name: string, nodeName: string, phase = 'Running', metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { nodeName, containers: [] },
  status: { phase },
});
const names = (cluster: SmallCluster) => cluster.list('pods').map(({ metadata }) => metadata.name);

const gc = suite('pod garbage collector');

gc('pods of a node that is gone are failed and removed after the quarantine', () => {
  const cluster = smallCluster([podGarbageCollector]);
  cluster.create(
    node('n1'),
    node('n2'),
    pod('a', 'n1'),
    pod('b', 'n2', 'Running', { finalizers: ['example.com/hold'] }),
  );
  cluster.settle();
  cluster.engine.advance(5000);
  cluster.user.delete('nodes', { name: 'n2' });
  cluster.engine.advance(40_000);
  assert.is(cluster.get('pods', 'b', 'default')!.metadata.deletionTimestamp, undefined);
  cluster.engine.advance(20_000);
  const { metadata, status } = cluster.get<Pod>('pods', 'b', 'default')!;
  assert.ok(metadata.deletionTimestamp);
  assert.equal(
    [status.phase, status.conditions?.[0]?.reason, status.conditions?.[0]?.message],
    ['Failed', 'DeletionByPodGC', 'PodGC: node no longer exists'],
  );
  assert.equal(names(cluster), ['a', 'b']);
});

gc('pods that cannot be removed keep nobody waiting', () => {
  const cluster = smallCluster([podGarbageCollector]);
  const held = { finalizers: ['example.com/hold'] };
  cluster.create(node('n1'), ...Array.from({ length: 50 }, (_, i) => pod(`p${i}`, 'n1', 'Running', held)));
  cluster.settle();
  cluster.user.delete('nodes', { name: 'n1' });
  const { settled, steps } = cluster.engine.run({ horizon: 24 * 3600 * 1000, steps: 100_000 });
  assert.ok(settled);
  assert.ok(steps < 20, `${steps} steps`);
  assert.is(names(cluster).length, 50);
});

gc('a node that is missing once more is waited for like one that never was', () => {
  const cluster = smallCluster([podGarbageCollector]);
  for (const name of ['first', 'second']) {
    cluster.create(pod(name, 'gone'));
    assert.ok(cluster.engine.run({ horizon: 24 * 3600 * 1000, steps: 100 }).settled);
    assert.equal(names(cluster), []);
  }
});

gc('a node that comes back in time keeps its pods', () => {
  const cluster = smallCluster([podGarbageCollector]);
  cluster.create(node('n1'), pod('a', 'n1'));
  cluster.settle();
  cluster.user.delete('nodes', { name: 'n1' });
  cluster.engine.advance(30_000);
  cluster.create(node('n1'));
  cluster.engine.advance(120_000);
  assert.equal(names(cluster), ['a']);
});

gc('terminating pods go from a node that is out of service and not ready', () => {
  const cluster = smallCluster([podGarbageCollector]);
  const taints = [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }];
  cluster.create(node('n1', { spec: { taints } }), node('n2'), pod('a', 'n1'), pod('b', 'n2'));
  cluster.settle();
  for (const name of ['a', 'b']) cluster.user.delete('pods', { namespace: 'default', name });
  cluster.engine.advance(20_000);
  assert.equal(names(cluster), ['b']);
});

gc('a pod that a round fails counts among the finished ones only in the next', () => {
  const cluster = smallCluster([podGarbageCollector], { 'terminated-pod-gc-threshold': '1' });
  const unplaced = { ...pod('u', '', 'Pending', { finalizers: ['example.com/hold'] }), spec: { containers: [] } };
  cluster.create(node('n1'), pod('a', 'n1', 'Succeeded'), pod('b', 'n1', 'Failed'), unplaced);
  cluster.user.delete('pods', { namespace: 'default', name: 'u' });
  cluster.engine.advance(1000);
  assert.equal(names(cluster), ['b', 'u']);
  cluster.engine.advance(20_000);
  assert.equal(names(cluster), ['u']);
});

gc('the oldest finished pods go above the threshold, evicted ones first', () => {
  const cluster = smallCluster([podGarbageCollector], { 'terminated-pod-gc-threshold': '1' });
  cluster.create(node('n1'), pod('a', 'n1', 'Succeeded'), pod('b', 'n1', 'Failed'), pod('c', 'n1'));
  const evicted = pod('d', 'n1', 'Failed');
  cluster.create({ ...evicted, status: { phase: 'Failed', reason: 'Evicted' } } as never);
  cluster.settle();
  assert.equal(names(cluster), ['b', 'c']);
});
gc.run();
