// What one rule of a role allows, whether rules cover others, and how they are written in messages.
// Behaviour: pkg/apis/rbac/v1/evaluation_helpers.go, pkg/registry/rbac/validation/policy_compact.go,
// [component-helpers]/auth/rbac/validation/policy_comparator.go, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { PolicyRule } from '../../../schema/generated/types/rbac-v1.ts';
import { type Attributes, isResource } from '../authorizer.ts';

const ALL = '*';

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (!hasOrAll(verbs, attributes.verb)) return false;
  if (!isResource(attributes)) return nonResourceURLs.some((url) => url === ALL || urlCovers(url, attributes.path));
  const { group, resource, subresource, name = '' } = attributes;
  const whole = subresource ? `${resource}/${subresource}` : resource;
  return (
    hasOrAll(apiGroups, group) &&
    (hasOrAll(resources, whole) || (subresource ? resources.includes(`*/${subresource}`) : false)) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  );
}

function hasOrAll(list: readonly string[], wanted: string): boolean {
  return list.includes(ALL) || list.includes(wanted);
}

function urlCovers(owned: string, path: string): boolean {
  return owned === path || (owned.endsWith('*') && path.startsWith(owned.replace(/\*+$/, '')));
}

/** Rules of at most one verb, resource and name each that say the same. */
export function brokenDown(rule: PolicyRule): PolicyRule[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const about = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb): PolicyRule[] => {
        const single = { apiGroups: [group], resources: [resource], verbs: [verb] };
        return resourceNames.length === 0
          ? [single]
          : resourceNames.map((name) => ({ ...single, resourceNames: [name] }));
      }),
    ),
  );
  const paths = nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] })));
  return [...about, ...paths];
}

/** What of the wanted rules no single owned rule covers. */
export function uncovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(brokenDown).filter((single) => !owned.some((rule) => covers(rule, single)));
}

function covers(owner: PolicyRule, single: PolicyRule): boolean {
  const names = owner.resourceNames ?? [];
  const wantedNames = single.resourceNames ?? [];
  return (
    coversAll(owner.verbs, single.verbs) &&
    coversAll(owner.apiGroups, single.apiGroups) &&
    coversResources(owner.resources ?? [], single.resources ?? []) &&
    (names.length === 0 || (wantedNames.length > 0 && wantedNames.every((name) => names.includes(name)))) &&
    (single.nonResourceURLs ?? []).every((path) => (owner.nonResourceURLs ?? []).some((url) => urlCovers(url, path)))
  );
}

function coversAll(owned: readonly string[] = [], wanted: readonly string[] = []): boolean {
  return owned.includes(ALL) || wanted.every((item) => owned.includes(item));
}

function coversResources(owned: readonly string[], wanted: readonly string[]): boolean {
  if (coversAll(owned, wanted)) return true;
  return wanted.every((path) => {
    const slash = path.indexOf('/');
    return owned.includes(path) || (slash >= 0 && owned.includes(`*/${path.slice(slash + 1)}`));
  });
}

/** Rules about one resource joined to one rule with all their verbs; others as they are. */
export function compacted(rules: readonly PolicyRule[], keepsRepeatedVerbs: boolean): PolicyRule[] {
  const simple = new Map<string, PolicyRule>();
  const others: PolicyRule[] = [];
  for (const rule of rules) {
    const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs = [] } = rule;
    if (resourceNames.length > 1 || nonResourceURLs.length > 0 || apiGroups.length !== 1 || resources.length !== 1) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([apiGroups, resources, resourceNames]);
    const known = simple.get(key);
    if (!known) simple.set(key, rule);
    else {
      const all = [...(known.verbs ?? []), ...verbs];
      simple.set(key, { ...known, verbs: keepsRepeatedVerbs ? all : [...new Set(all)] });
    }
  }
  return [...others, ...simple.values()];
}

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}` */
export function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ] as const;
  return `{${parts.flatMap(([name, list]) => (list && list.length > 0 ? [`${name}:${quotedList(list)}`] : [])).join(', ')}}`;
}

/** Strings as Go prints a slice with %q. */
export function quotedList(list: readonly string[]): string {
  return `[${list.map(goQuote).join(' ')}]`;
}
