import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClusterCache } from '../../../../src/planner/scheduler/cache/cluster-cache.ts';
import { makeNode } from '../builders.ts';

const cache = suite('cluster cache');

cache('lists nodes zone by zone, and those that move to another zone in their places until one comes or goes', () => {
  const cluster = new ClusterCache();
  const put = (name: string, zone: string): string => {
    cluster.setNode(makeNode(name).zone(zone).build());
    return listed();
  };
  const listed = (): string =>
    cluster
      .list()
      .map(({ name }) => name)
      .join(' ');
  put('a', 'z1');
  put('b', 'z1');
  assert.is(put('c', 'z2'), 'a c b');
  assert.is(put('a', 'z2'), 'a c b');
  assert.is(put('d', 'z1'), 'b c d a');
  assert.is(put('b', 'z3'), 'b c d a');
  cluster.removeNode('c');
  assert.is(listed(), 'd a b');
});

cache.run();
