import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RoleBinding } from '../../../../src/schema/generated/types/rbac-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const bindings = suite('RoleBinding and ClusterRoleBinding');

const GROUP = 'rbac.authorization.k8s.io';

function binding(kind: 'RoleBinding' | 'ClusterRoleBinding', subject: Json, roleRef: Json = {}): Document {
  return {
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name: 'b' },
    roleRef: { kind: 'ClusterRole', name: 'view', ...roleRef },
    subjects: [subject],
  };
}

bindings('groups of role and subjects are known', () => {
  const { object } = new TestServer().create(binding('RoleBinding', { kind: 'User', name: 'ada' }));
  const { roleRef, subjects } = object as unknown as RoleBinding;
  assert.is(roleRef.apiGroup, GROUP);
  assert.equal(subjects, [{ kind: 'User', name: 'ada', apiGroup: GROUP }]);
});

const ADA = { kind: 'User', name: 'ada' };

for (const { name, document, causes } of [
  {
    name: 'a service account across namespaces says which',
    document: binding('ClusterRoleBinding', { kind: 'ServiceAccount', name: 'bot' }),
    causes: ['subjects[0].namespace: Required value'],
  },
  {
    name: 'subjects are of three kinds',
    document: binding('RoleBinding', { kind: 'Robot', name: 'r' }),
    causes: ['subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"'],
  },
  {
    name: 'a ClusterRoleBinding is to a ClusterRole',
    document: binding('ClusterRoleBinding', ADA, { kind: 'Role' }),
    causes: ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
  },
]) {
  bindings(name, () => assert.equal(new TestServer().create(document).causes, causes));
}

bindings('the role may not change', () => {
  const server = new TestServer();
  server.create(binding('RoleBinding', ADA));
  assert.equal(server.update(binding('RoleBinding', ADA, { name: 'edit' })).causes, [
    'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"edit"}: cannot change roleRef',
  ]);
});

bindings.run();
