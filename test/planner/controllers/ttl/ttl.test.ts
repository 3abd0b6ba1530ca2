import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ttlController } from '../../../../src/planner/controllers/ttl/ttl.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

const ttl = suite('ttl controller');
const node = (i: number) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: `n${i}` } });

ttl('the annotation follows the size of the cluster, with some play at the boundary', () => {
  const cluster = smallCluster([ttlController]);
  const value = () => cluster.get('nodes', 'n0')!.metadata.annotations?.['node.alpha.kubernetes.io/ttl'];
  const remove = (from: number, to: number) => {
    for (let i = from; i < to; i++) cluster.user.delete('nodes', { name: `n${i}` });
    cluster.settle();
  };
  cluster.create(...Array.from({ length: 100 }, (_, i) => node(i)));
  cluster.settle();
  assert.is(value(), '0');
  cluster.create(node(100));
  cluster.settle();
  assert.is(value(), '15');
  remove(90, 101);
  assert.is(value(), '15');
  remove(89, 90);
  assert.is(value(), '0');
});
ttl.run();
