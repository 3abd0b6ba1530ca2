// How Roles are created and updated.
// Behaviour: pkg/registry/rbac/role/strategy.go, Kubernetes v1.36.3.
import type { Role } from '../../../schema/generated/types/rbac-v1.ts';
import { mayGrantRules } from '../../authorization/rbac/escalation.ts';
import type { Resource } from '../../resource.ts';
import { validateRbacName, validateRules } from '../rules.ts';

export const roleResource: Resource<Role> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  namespaced: true,
  checkWrite: mayGrantRules,
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    validateName: validateRbacName,
    validate: (role) => validateRules(role, true),
    validateUpdate: (role) => validateRules(role, true),
  },
};
