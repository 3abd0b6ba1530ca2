// Whether a user may do something, as far as the described cluster tells: members of system:masters may do anything, others
// what the Roles and ClusterRoles that are bound to them allow.
// Behaviour: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go, pkg/apis/rbac/v1/evaluation_helpers.go,
// Kubernetes v1.36.3.
// Differs: only RBAC and the privileged group are asked; the node authorizer and webhooks are not.
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../../schema/generated/types/rbac-v1.ts';
import type { Authorize, Check } from '../../cel/library/authorizer.ts';
import type { ClusterReader } from '../../cluster-reader.ts';

const GROUP = 'rbac.authorization.k8s.io';
const PRIVILEGED = 'system:masters';

export function authorizerFor({ reader }: { readonly reader: ClusterReader }): Authorize {
  return (check) => {
    if (check.user.groups.includes(PRIVILEGED)) return { allowed: true, reason: '' };
    for (const binding of reader.list<ClusterRoleBinding>(`clusterrolebindings.${GROUP}`)) {
      const subject = subjectFor(binding.subjects, check, '');
      if (!subject || !allows(rulesOf(binding.roleRef, '', reader), check)) continue;
      const { name } = binding.metadata;
      return { allowed: true, reason: reasonFor(`ClusterRoleBinding "${name}"`, binding.roleRef, subject) };
    }
    const { namespace = '' } = check;
    if (namespace === '' || check.path !== undefined) return { allowed: false, reason: '' };
    for (const binding of reader.list<RoleBinding>(`rolebindings.${GROUP}`, namespace)) {
      const subject = subjectFor(binding.subjects, check, namespace);
      if (!subject || !allows(rulesOf(binding.roleRef, namespace, reader), check)) continue;
      const place = `RoleBinding "${binding.metadata.name}/${namespace}"`;
      return { allowed: true, reason: reasonFor(place, binding.roleRef, subject) };
    }
    return { allowed: false, reason: '' };
  };
}

function reasonFor(binding: string, { kind, name }: RoleRef, subject: Subject): string {
  const who =
    subject.kind === 'ServiceAccount'
      ? `ServiceAccount "${subject.name}/${subject.namespace}"`
      : `${subject.kind} "${subject.name}"`;
  return `RBAC: allowed by ${binding} of ${kind} "${name}" to ${who}`;
}

function subjectFor(subjects: readonly Subject[] = [], { user }: Check, namespace: string): Subject | undefined {
  return subjects.find(({ kind, name, namespace: own = namespace }) => {
    if (kind === 'User') return user.name === name;
    if (kind === 'Group') return user.groups.includes(name);
    return kind === 'ServiceAccount' && user.name === `system:serviceaccount:${own}:${name}`;
  });
}

function rulesOf({ kind, name }: RoleRef, namespace: string, reader: ClusterReader): readonly PolicyRule[] {
  const role =
    kind === 'ClusterRole'
      ? reader.get<ClusterRole>(`clusterroles.${GROUP}`, undefined, name)
      : reader.get<Role>(`roles.${GROUP}`, namespace, name);
  return role?.rules ?? [];
}

function allows(rules: readonly PolicyRule[], check: Check): boolean {
  return rules.some(
    (rule) =>
      includes(rule.verbs, check.verb) &&
      (check.path === undefined ? allowsResource(rule, check) : allowsPath(rule, check.path)),
  );
}

function allowsResource(rule: PolicyRule, { group = '', resource = '', subresource = '', name = '' }: Check): boolean {
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  const names = rule.resourceNames ?? [];
  return (
    includes(rule.apiGroups, group) &&
    (rule.resources ?? []).some(
      (one) => one === '*' || one === combined || (subresource !== '' && one === `*/${subresource}`),
    ) &&
    (names.length === 0 || names.includes(name))
  );
}

function allowsPath({ nonResourceURLs = [] }: PolicyRule, path: string): boolean {
  return nonResourceURLs.some(
    (url) =>
      url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1).replace(/\*+$/, ''))),
  );
}

function includes(list: readonly string[] | undefined, wanted: string): boolean {
  return list?.some((one) => one === '*' || one === wanted) ?? false;
}
