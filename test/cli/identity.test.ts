// A plan as somebody: what his roles let him apply, object by object, and kubectl auth can-i. The words are kube-apiserver's and kubectl's.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/planner/changes/plan.ts';
import { runCommand } from './test-io.ts';

const CLUSTER = `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deployer, namespace: shop}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [get, create, patch]}
- {apiGroups: [""], resources: [services], verbs: [get]}
- {apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [get, create, patch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deployers, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
subjects: [{kind: User, name: jane}, {kind: ServiceAccount, name: ci}]
`;
const rbac = (kind: string, name: string, rest: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\n${rest}\n`;
const ref = (kind: string, name: string) =>
  `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${name}}\nsubjects: [{kind: User, name: eve}]`;
const MANIFESTS = [
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: default}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\nspec: {ports: [{port: 80}]}\n',
  rbac('Role', 'within', 'rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]'),
  rbac('Role', 'beyond', 'rules: [{apiGroups: ["", apps], resources: [secrets], verbs: [get, list]}]'),
  rbac('RoleBinding', 'self', ref('Role', 'deployer')),
  rbac('RoleBinding', 'admin', ref('ClusterRole', 'cluster-admin')),
  rbac('RoleBinding', 'missing', ref('Role', 'nowhere')),
].join('---\n');

const identity = suite<{ folder: string; cluster: string; manifests: string }>('identity');
identity.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
  context.cluster = join(context.folder, 'cluster.yaml');
  context.manifests = join(context.folder, 'manifests.yaml');
  writeFileSync(context.cluster, CLUSTER);
  writeFileSync(context.manifests, MANIFESTS);
});
identity.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

identity(
  'a plan as jane creates what her role allows and refuses the rest in the words of the API server',
  async (context) => {
    const { cluster, manifests } = context;
    const { code, stdout } = await runCommand([
      'plan',
      '-f',
      manifests,
      '--cluster',
      cluster,
      '--as',
      'jane',
      '-o',
      'json',
    ]);
    const plan = JSON.parse(stdout) as Plan;
    assert.is(code, 3);
    const done = plan.changes.filter(({ origin, action }) => origin === 'submitted' && action === 'create');
    assert.equal(
      done.map(({ object }) => `${object.kind} ${object.name}`),
      ['ConfigMap a', 'Role within', 'RoleBinding self'],
    );
    const grant = 'is attempting to grant RBAC permissions not currently held:';
    assert.equal(
      plan.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ code: reason, message }) => [reason, message]),
      [
        [
          'Forbidden',
          'configmaps "b" is forbidden: User "jane" cannot get resource "configmaps" in API group "" in the namespace "default"',
        ],
        [
          'Forbidden',
          `roles.rbac.authorization.k8s.io "beyond" is forbidden: user "jane" (groups=["system:authenticated"]) ${grant}\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}\n{APIGroups:["apps"], Resources:["secrets"], Verbs:["get" "list"]}`,
        ],
        [
          'Forbidden',
          `rolebindings.rbac.authorization.k8s.io "admin" is forbidden: user "jane" (groups=["system:authenticated"]) ${grant}\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}`,
        ],
        ['NotFound', 'rolebindings.rbac.authorization.k8s.io "nowhere" not found'],
        [
          'Forbidden',
          'services is forbidden: User "jane" cannot create resource "services" in API group "" in the namespace "shop"',
        ],
      ],
    );
  },
);
identity(
  'an administrator is asked nothing, and the default roles are in no plan that names nobody',
  async ({ cluster, manifests }) => {
    const { stdout } = await runCommand(['plan', '-f', manifests, '--cluster', cluster, '-o', 'json']);
    const plan = JSON.parse(stdout) as Plan;
    assert.is(plan.summary.refused, 0);
    assert.is(plan.changes.filter(({ object }) => object.name.startsWith('system:')).length, 0);
  },
);
identity('groups without a user are misuse', async ({ manifests }) => {
  const { code, stderr } = await runCommand(['plan', '-f', manifests, '--as-group', 'dev']);
  assert.is(code, 1);
  assert.match(stderr, /without impersonating a user\nName the user with --as/);
});

for (const { args, code, stdout = '', stderr = '' } of [
  { args: 'create configmaps -n shop --as jane', code: 0, stdout: 'yes\n' },
  { args: 'create cm --as jane', code: 1, stdout: 'no\n' },
  { args: 'create cm -n shop --as system:serviceaccount:shop:ci', code: 0, stdout: 'yes\n' },
  {
    args: 'create nodes --as jane',
    code: 1,
    stdout: 'no\n',
    stderr: "Warning: resource 'nodes' is not namespace scoped\n\n",
  },
  {
    args: 'create gadgets --as jane',
    code: 1,
    stdout: 'no\n',
    stderr: "Warning: the server doesn't have a resource type 'gadgets'\n\n",
  },
  { args: 'frob deploy/x --as jane', code: 1, stdout: 'no\n', stderr: "Warning: verb 'frob' is not a known verb\n\n" },
  { args: 'get /healthz --as jane', code: 0, stdout: 'yes\n' },
  { args: 'list pods -q --as jane', code: 1 },
  { args: '* * --as x --as-group system:masters', code: 0, stdout: 'yes\n' },
  { args: 'get pods -n shop --as u --as-group system:nodes', code: 1, stdout: 'no\n' },
  {
    args: 'get --as jane',
    code: 1,
    stderr:
      "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.\n",
  },
] as const)
  identity(`auth can-i ${args} exits with ${code}`, async ({ cluster }) => {
    const ran = await runCommand(['auth', 'can-i', ...args.split(' '), '--cluster', cluster]);
    assert.is(ran.code, code, ran.stderr);
    assert.is(ran.stderr, stderr);
    assert.is(ran.stdout, stdout);
  });
identity('auth can-i --list shows every rule once, sorted as kubectl sorts', async ({ cluster }) => {
  const { stdout } = await runCommand(['auth', 'can-i', '--list', '-n', 'shop', '--as', 'jane', '--cluster', cluster]);
  assert.equal(stdout.split('\n').slice(0, 9), [
    'Resources                                       Non-Resource URLs   Resource Names   Verbs',
    'selfsubjectreviews.authentication.k8s.io        []                  []               [create]',
    'selfsubjectaccessreviews.authorization.k8s.io   []                  []               [create]',
    'selfsubjectrulesreviews.authorization.k8s.io    []                  []               [create]',
    'configmaps                                      []                  []               [get create patch]',
    'rolebindings.rbac.authorization.k8s.io          []                  []               [get create patch]',
    'roles.rbac.authorization.k8s.io                 []                  []               [get create patch]',
    '                                                [/api/*]            []               [get]',
    '                                                [/api]              []               [get]',
  ]);
});
identity.run();
