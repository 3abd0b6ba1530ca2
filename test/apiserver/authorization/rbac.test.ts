// Who may do what by roles and bindings, and that nobody grants what he lacks. The words are those of kube-apiserver v1.36.3, asked with the
// same objects and `kubectl --as`.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Attributes, attributesOf, forbiddenStatus } from '../../../src/apiserver/authorization/authorizer.ts';
import {
  brokenDown,
  compacted,
  ruleAllows,
  ruleText,
  uncovered,
} from '../../../src/apiserver/authorization/rbac/policy-rules.ts';
import { RbacAuthorizer } from '../../../src/apiserver/authorization/rbac/rbac-authorizer.ts';
import { impersonated } from '../../../src/apiserver/authorization/users.ts';
import type { ClusterReader } from '../../../src/apiserver/cluster-reader.ts';
import type { PolicyRule } from '../../../src/schema/generated/types/rbac-v1.ts';

const GROUP = 'rbac.authorization.k8s.io';
const role = (name: string, rules: PolicyRule[]) => ({ kind: 'Role', metadata: { name, namespace: 'shop' }, rules });
const binding = (name: string, kind: string, roleName: string, subjects: object[]) => ({
  kind: 'RoleBinding',
  metadata: { name, namespace: 'shop' },
  roleRef: { apiGroup: GROUP, kind, name: roleName },
  subjects,
});

const OBJECTS: Readonly<Record<string, readonly { metadata: { name: string; namespace?: string } }[]>> = {
  [`roles.${GROUP}`]: [
    role('deployer', [
      { apiGroups: ['apps'], resources: ['deployments', 'deployments/scale'], verbs: ['get', 'create'] },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['only'], verbs: ['get'] },
      { apiGroups: [''], resources: ['*/log'], verbs: ['get'] },
    ]),
  ],
  [`rolebindings.${GROUP}`]: [
    binding('broken', 'Role', 'gone', [{ kind: 'User', name: 'bob' }]),
    binding('deployers', 'Role', 'deployer', [
      { kind: 'User', name: 'jane' },
      { kind: 'ServiceAccount', name: 'ci' },
    ]),
  ],
  [`clusterroles.${GROUP}`]: [
    {
      metadata: { name: 'reader' },
      ...{
        rules: [
          { apiGroups: ['*'], resources: ['*'], verbs: ['get'] },
          { nonResourceURLs: ['/metrics*'], verbs: ['get'] },
        ],
      },
    },
  ],
  [`clusterrolebindings.${GROUP}`]: [
    {
      metadata: { name: 'readers' },
      ...{
        kind: 'ClusterRoleBinding',
        roleRef: { kind: 'ClusterRole', name: 'reader' },
        subjects: [{ kind: 'Group', name: 'dev' }],
      },
    },
    {
      metadata: { name: 'z-broken' },
      ...{
        kind: 'ClusterRoleBinding',
        roleRef: { kind: 'ClusterRole', name: 'gone-too' },
        subjects: [{ kind: 'User', name: 'bob' }],
      },
    },
  ],
};
/** The authorizer reads roles and bindings alone. */
const reader = {
  list: (resource: string, namespace?: string) =>
    (OBJECTS[resource] ?? []).filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
  get: (resource: string, namespace: string | undefined, name: string) =>
    OBJECTS[resource]?.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace),
} as unknown as ClusterReader;
const authorizer = new RbacAuthorizer(reader);

const ask = (
  verb: string,
  resource: string,
  more: Partial<Extract<Attributes, { resource: string }>> = {},
): Attributes => ({
  verb,
  group: resource.startsWith('deployments') ? 'apps' : '',
  resource,
  namespace: 'shop',
  ...more,
});

const rbac = suite('RBAC authorizer');
for (const { user, groups = [], question, answer, reason = '' } of [
  {
    user: 'jane',
    question: ask('create', 'deployments'),
    answer: true,
    reason: 'RBAC: allowed by RoleBinding "deployers/shop" of Role "deployer" to User "jane"',
  },
  { user: 'jane', question: ask('delete', 'deployments'), answer: false },
  { user: 'jane', question: ask('create', 'deployments', { namespace: 'default' }), answer: false },
  {
    user: 'jane',
    question: ask('get', 'deployments', { subresource: 'scale' }),
    answer: true,
    reason: 'RBAC: allowed by RoleBinding "deployers/shop" of Role "deployer" to User "jane"',
  },
  { user: 'jane', question: ask('get', 'deployments', { subresource: 'status' }), answer: false },
  {
    user: 'jane',
    question: ask('get', 'configmaps', { name: 'only' }),
    answer: true,
    reason: 'RBAC: allowed by RoleBinding "deployers/shop" of Role "deployer" to User "jane"',
  },
  { user: 'jane', question: ask('get', 'configmaps', { name: 'other' }), answer: false },
  { user: 'jane', question: ask('get', 'configmaps'), answer: false },
  {
    user: 'jane',
    question: ask('get', 'pods', { subresource: 'log' }),
    answer: true,
    reason: 'RBAC: allowed by RoleBinding "deployers/shop" of Role "deployer" to User "jane"',
  },
  {
    user: 'system:serviceaccount:shop:ci',
    question: ask('get', 'deployments'),
    answer: true,
    reason: 'RBAC: allowed by RoleBinding "deployers/shop" of Role "deployer" to ServiceAccount "ci/shop"',
  },
  { user: 'system:serviceaccount:other:ci', question: ask('get', 'deployments'), answer: false },
  {
    user: 'bob',
    question: ask('get', 'pods'),
    answer: false,
    reason: `RBAC: [clusterrole.${GROUP} "gone-too" not found, role.${GROUP} "gone" not found]`,
  },
  {
    user: 'bob',
    groups: ['dev'],
    question: ask('get', 'pods'),
    answer: true,
    reason: 'RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to Group "dev"',
  },
  {
    user: 'x',
    groups: ['dev'],
    question: { verb: 'get', path: '/metrics/cpu' },
    answer: true,
    reason: 'RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to Group "dev"',
  },
  { user: 'x', groups: ['dev'], question: { verb: 'get', path: '/healthz' }, answer: false },
  { user: 'x', groups: ['system:masters'], question: ask('destroy', 'everything'), answer: true },
] as const)
  rbac(`${user} ${groups} ${JSON.stringify(question)}: ${answer ? 'yes' : 'no'}`, () =>
    assert.equal(authorizer.authorize(impersonated(user, groups), question), { isAllowed: answer, reason }),
  );

