import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const roles = suite('Role and ClusterRole');

function role(kind: 'Role' | 'ClusterRole', rule: Json, fields: Json = {}): Document {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name: 'r' }, rules: [rule], ...fields };
}

const PODS = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const HEALTH = { nonResourceURLs: ['/healthz'], verbs: ['get'] };

for (const { name, document, causes } of [
  {
    name: 'a rule allows something',
    document: role('Role', { ...PODS, verbs: [] }),
    causes: ['rules[0].verbs: Required value: verbs must contain at least one value'],
  },
  {
    name: 'a rule about resources names their group',
    document: role('Role', { resources: ['pods'], verbs: ['get'] }),
    causes: ['rules[0].apiGroups: Required value: resource rules must supply at least one api group'],
  },
  {
    name: 'only a ClusterRole can allow paths',
    document: role('Role', HEALTH),
    causes: [
      'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs',
    ],
  },
  {
    name: 'a rule is about resources or about paths',
    document: role('ClusterRole', { ...PODS, ...HEALTH }),
    causes: [
      'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: rules cannot apply to both regular resources and non-resource URLs',
    ],
  },
  {
    name: 'roles are aggregated by a selector at least',
    document: role('ClusterRole', PODS, { aggregationRule: {} }),
    causes: [
      'aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil',
    ],
  },
]) {
  roles(name, () => assert.equal(new TestServer().create(document).causes, causes));
}

roles('its name may hold what a path segment may', () => {
  const named = (name: string) => new TestServer().create(role('Role', PODS, { metadata: { name } }));
  assert.is(named('system:Reader').code, 201);
  assert.equal(named('a/b').causes, ['metadata.name: Invalid value: "a/b": may not contain \'/\'']);
});

roles.run();
