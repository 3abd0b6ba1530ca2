// Who may do what: the question a request asks before anything else, and the words in which it is denied.
// Behaviour: [apiserver]/pkg/authorization/authorizer/interfaces.go, pkg/endpoints/handlers/responsewriters/errors.go,
// pkg/endpoints/request/requestinfo.go, Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';
import { forbidden, type Status } from '../../apimachinery/status.ts';
import type { PolicyRule } from '../../schema/generated/types/rbac-v1.ts';
import type { User } from '../request.ts';

interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Absent for what has no namespace, and for questions about all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
}

interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export type Attributes = ResourceAttributes | PathAttributes;

export interface Decision {
  readonly isAllowed: boolean;
  /** Why it is allowed, or what went wrong on the way to a denial; often empty. */
  readonly reason: string;
}

export interface UserRules {
  readonly rules: readonly PolicyRule[];
  /** What could not be resolved; the list may lack rules then. */
  readonly errors: readonly string[];
}

export interface Authorizer {
  authorize(user: User, attributes: Attributes): Decision;
  /** What the user may do in a namespace, and anywhere. */
  rulesFor(user: User, namespace: string | undefined): UserRules;
}

export function isResource(attributes: Attributes): attributes is ResourceAttributes {
  return !('path' in attributes);
}

/** The attributes of a request; one about a single Namespace counts as a request in it. */
export function attributesOf(
  verb: string,
  resource: { readonly group: string; readonly plural: string },
  { namespace, name, subresource }: Pick<ResourceAttributes, 'namespace' | 'name' | 'subresource'>,
): ResourceAttributes {
  const place = resource.group === '' && resource.plural === 'namespaces' ? name : namespace;
  return {
    verb,
    group: resource.group,
    resource: resource.plural,
    ...(subresource ? { subresource } : {}),
    ...(place ? { namespace: place } : {}),
    ...(name ? { name } : {}),
  };
}

export function forbiddenStatus(user: User, attributes: ResourceAttributes, reason: string): Status {
  const { verb, group, resource, subresource, namespace, name = '' } = attributes;
  const what = goQuote(subresource ? `${resource}/${subresource}` : resource);
  const where = namespace ? `in the namespace ${goQuote(namespace)}` : 'at the cluster scope';
  const text = `User ${goQuote(user.name)} cannot ${verb} resource ${what} in API group ${goQuote(group)} ${where}`;
  return forbidden({ group, resource }, name, reason === '' ? harmless(text) : `${harmless(text)}: ${reason}`);
}

/** An answer must not look like HTML. */
function harmless(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
