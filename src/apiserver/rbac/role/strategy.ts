// How Roles are created and updated.
// Behaviour: pkg/registry/rbac/role/strategy.go, Kubernetes v1.36.3.
// Differs: that a user may not grant more than he has is not checked; requests are an administrator's.
import type { Role } from '../../../schema/generated/types/rbac-v1.ts';
import type { Resource } from '../../resource.ts';
import { validateRbacName, validateRules } from '../rules.ts';

export const roleResource: Resource<Role> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  namespaced: true,
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    validateName: validateRbacName,
    validate: (role) => validateRules(role, true),
    validateUpdate: (role) => validateRules(role, true),
  },
};
