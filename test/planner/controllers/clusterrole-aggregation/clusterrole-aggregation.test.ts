import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clusterRoleAggregationController } from '../../../../src/planner/controllers/clusterrole-aggregation/clusterrole-aggregation.ts';
import type { ClusterRole } from '../../../../src/schema/generated/types/rbac-v1.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

const CLUSTER_ROLES = 'clusterroles.rbac.authorization.k8s.io';
const role = (name: string, labels: Record<string, string>, resources: readonly string[], extra = {}) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, labels },
  rules: resources.map((resource) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] })),
  ...extra,
});
const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { to: 'all' } }, { matchLabels: { to: 'some' } }] };

const aggregation = suite('aggregation of cluster roles');

aggregation('rules of the selected roles by name, each once, and never its own', () => {
  const cluster = smallCluster([clusterRoleAggregationController]);
  cluster.create(
    role('whole', { to: 'all' }, ['old'], { aggregationRule }),
    role('b', { to: 'all' }, ['pods', 'nodes']),
    role('a', { to: 'all' }, ['services']),
    role('c', { to: 'some' }, ['pods', 'secrets']),
    role('d', {}, ['leases']),
  );
  cluster.settle();
  const resources = () =>
    cluster.get<ClusterRole>(CLUSTER_ROLES, 'whole')!.rules?.flatMap((rule) => rule.resources ?? []);
  assert.equal(resources(), ['services', 'pods', 'nodes', 'secrets']);
  cluster.user.delete(CLUSTER_ROLES, { name: 'b' });
  cluster.settle();
  assert.equal(resources(), ['services', 'pods', 'secrets']);
});
aggregation.run();
