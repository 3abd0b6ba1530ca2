// Nobody grants what he does not hold: the check on writes of roles and bindings.
// Behaviour: pkg/registry/rbac/escalation_check.go, pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased/storage.go,
// pkg/registry/rbac/validation/rule.go (ConfirmNoEscalation), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { forbidden, notFound } from '../../../apimachinery/status.ts';
import type { ClusterRole, PolicyRule, RoleRef } from '../../../schema/generated/types/rbac-v1.ts';
import type { StrategyContext, WriteCheck } from '../../resource.ts';
import { isPrivileged } from '../users.ts';
import { compacted, quotedList, ruleText, uncovered } from './policy-rules.ts';
import { byStorage, RuleResolver } from './rule-resolver.ts';

const GROUP = 'rbac.authorization.k8s.io';
const FULL_AUTHORITY: readonly PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];
const NEEDS_ADMIN = 'must have cluster-admin privileges to use the aggregationRule';

/** For Roles and ClusterRoles: the user holds every rule, or may escalate. */
export const mayGrantRules: WriteCheck = (object, old, { resource, namespace, name }, context) => {
  const { user, authorizer } = context;
  if (!authorizer || isPrivileged(user)) return undefined;
  const place = namespace ? { namespace } : {};
  const escalate = { verb: 'escalate', group: GROUP, resource: resource.plural, ...place, ...(name ? { name } : {}) };
  if (authorizer.authorize(user, escalate).isAllowed) return undefined;
  if (old && changesOnlyOwnership(object, old)) return undefined;
  const role = object as ClusterRole;
  const missing = escalationText(role.rules ?? [], resource.plural, namespace, context);
  const target = { group: GROUP, resource: resource.plural };
  if (missing !== undefined) return forbidden(target, object.metadata.name ?? '', missing);
  const aggregates = hasAggregation(role) || (old ? hasAggregation(old as ClusterRole) : false);
  if (!aggregates || escalationText(FULL_AUTHORITY, resource.plural, namespace, context) === undefined)
    return undefined;
  return forbidden(target, object.metadata.name ?? '', NEEDS_ADMIN);
};

/** For bindings: the user may bind the role, or holds all of its rules. */
export const mayBindRole: WriteCheck = (object, old, { resource, namespace }, context) => {
  const { user, authorizer } = context;
  if (!authorizer || isPrivileged(user)) return undefined;
  if (old && changesOnlyOwnership(object, old)) return undefined;
  const { roleRef } = object as KubeObject & { readonly roleRef: RoleRef };
  const plural = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  const place = namespace ? { namespace } : {};
  const bind = { verb: 'bind', group: roleRef.apiGroup, resource: plural, name: roleRef.name, ...place };
  if (authorizer.authorize(user, bind).isAllowed) return undefined;
  const role = new RuleResolver(context.reader, byStorage(resource.plural)).roleRules(roleRef, namespace ?? '');
  if (!role.ok) return notFound({ group: GROUP, resource: role.resource }, role.name);
  const missing = escalationText(role.rules, resource.plural, namespace, context);
  if (missing === undefined) return undefined;
  return forbidden({ group: GROUP, resource: resource.plural }, object.metadata.name ?? '', missing);
};

/** What the user lacks of these rules; undefined when nothing. */
function escalationText(
  rules: readonly PolicyRule[],
  requested: string,
  namespace: string | undefined,
  { reader, user }: StrategyContext,
): string | undefined {
  const owned = new RuleResolver(reader, byStorage(requested)).rulesFor(user, namespace);
  const missing = uncovered(owned.rules, rules);
  if (missing.length === 0) return undefined;
  const lines = [...new Set(compacted(missing, true).map(ruleText))].sort();
  const who = `user ${goQuote(user.name)} (groups=${quotedList(user.groups)})`;
  const text = `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`;
  const { errors } = owned;
  if (errors.length === 0) return text;
  const said = errors.length === 1 ? errors[0] : `[${[...new Set(errors)].join(', ')}]`;
  return `${text}; resolution errors: [${said}]`;
}

function hasAggregation({ aggregationRule }: ClusterRole): boolean {
  return (aggregationRule?.clusterRoleSelectors ?? []).length > 0;
}

/** The garbage collector may take owners and finalizers away from what it could not grant. */
function changesOnlyOwnership(object: KubeObject, old: KubeObject): boolean {
  return semanticDeepEqual(withoutOwnership(object), withoutOwnership(old));
}

function withoutOwnership(object: KubeObject): KubeObject {
  const { ownerReferences: _1, finalizers: _2, managedFields: _3, ...metadata } = object.metadata;
  return { ...object, metadata };
}
