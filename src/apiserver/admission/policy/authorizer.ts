// What `authorizer` answers in expressions: what RBAC says of the described roles and bindings.
// Behaviour: [apiserver]/pkg/cel/library/authz.go (Authorize), Kubernetes v1.36.3.
import { RbacAuthorizer } from '../../authorization/rbac/rbac-authorizer.ts';
import type { Authorize } from '../../cel/library/authorizer.ts';
import type { AdmissionContext } from '../chain/plugin.ts';

export function authorizerFor({ reader }: Pick<AdmissionContext, 'reader'>): Authorize {
  const rbac = new RbacAuthorizer(reader);
  return ({ user, verb, path, group = '', resource = '', subresource, namespace, name }) => {
    const attributes =
      path === undefined
        ? {
            verb,
            group,
            resource,
            ...(subresource ? { subresource } : {}),
            ...(namespace ? { namespace } : {}),
            ...(name ? { name } : {}),
          }
        : { verb, path };
    const { isAllowed, reason } = rbac.authorize(user, attributes);
    return { allowed: isAllowed, reason };
  };
}
