// Whom a request acts for, and the groups that come with a name.
// Behaviour: [apiserver]/pkg/endpoints/filters/impersonation/impersonation.go, pkg/authentication/{user,serviceaccount}, Kubernetes v1.36.3.
import type { User } from '../request.ts';

/** May do everything, whatever the rules say. */
const MASTERS = 'system:masters';
const ANONYMOUS = 'system:anonymous';
const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;
const SERVICE_ACCOUNTS = 'system:serviceaccounts';

export function isPrivileged({ groups }: User): boolean {
  return groups.includes(MASTERS);
}

export function serviceAccountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** The user that `--as NAME --as-group GROUP…` stands for. */
export function impersonated(name: string, groups: readonly string[]): User {
  const account = SERVICE_ACCOUNT.exec(name);
  const own = groups.length > 0 || !account ? [...groups] : [SERVICE_ACCOUNTS, `${SERVICE_ACCOUNTS}:${account[1]}`];
  if (name === ANONYMOUS) return { name, groups: own.includes(UNAUTHENTICATED) ? own : [...own, UNAUTHENTICATED] };
  const isSaid = own.includes(AUTHENTICATED) || own.includes(UNAUTHENTICATED);
  return { name, groups: isSaid ? own : [...own, AUTHENTICATED] };
}
