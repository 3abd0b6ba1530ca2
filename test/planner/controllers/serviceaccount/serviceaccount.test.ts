import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rootCACertPublisher } from '../../../../src/planner/controllers/root-ca/root-ca.ts';
import { serviceAccountController } from '../../../../src/planner/controllers/serviceaccount/serviceaccount.ts';
import type { ConfigMap } from '../../../../src/schema/generated/types/core-v1.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

const team = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } };
const accounts = suite('what every namespace gets');

accounts('a default ServiceAccount and the root certificate', () => {
  const cluster = smallCluster([serviceAccountController, rootCACertPublisher]);
  cluster.create(team);
  cluster.settle();
  assert.ok(cluster.get('serviceaccounts', 'default', 'team'));
  assert.equal(Object.keys(cluster.get<ConfigMap>('configmaps', 'kube-root-ca.crt', 'team')!.data ?? {}), ['ca.crt']);
});

accounts('both come back when deleted', () => {
  const cluster = smallCluster([serviceAccountController, rootCACertPublisher]);
  cluster.create(team);
  cluster.settle();
  cluster.user.delete('serviceaccounts', { namespace: 'team', name: 'default' });
  cluster.user.delete('configmaps', { namespace: 'team', name: 'kube-root-ca.crt' });
  cluster.settle();
  assert.is(cluster.list('serviceaccounts').length + cluster.list('configmaps').length, 2);
});

accounts('the certificate of a described cluster is used for new namespaces', () => {
  const data = { 'ca.crt': 'real' };
  const there = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt', namespace: 'default', annotations: { 'kubernetes.io/description': 'x' } },
    data,
  };
  const cluster = smallCluster([rootCACertPublisher], {}, [there]);
  cluster.create(team);
  cluster.settle();
  assert.equal(cluster.get<ConfigMap>('configmaps', 'kube-root-ca.crt', 'team')!.data, data);
});
accounts.run();
