// How ClusterRoles are created and updated.
// Behaviour: pkg/registry/rbac/clusterrole/strategy.go, pkg/apis/rbac/validation/validation.go, Kubernetes v1.36.3.
import { type FieldError, invalid, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { ClusterRole } from '../../../schema/generated/types/rbac-v1.ts';
import { labelSelectorAsSelector } from '../../../selectors/label-selector.ts';
import { validateLabelSelector } from '../../../selectors/label-selector-validation.ts';
import { mayGrantRules } from '../../authorization/rbac/escalation.ts';
import type { Resource } from '../../resource.ts';
import { validateRbacName, validateRules } from '../rules.ts';

const A_SELECTOR = 'at least one clusterRoleSelector required if aggregationRule is non-nil';
const INVALID_SELECTOR = 'invalid label selector.';

const SELECTORS = FieldPath.of('aggregationRule', 'clusterRoleSelectors');

export const clusterRoleResource: Resource<ClusterRole> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  namespaced: false,
  checkWrite: mayGrantRules,
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    validateName: validateRbacName,
    validate: (role) => validateClusterRole(role, false),
    validateUpdate: (role, old) => validateClusterRole(role, hasInvalidSelector(old)),
  },
};

function hasInvalidSelector({ aggregationRule }: ClusterRole): boolean {
  const selectors = aggregationRule?.clusterRoleSelectors ?? [];
  return selectors.some((selector) => validateLabelSelector(selector, {}, SELECTORS).length > 0);
}

function validateClusterRole(role: ClusterRole, allowInvalidLabelValueInSelector: boolean): readonly FieldError[] {
  const errors = validateRules(role, false);
  if (!role.aggregationRule) return errors;
  const { clusterRoleSelectors: selectors = [] } = role.aggregationRule;
  if (selectors.length === 0) errors.push(required(SELECTORS, A_SELECTOR));
  selectors.forEach((selector, i) => {
    const path = SELECTORS.index(i);
    errors.push(...validateLabelSelector(selector, { allowInvalidLabelValueInSelector }, path));
    // Upstream's bad value is the selector that could not be read.
    if (!labelSelectorAsSelector(selector).ok) errors.push(invalid(path, null, INVALID_SELECTOR));
  });
  return errors;
}