for (const [name, groups, expected] of [
  ['jane', [], ['system:authenticated']],
  ['jane', ['dev'], ['dev', 'system:authenticated']],
  ['jane', ['dev', 'system:unauthenticated'], ['dev', 'system:unauthenticated']],
  ['system:anonymous', [], ['system:unauthenticated']],
  [
    'system:serviceaccount:shop:ci',
    [],
    ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
  ],
  ['system:serviceaccount:shop:ci', ['dev'], ['dev', 'system:authenticated']],
] as const)
  rbac(`--as ${name} --as-group ${groups} is in ${expected}`, () =>
    assert.equal(impersonated(name, groups).groups, expected),
  );

rbac('a denial names user, verb, resource, group and place', () => {
  const user = impersonated('<b>', []);
  const pods = { group: '', plural: 'pods' };
  const text = (attributes: ReturnType<typeof attributesOf>) => forbiddenStatus(user, attributes, '').message;
  assert.is(
    text(attributesOf('get', pods, { namespace: 'shop', name: 'a', subresource: 'log' })),
    'pods "a" is forbidden: User "&lt;b&gt;" cannot get resource "pods/log" in API group "" in the namespace "shop"',
  );
  assert.is(
    text(attributesOf('get', { group: '', plural: 'namespaces' }, { name: 'shop' })),
    'namespaces "shop" is forbidden: User "&lt;b&gt;" cannot get resource "namespaces" in API group "" in the namespace "shop"',
    'a single namespace is asked for in itself',
  );
  assert.is(
    text(attributesOf('create', { group: 'apps', plural: 'deployments' }, { namespace: 'shop' })),
    'deployments.apps is forbidden: User "&lt;b&gt;" cannot create resource "deployments" in API group "apps" in the namespace "shop"',
  );
});

const words = (...list: string[]) => fc.uniqueArray(fc.constantFrom(...list), { minLength: 1, maxLength: 3 });
const rule: fc.Arbitrary<PolicyRule> = fc.record({
  apiGroups: words('', 'apps', '*'),
  resources: words('pods', 'pods/log', '*/log', 'deployments', '*'),
  verbs: words('get', 'list', 'create', '*'),
  resourceNames: fc.oneof(fc.constant([]), words('a', 'b')),
});
const attributes: fc.Arbitrary<Attributes> = fc.record({
  group: fc.constantFrom('', 'apps'),
  resource: fc.constantFrom('pods', 'deployments'),
  subresource: fc.constantFrom('', 'log'),
  verb: fc.constantFrom('get', 'list', 'create'),
  name: fc.constantFrom('', 'a', 'b'),
});
const allows = (rules: readonly PolicyRule[], given: Attributes): boolean =>
  rules.some((one) => ruleAllows(one, given));

const laws = suite('policy rules');
laws('broken down or compacted, rules allow the same', () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), attributes, (rules, given) => {
      const single = rules.flatMap(brokenDown);
      assert.is(allows(single, given), allows(rules, given));
      assert.is(allows(compacted(single, false), given), allows(rules, given));
    }),
  );
});
laws('who holds all rules may grant them, and what is covered is allowed to the owner', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 3 }),
      fc.array(rule, { maxLength: 3 }),
      attributes,
      (owned, wanted, given) => {
        assert.equal(uncovered(owned, owned), []);
        if (uncovered(owned, wanted).length === 0 && allows(wanted, given)) assert.ok(allows(owned, given));
      },
    ),
  );
});
laws('a missing rule is told with its lists', () =>
  assert.is(
    ruleText({ apiGroups: [''], resources: ['configmaps'], resourceNames: ['more'], verbs: ['get', 'list'] }),
    '{APIGroups:[""], Resources:["configmaps"], ResourceNames:["more"], Verbs:["get" "list"]}',
  ),
);
rbac.run();
laws.run();
