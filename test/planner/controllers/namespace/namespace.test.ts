import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namespaceController } from '../../../../src/planner/controllers/namespace/namespace.ts';
import { podKubelet } from '../../../../src/planner/kubelet/kubelet.ts';
import type { Namespace } from '../../../../src/schema/generated/types/core-v1.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

const inTeam = (
  kind: string,
  name: string,
  metadata: Record<string, unknown> = {},
  spec: Record<string, unknown> = {},
) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'team', ...metadata },
  spec,
});
const team = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } };
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };

const namespaces = suite('namespace controller');

namespaces('nothing happens for five seconds, then pods go first, then the rest, then the namespace', () => {
  const cluster = smallCluster([namespaceController, podKubelet]);
  cluster.create(team, node, inTeam('ConfigMap', 'c'), inTeam('Pod', 'p', {}, { nodeName: 'n1', containers: [] }));
  cluster.settle();
  cluster.user.delete('namespaces', { name: 'team' });
  cluster.engine.advance(4900);
  assert.is(cluster.list('pods', 'team').length, 1);
  cluster.engine.advance(200);
  assert.equal([cluster.list('pods', 'team').length, cluster.list('configmaps', 'team').length], [0, 1]);
  cluster.engine.advance(5000);
  assert.is(cluster.list('configmaps', 'team').length, 0);
  assert.is(cluster.get('namespaces', 'team'), undefined);
});

namespaces('a finalizer on an object keeps the namespace, which says so', () => {
  const cluster = smallCluster([namespaceController]);
  cluster.create(team, inTeam('ConfigMap', 'c', { finalizers: ['example.com/hold'] }));
  cluster.user.delete('namespaces', { name: 'team' });
  cluster.engine.advance(60_000);
  const { conditions = [] } = cluster.get<Namespace>('namespaces', 'team')!.status;
  assert.equal(
    conditions.filter(({ status }) => status === 'True').map(({ reason, message }) => [reason, message]),
    [
      ['SomeResourcesRemain', 'Some resources are remaining: configmaps. has 1 resource instances'],
      [
        'SomeFinalizersRemain',
        'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
      ],
    ],
  );
  cluster.change('configmaps', 'c', { metadata: { finalizers: null } }, 'team');
  cluster.engine.advance(60_000);
  assert.is(cluster.get('namespaces', 'team'), undefined);
});
namespaces.run();
