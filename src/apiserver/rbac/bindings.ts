// Whom RoleBindings and ClusterRoleBindings may bind to which role.
// Behaviour: pkg/apis/rbac/validation/validation.go (ValidateRoleBinding, ValidateRoleBindingSubject),
// pkg/apis/rbac/v1/defaults.go, Kubernetes v1.36.3.
import { type FieldError, GoValue, invalid, notSupported, required } from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../apimachinery/go/json.ts';
import { isDns1123Subdomain, isPathSegmentName } from '../../apimachinery/validation/names.ts';
import type { RoleRef, Subject } from '../../schema/generated/types/rbac-v1.ts';

const RBAC_GROUP = 'rbac.authorization.k8s.io';
const ROLE_REF_CHANGED = 'cannot change roleRef';

const ROLE_REF = FieldPath.of('roleRef');
const SUBJECTS = FieldPath.of('subjects');

const subjectKinds = ['ServiceAccount', 'User', 'Group'];

interface Binding {
  readonly subjects?: readonly Subject[];
  readonly roleRef: RoleRef;
}

export function defaultBinding<T extends Binding>(binding: T): T {
  const { roleRef, subjects } = binding;
  return {
    ...binding,
    roleRef: { ...roleRef, apiGroup: roleRef.apiGroup || RBAC_GROUP },
    ...(subjects ? { subjects: subjects.map(defaultSubject) } : {}),
  };
}

function defaultSubject(subject: Subject): Subject {
  if (subject.apiGroup || (subject.kind !== 'User' && subject.kind !== 'Group')) return subject;
  return { ...subject, apiGroup: RBAC_GROUP };
}

export function validateBinding({ roleRef, subjects = [] }: Binding, isNamespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const { apiGroup, kind, name } = roleRef;
  const roleKinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (apiGroup !== RBAC_GROUP) errors.push(notSupported(ROLE_REF.child('apiGroup'), apiGroup, [RBAC_GROUP]));
  if (!roleKinds.includes(kind)) errors.push(notSupported(ROLE_REF.child('kind'), kind, roleKinds));
  const namePath = ROLE_REF.child('name');
  if (!name) errors.push(required(namePath, ''));
  else for (const message of isPathSegmentName(name)) errors.push(invalid(namePath, name, message));
  subjects.forEach((subject, i) => {
    validateSubject(subject, isNamespaced, SUBJECTS.index(i), errors);
  });
  return errors;
}

function validateSubject(
  { kind, name, apiGroup = '', namespace = '' }: Subject,
  isNamespaced: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  const namePath = path.child('name');
  const groupPath = path.child('apiGroup');
  if (!name) errors.push(required(namePath, ''));
  switch (kind) {
    case 'ServiceAccount':
      if (name) for (const message of isDns1123Subdomain(name)) errors.push(invalid(namePath, name, message));
      if (apiGroup !== '') errors.push(notSupported(groupPath, apiGroup, ['']));
      if (!isNamespaced && namespace === '') errors.push(required(path.child('namespace'), ''));
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== RBAC_GROUP) errors.push(notSupported(groupPath, apiGroup, [RBAC_GROUP]));
      break;
    default:
      errors.push(notSupported(path.child('kind'), kind, subjectKinds));
  }
}

export function validateSameRole({ roleRef }: Binding, { roleRef: old }: Binding): readonly FieldError[] {
  const { apiGroup, kind, name } = roleRef;
  if (apiGroup === old.apiGroup && kind === old.kind && name === old.name) return [];
  const value = new GoValue(goMarshalInOrder({ APIGroup: apiGroup, Kind: kind, Name: name }));
  return [invalid(ROLE_REF, value, ROLE_REF_CHANGED)];
}
