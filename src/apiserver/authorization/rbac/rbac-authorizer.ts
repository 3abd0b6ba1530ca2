// The authorizer of a cluster with --authorization-mode=RBAC: system:masters may do everything, others what their roles say.
// Behaviour: plugin/pkg/auth/authorizer/rbac/rbac.go, [apiserver]/pkg/authorization/authorizerfactory/builtin.go, Kubernetes v1.36.3.
// Differs: the Node authorizer and authorization webhooks are not simulated.
import { aggregateMessage } from '../../../apimachinery/aggregate-error.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import type { User } from '../../request.ts';
import { type Attributes, type Authorizer, type Decision, isResource, type UserRules } from '../authorizer.ts';
import { isPrivileged } from '../users.ts';
import { ruleAllows } from './policy-rules.ts';
import { BY_LISTER, RuleResolver } from './rule-resolver.ts';

export class RbacAuthorizer implements Authorizer {
  readonly #resolver: RuleResolver;

  constructor(reader: ClusterReader) {
    this.#resolver = new RuleResolver(reader, BY_LISTER);
  }

  authorize(user: User, attributes: Attributes): Decision {
    if (isPrivileged(user)) return { isAllowed: true, reason: '' };
    const errors: string[] = [];
    let allowedBy: string | undefined;
    this.#resolver.visit(user, isResource(attributes) ? attributes.namespace : undefined, (found) => {
      if ('error' in found) errors.push(found.error);
      else if (ruleAllows(found.rule, attributes)) allowedBy = found.source();
      return allowedBy === undefined;
    });
    if (allowedBy !== undefined) return { isAllowed: true, reason: `RBAC: allowed by ${allowedBy}` };
    return { isAllowed: false, reason: errors.length > 0 ? `RBAC: ${aggregateMessage(errors)}` : '' };
  }

  rulesFor(user: User, namespace: string | undefined): UserRules {
    return this.#resolver.rulesFor(user, namespace);
  }
}
