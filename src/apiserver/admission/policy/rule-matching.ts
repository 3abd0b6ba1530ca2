// Which requests the rules and selectors of a policy, a binding or a webhook take.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/matching/matching.go, plugin/webhook/predicates/{rules,namespace,object},
// Kubernetes v1.36.3.
import { internalError, notFound, type Status } from '../../../apimachinery/status.ts';
import type {
  MatchResources,
  NamedRuleWithOperations,
  RuleWithOperations,
} from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { Namespace } from '../../../schema/generated/types/core-v1.ts';
import { type LabelSelector, labelSelectorAsSelector, type Selector } from '../../../selectors/label-selector.ts';
import type { GroupVersionResource, Match, RequestView } from './request-view.ts';

/** What was matched, nothing, or why that cannot be told. */
type Matched = Match | undefined | { readonly status: Status };

export function matchResources(match: MatchResources, request: RequestView): Matched {
  const selected = matchSelectors(match, request);
  if (selected === false) return undefined;
  if (matchRules(match.excludeResourceRules ?? [], match.matchPolicy, request)) return undefined;
  const rules = match.resourceRules ?? [];
  const found = rules.length === 0 ? request.own : matchRules(rules, match.matchPolicy, request);
  // What is wrong with the selectors only matters for requests that the rules take.
  return found && selected !== true ? selected : found;
}

interface Selectors {
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

/** Whether both selectors take the request, or why that cannot be told. */
export function matchSelectors(
  { namespaceSelector, objectSelector }: Selectors,
  request: RequestView,
): boolean | { readonly status: Status } {
  const byNamespace = matchNamespace(namespaceSelector, request);
  if (byNamespace === false) return false;
  const byObject = matchObject(objectSelector, request);
  return byObject === false || byNamespace === true ? byObject : byNamespace;
}

function matchNamespace(given: LabelSelector | undefined, request: RequestView): boolean | { readonly status: Status } {
  const { namespace, isNamespace } = request;
  // Of what has no namespace none is exempted.
  if (namespace === '' && !isNamespace) return true;
  const selector = parsed(given);
  if ('status' in selector) return selector;
  if (selector.isEmpty()) return true;
  const { object, operation, subresource } = request.attributes;
  // A Namespace that comes or changes is not known by its new labels yet.
  if (isNamespace && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'))
    return selector.matches(object?.metadata.labels ?? {});
  const found = request.context.reader.get<Namespace>('namespaces', undefined, namespace);
  if (!found) return { status: notFound({ group: '', resource: 'namespaces' }, namespace) };
  return selector.matches(found.metadata.labels ?? {});
}

function matchObject(given: LabelSelector | undefined, request: RequestView): boolean | { readonly status: Status } {
  const selector = parsed(given);
  if ('status' in selector) return selector;
  if (selector.isEmpty()) return true;
  return [request.object, request.attributes.oldObject].some(
    (object) => object && selector.matches(object.metadata.labels ?? {}),
  );
}

const selectors = new WeakMap<LabelSelector, Selector | { readonly status: Status }>();

function parsed(given: LabelSelector | undefined): Selector | { readonly status: Status } {
  let selector = given && selectors.get(given);
  if (selector) return selector;
  const result = labelSelectorAsSelector(given);
  selector = result.ok ? result.value : { status: internalError(result.error) };
  if (given) selectors.set(given, selector);
  return selector;
}

/** The first rule that takes the request as it is; then, unless it must be exact, the first that takes an equivalent. */
function matchRules(
  rules: readonly NamedRuleWithOperations[],
  matchPolicy: string | undefined,
  request: RequestView,
): Match | undefined {
  if (rules.some((rule) => matchesRule(rule, request.own.resource, request) && matchesName(rule, request)))
    return request.own;
  if (matchPolicy === undefined || matchPolicy === 'Exact') return undefined;
  for (const rule of rules)
    for (const equivalent of request.equivalents())
      if (matchesRule(rule, equivalent.resource, request) && matchesName(rule, request)) return equivalent;
  return undefined;
}

/** As for a policy, but without names: the rules of a webhook. */
export function matchWebhookRules(
  rules: readonly RuleWithOperations[],
  matchPolicy: string | undefined,
  request: RequestView,
): Match | undefined {
  if (rules.some((rule) => matchesRule(rule, request.own.resource, request))) return request.own;
  if (matchPolicy !== 'Equivalent') return undefined;
  for (const rule of rules)
    for (const equivalent of request.equivalents())
      if (matchesRule(rule, equivalent.resource, request)) return equivalent;
  return undefined;
}

function matchesName({ resourceNames = [] }: NamedRuleWithOperations, { name }: RequestView): boolean {
  return resourceNames.length === 0 || resourceNames.includes(name);
}

function matchesRule(rule: RuleWithOperations, resource: GroupVersionResource, request: RequestView): boolean {
  return (
    matchesScope(rule.scope, resource, request) &&
    includes(rule.operations, request.operation) &&
    includes(rule.apiGroups, resource.group) &&
    includes(rule.apiVersions, resource.version) &&
    (rule.resources ?? []).some((one) => matchesResource(one, resource.resource, request.subresource))
  );
}

function matchesScope(scope: string | undefined, resource: GroupVersionResource, { namespace }: RequestView): boolean {
  if (scope === undefined || scope === '*') return true;
  const isNamespace = resource.group === '' && resource.version === 'v1' && resource.resource === 'namespaces';
  const isClusterWide = isNamespace || namespace === '';
  if (scope === 'Namespaced') return !isClusterWide;
  return scope === 'Cluster' && isClusterWide;
}

function includes(list: readonly string[] | undefined, wanted: string): boolean {
  return list?.some((one) => one === '*' || one === wanted) ?? false;
}

function matchesResource(rule: string, resource: string, subresource: string): boolean {
  const slash = rule.indexOf('/');
  const [name, sub] = slash < 0 ? [rule, ''] : [rule.slice(0, slash), rule.slice(slash + 1)];
  return (name === '*' || name === resource) && (sub === '*' || sub === subresource);
}
