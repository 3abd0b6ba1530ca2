import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject, OwnerReference } from '../../../../src/apimachinery/object.ts';
import { garbageCollector } from '../../../../src/planner/controllers/garbagecollector/garbagecollector.ts';
import { type SmallCluster, smallCluster } from '../../kubelet/small-cluster.ts';

const configMap = (
  name: string,
  owners: readonly OwnerReference[] = [],
  finalizers: readonly string[] = [],
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace: 'default',
    ...(owners.length > 0 ? { ownerReferences: owners } : {}),
    ...(finalizers.length > 0 ? { finalizers } : {}),
  },
});
const ownerOf = (cluster: SmallCluster, name: string, block = false): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name,
  uid: cluster.get('configmaps', name, 'default')!.metadata.uid!,
  ...(block ? { blockOwnerDeletion: true } : {}),
});
const names = (cluster: SmallCluster) => cluster.list('configmaps').map(({ metadata }) => metadata.name);
const remove = (cluster: SmallCluster, name: string, propagationPolicy?: 'Background' | 'Foreground' | 'Orphan') =>
  cluster.user.delete('configmaps', { namespace: 'default', name }, propagationPolicy ? { propagationPolicy } : {});

/** parent <- child <- grandchild, each blocking. */
function family(finalizers: readonly string[] = []): SmallCluster {
  const cluster = smallCluster([garbageCollector]);
  cluster.create(configMap('parent'));
  cluster.create(configMap('child', [ownerOf(cluster, 'parent', true)]));
  cluster.create(configMap('grandchild', [ownerOf(cluster, 'child', true)], finalizers));
  cluster.settle();
  return cluster;
}

const gc = suite('garbage collector');

gc('background: the owner goes first, dependents of every generation follow', () => {
  const cluster = family();
  remove(cluster, 'parent', 'Background');
  assert.equal(names(cluster), ['child', 'grandchild']);
  cluster.settle();
  assert.equal(names(cluster), []);
});

gc('foreground: the owner waits for its dependents', () => {
  const cluster = family(['example.com/hold']);
  remove(cluster, 'parent', 'Foreground');
  cluster.settle();
  assert.equal(names(cluster), ['child', 'grandchild', 'parent']);
  assert.ok(cluster.get('configmaps', 'child', 'default')!.metadata.finalizers?.includes('foregroundDeletion'));
  cluster.change('configmaps', 'grandchild', { metadata: { finalizers: null } }, 'default');
  cluster.settle();
  assert.equal(names(cluster), []);
});

gc('foreground: a dependent that does not block is not waited for', () => {
  const cluster = smallCluster([garbageCollector]);
  cluster.create(configMap('parent'));
  cluster.create(configMap('child', [ownerOf(cluster, 'parent')], ['example.com/hold']));
  cluster.settle();
  remove(cluster, 'parent', 'Foreground');
  cluster.settle();
  assert.equal(names(cluster), ['child']);
  assert.ok(cluster.get('configmaps', 'child', 'default')!.metadata.deletionTimestamp);
});

gc('orphan: dependents stay and lose the reference', () => {
  const cluster = family();
  remove(cluster, 'parent', 'Orphan');
  cluster.settle();
  assert.equal(names(cluster), ['child', 'grandchild']);
  assert.is(cluster.get('configmaps', 'child', 'default')!.metadata.ownerReferences, undefined);
});

gc('an object with another living owner stays and loses the dangling reference', () => {
  const cluster = smallCluster([garbageCollector]);
  cluster.create(configMap('a'), configMap('b'));
  cluster.create(configMap('child', [ownerOf(cluster, 'a'), ownerOf(cluster, 'b')]));
  cluster.settle();
  remove(cluster, 'a');
  cluster.settle();
  assert.equal(
    cluster.get('configmaps', 'child', 'default')!.metadata.ownerReferences?.map(({ name }) => name),
    ['b'],
  );
});

for (const { name, owner, want } of [
  { name: 'owner never existed', owner: { kind: 'ConfigMap', name: 'ghost', uid: 'x' }, want: false },
  { name: 'owner has another uid', owner: { kind: 'ConfigMap', name: 'real', uid: 'x' }, want: false },
  { name: 'kind of the owner is not served', owner: { kind: 'Widget', name: 'w', uid: 'x' }, want: true },
])
  gc(`missing owner, ${name}: ${want ? 'stays' : 'deleted'}`, () => {
    const cluster = smallCluster([garbageCollector]);
    cluster.create(configMap('real'), configMap('child', [{ apiVersion: 'v1', ...owner }]));
    cluster.settle();
    assert.is(cluster.get('configmaps', 'child', 'default') !== undefined, want);
  });

gc('an owner in another namespace counts as absent, with an event', () => {
  const cluster = smallCluster([garbageCollector]);
  cluster.create(configMap('owner'));
  const child = configMap('child', [ownerOf(cluster, 'owner')]);
  cluster.create({ ...child, metadata: { ...child.metadata, namespace: 'other' } });
  cluster.settle();
  assert.is(cluster.get('configmaps', 'child', 'other'), undefined);
  assert.match(
    cluster.events().join(),
    /^ConfigMap child Warning OwnerRefInvalidNamespace: ownerRef \[v1\/ConfigMap, namespace: other, name: owner,/,
  );
});
gc.run();
