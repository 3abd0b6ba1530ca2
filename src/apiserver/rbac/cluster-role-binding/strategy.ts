// How ClusterRoleBindings are created and updated.
// Behaviour: pkg/registry/rbac/clusterrolebinding/strategy.go, Kubernetes v1.36.3.
// Differs: that a user may not bind a role that he could not grant is not checked; requests are an administrator's.
import type { ClusterRoleBinding } from '../../../schema/generated/types/rbac-v1.ts';
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
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    validateName: validateRbacName,
    applyDefaults: defaultBinding,
    validate: (binding) => validateBinding(binding, false),
    validateUpdate: (binding, old) => [...validateBinding(binding, false), ...validateSameRole(binding, old)],
  },
};
