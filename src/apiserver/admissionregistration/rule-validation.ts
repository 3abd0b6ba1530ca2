// Whether a rule says which requests it is about: operations, groups, versions, resources and scope.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (validateRuleWithOperations, validateNamedRuleWithOperations), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { isPathSegmentName } from '../../apimachinery/validation/names.ts';
import type {
  NamedRuleWithOperations,
  RuleWithOperations,
} from '../../schema/generated/types/admissionregistration-v1.ts';

const NO_OTHER_OPERATIONS = "if '*' is present, must not specify other operations";
const NO_OTHER_GROUPS = "if '*' is present, must not specify other API groups";
const NO_OTHER_VERSIONS = "if '*' is present, must not specify other API versions";
const NO_OTHER_RESOURCES = "if '*/*' is present, must not specify other resources";
const NO_OTHER_WHOLE_RESOURCES = "if '*' is present, must not specify other resources without subresources";

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

export function validateNamedRule(rule: NamedRuleWithOperations, path: FieldPath, errors: FieldError[]): void {
  const seen = new Set<string>();
  (rule.resourceNames ?? []).forEach((name, i) => {
    const at = path.child('resourceNames').index(i);
    for (const text of isPathSegmentName(name)) errors.push(invalid(at, name, text));
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
  });
  validateRule(rule, path, errors);
}

export function validateRule(rule: RuleWithOperations, path: FieldPath, errors: FieldError[]): void {
  const { apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  validateOperations(rule.operations ?? [], path.child('operations'), errors);
  validateWildcardList(apiGroups, NO_OTHER_GROUPS, path.child('apiGroups'), errors);
  validateWildcardList(apiVersions, NO_OTHER_VERSIONS, path.child('apiVersions'), errors);
  apiVersions.forEach((version, i) => {
    if (version === '') errors.push(required(path.child('apiVersions').index(i), ''));
  });
  validateResources(resources, path.child('resources'), errors);
  if (scope !== undefined && !scopes.includes(scope)) {
    errors.push(notSupported(path.child('scope'), namedString(scope), scopes));
  }
}

function validateOperations(given: readonly string[], path: FieldPath, errors: FieldError[]): void {
  validateWildcardList(given, NO_OTHER_OPERATIONS, path, errors);
  given.forEach((operation, i) => {
    if (!operations.includes(operation)) errors.push(notSupported(path.index(i), namedString(operation), operations));
  });
}

function validateWildcardList(list: readonly string[], alone: string, path: FieldPath, errors: FieldError[]): void {
  if (list.length === 0) errors.push(required(path, ''));
  if (list.length > 1 && list.includes('*')) errors.push(invalid(path, list, alone));
}

function validateResources(resources: readonly string[], path: FieldPath, errors: FieldError[]): void {
  if (resources.length === 0) errors.push(required(path, ''));
  const withEverySubresource = new Set<string>();
  const ofEveryResource = new Set<string>();
  let lastWithoutSubresource = false;
  resources.forEach((resource, i) => {
    const at = path.index(i);
    if (resource === '') {
      errors.push(required(at, ''));
      return;
    }
    const slash = resource.indexOf('/');
    if (slash === -1) {
      // The last such resource decides, not any.
      lastWithoutSubresource = resource !== '*';
      return;
    }
    const name = resource.slice(0, slash);
    const subresource = resource.slice(slash + 1);
    if (withEverySubresource.has(name)) errors.push(invalid(at, resource, notBeside(`${name}/*`, resource)));
    if (ofEveryResource.has(subresource)) errors.push(invalid(at, resource, notBeside(`*/${subresource}`, resource)));
    if (subresource === '*') withEverySubresource.add(name);
    if (name === '*') ofEveryResource.add(subresource);
  });
  if (resources.length > 1 && resources.includes('*/*')) errors.push(invalid(path, resources, NO_OTHER_RESOURCES));
  if (lastWithoutSubresource && resources.includes('*')) {
    errors.push(invalid(path, resources, NO_OTHER_WHOLE_RESOURCES));
  }
}

function notBeside(wildcard: string, resource: string): string {
  return `if '${wildcard}' is present, must not specify ${resource}`;
}
