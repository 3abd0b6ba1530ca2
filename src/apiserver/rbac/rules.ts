// What the rules of Roles and ClusterRoles may say, and what their names may be.
// Behaviour: pkg/apis/rbac/validation/validation.go (ValidatePolicyRule), Kubernetes v1.36.3.
import { type FieldError, invalid, required } from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import { isPathSegmentName } from '../../apimachinery/validation/names.ts';
import type { PolicyRule } from '../../schema/generated/types/rbac-v1.ts';

const A_VERB = 'verbs must contain at least one value';
const NOT_NAMESPACED = 'namespaced rules cannot apply to non-resource URLs';
const RESOURCES_AND_URLS = 'rules cannot apply to both regular resources and non-resource URLs';
const AN_API_GROUP = 'resource rules must supply at least one api group';
const A_RESOURCE = 'resource rules must supply at least one resource';

const RULES = FieldPath.of('rules');

export function validateRbacName(name: string): readonly string[] {
  return isPathSegmentName(name);
}

interface WithRules {
  readonly rules?: readonly PolicyRule[];
}

export function validateRules({ rules = [] }: WithRules, isNamespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  rules.forEach((rule, i) => {
    validateRule(rule, isNamespaced, RULES.index(i), errors);
  });
  return errors;
}

function validateRule(rule: PolicyRule, isNamespaced: boolean, path: FieldPath, errors: FieldError[]): void {
  const { verbs = [], nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  if (verbs.length === 0) errors.push(required(path.child('verbs'), A_VERB));
  if (nonResourceURLs.length > 0) {
    const urlsPath = path.child('nonResourceURLs');
    if (isNamespaced) errors.push(invalid(urlsPath, nonResourceURLs, NOT_NAMESPACED));
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      errors.push(invalid(urlsPath, nonResourceURLs, RESOURCES_AND_URLS));
    }
    return;
  }
  if (apiGroups.length === 0) errors.push(required(path.child('apiGroups'), AN_API_GROUP));
  if (resources.length === 0) errors.push(required(path.child('resources'), A_RESOURCE));
}
