// The resources of rbac.authorization.k8s.io.
import type { Resource } from '../resource.ts';
import { clusterRoleResource } from './cluster-role/strategy.ts';
import { clusterRoleBindingResource } from './cluster-role-binding/strategy.ts';
import { roleResource } from './role/strategy.ts';
import { roleBindingResource } from './role-binding/strategy.ts';

export const rbacResources: readonly Resource[] = [
  clusterRoleBindingResource,
  clusterRoleResource,
  roleBindingResource,
  roleResource,
];
