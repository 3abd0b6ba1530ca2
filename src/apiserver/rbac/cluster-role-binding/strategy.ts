// How ClusterRoleBindings are created and updated.
// Behaviour: pkg/registry/rbac/clusterrolebinding/strategy.go, Kubernetes v1.36.3.
import type { ClusterRoleBinding } from '../../../schema/generated/types/rbac-v1.ts';
import { mayBindRole } from '../../authorization/rbac/escalation.ts';
import type { Resource } from '../../resource.ts';
import { defaultBinding, validateBinding, validateSameRole } from '../bindings.ts';
import { validateRbacName } from '../rules.ts';

export const clusterRoleBindingResource: Resource<ClusterRoleBinding> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  checkWrite: mayBindRole,
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    validateName: validateRbacName,
    applyDefaults: defaultBinding,
    validate: (binding) => validateBinding(binding, false),
    validateUpdate: (binding, old) => [...validateBinding(binding, false), ...validateSameRole(binding, old)],
  },
};
