// How RoleBindings are created and updated.
// Behaviour: pkg/registry/rbac/rolebinding/strategy.go, Kubernetes v1.36.3.
import type { RoleBinding } from '../../../schema/generated/types/rbac-v1.ts';
import { mayBindRole } from '../../authorization/rbac/escalation.ts';
import type { Resource } from '../../resource.ts';
import { defaultBinding, validateBinding, validateSameRole } from '../bindings.ts';
import { validateRbacName } from '../rules.ts';

export const roleBindingResource: Resource<RoleBinding> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  namespaced: true,
  checkWrite: mayBindRole,
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    validateName: validateRbacName,
    applyDefaults: defaultBinding,
    validate: (binding) => validateBinding(binding, true),
    validateUpdate: (binding, old) => [...validateBinding(binding, true), ...validateSameRole(binding, old)],
  },
};
