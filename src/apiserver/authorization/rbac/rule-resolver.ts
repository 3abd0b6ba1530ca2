// Which rules apply to a user: those of the roles that bindings give to him, cluster-wide first, then in the namespace.
// Behaviour: pkg/registry/rbac/validation/rule.go, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../../schema/generated/types/rbac-v1.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import type { User } from '../../request.ts';
import type { UserRules } from '../authorizer.ts';
import { serviceAccountUser } from '../users.ts';

const GROUP = 'rbac.authorization.k8s.io';

type ResolvedRole =
  | { readonly ok: true; readonly rules: readonly PolicyRule[] }
  /** The role does not exist. */
  | { readonly ok: false; readonly resource: string; readonly name: string };

/** What a missing role is called: listers say its singular; the storage, which knows only what was asked for, the request's resource. */
type MissingRole = { readonly role: string; readonly clusterRole: string };

export const BY_LISTER: MissingRole = { role: 'role', clusterRole: 'clusterrole' };

export function byStorage(requested: string): MissingRole {
  return { role: requested, clusterRole: requested };
}

/** A rule with the binding that gives it, or why a binding gives none. */
type Visit = (
  found: { readonly rule: PolicyRule; readonly source: () => string } | { readonly error: string },
) => boolean;

export class RuleResolver {
  readonly #reader: ClusterReader;
  readonly #missing: MissingRole;

  constructor(reader: ClusterReader, missing: MissingRole) {
    this.#reader = reader;
    this.#missing = missing;
  }

  rulesFor(user: User, namespace: string | undefined): UserRules {
    const rules: PolicyRule[] = [];
    const errors: string[] = [];
    this.visit(user, namespace, (found) => {
      if ('error' in found) errors.push(found.error);
      else rules.push(found.rule);
      return true;
    });
    return { rules, errors };
  }

  /** Goes through the rules until the visitor answers false. */
  visit(user: User, namespace: string | undefined, visitor: Visit): void {
    const everywhere = this.#reader.list<ClusterRoleBinding>(`clusterrolebindings.${GROUP}`);
    for (const binding of everywhere) if (!this.#visitBinding(binding, user, '', visitor)) return;
    if (!namespace) return;
    const here = this.#reader.list<RoleBinding>(`rolebindings.${GROUP}`, namespace);
    for (const binding of here) if (!this.#visitBinding(binding, user, namespace, visitor)) return;
  }

  #visitBinding(binding: ClusterRoleBinding | RoleBinding, user: User, namespace: string, visitor: Visit): boolean {
    const subject = binding.subjects?.find((candidate) => isMeant(candidate, user, namespace));
    if (!subject) return true;
    const resolved = this.roleRules(binding.roleRef, namespace);
    if (!resolved.ok) return visitor({ error: `${resolved.resource}.${GROUP} ${goQuote(resolved.name)} not found` });
    const source = () => sourceText(binding, subject, namespace);
    return resolved.rules.every((rule) => visitor({ rule, source }));
  }

  roleRules({ kind, name }: RoleRef, namespace: string): ResolvedRole {
    if (kind === 'Role') {
      const role = this.#reader.get<Role>(`roles.${GROUP}`, namespace, name);
      return role ? { ok: true, rules: role.rules ?? [] } : { ok: false, resource: this.#missing.role, name };
    }
    const role = this.#reader.get<ClusterRole>(`clusterroles.${GROUP}`, undefined, name);
    return role ? { ok: true, rules: role.rules ?? [] } : { ok: false, resource: this.#missing.clusterRole, name };
  }
}

function isMeant({ kind, name, namespace }: Subject, user: User, bindingNamespace: string): boolean {
  switch (kind) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount': {
      const place = namespace || bindingNamespace;
      return place !== '' && user.name === serviceAccountUser(place, name);
    }
    default:
      return false;
  }
}

function sourceText(
  { kind, metadata, roleRef }: ClusterRoleBinding | RoleBinding,
  subject: Subject,
  namespace: string,
): string {
  const name = kind === 'RoleBinding' ? `${metadata.name}/${metadata.namespace}` : (metadata.name ?? '');
  const who = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || namespace}` : subject.name;
  return `${kind} ${goQuote(name)} of ${roleRef.kind} ${goQuote(roleRef.name)} to ${subject.kind} ${goQuote(who)}`;
}
