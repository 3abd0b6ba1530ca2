// `kubectl create role|clusterrole|rolebinding|clusterrolebinding`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/create/create_{role,clusterrole,rolebinding,clusterrolebinding}.go, Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type { JsonMap } from '../../../../apimachinery/json.ts';
import { KubectlError } from '../../outcome.ts';
import { CREATE_FLAGS } from './create-flags.ts';
import { type Generator, type GeneratorInput, sliceFlag, unique } from './generator.ts';

const RBAC = 'rbac.authorization.k8s.io';
const RESOURCE_VERBS = new Set(
  '* get delete list create update patch watch proxy deletecollection use bind escalate impersonate'.split(' '),
);
const URL_VERBS = new Set('* get post put delete patch head options'.split(' '));
/** Verbs that mean something for a few resources only. */
const SPECIAL_VERBS: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: [`roles.${RBAC}`, `clusterroles.${RBAC}`],
  escalate: [`roles.${RBAC}`, `clusterroles.${RBAC}`],
  impersonate: ['users.', 'serviceaccounts.', 'groups.', 'userextras.authentication.k8s.io'],
};

interface Asked {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}

interface Rules {
  readonly verbs: readonly string[];
  readonly resources: readonly Asked[];
  readonly names: readonly string[];
  readonly urls: readonly string[];
}

export const role: Generator = {
  flags: CREATE_FLAGS.role,
  build(input) {
    const rules = rulesOf(input);
    if (rules.verbs.length === 0) throw new KubectlError('at least one verb must be specified');
    warnOfVerbs(rules, input);
    if (rules.resources.length === 0) throw new KubectlError('at least one resource must be specified');
    checkResources(rules, input);
    return object('Role', input.name, { rules: policyRules(rules, input) });
  },
};

export const clusterRole: Generator = {
  flags: CREATE_FLAGS.clusterRole,
  build(input) {
    const rules = rulesOf(input);
    const labels = sliceFlag(input.given, 'aggregation-rule').map((pair) => pair.split('='));
    const { verbs, resources, names, urls } = rules;
    if (labels.length > 0) {
      if (verbs.length + resources.length + names.length + urls.length > 0)
        throw new KubectlError(
          'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
        );
      const matchLabels = Object.fromEntries(labels.map(([key = '', value = '']) => [key, value]));
      return object('ClusterRole', input.name, { aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } });
    }
    if (verbs.length === 0) throw new KubectlError('at least one verb must be specified');
    if (resources.length + urls.length === 0)
      throw new KubectlError('one of resource or nonResourceURL must be specified');
    if (resources.length > 0) {
      warnOfVerbs(rules, input);
      checkResources(rules, input);
    }
    checkUrls(rules);
    return object('ClusterRole', input.name, { rules: policyRules(rules, input) });
  },
};

function object(kind: string, name: string, rest: JsonMap): JsonMap {
  return { apiVersion: `${RBAC}/v1`, kind, metadata: { name }, ...rest };
}

function rulesOf({ given }: GeneratorInput): Rules {
  const verbs = sliceFlag(given, 'verb');
  const resources: Asked[] = [];
  let all: Asked | undefined;
  for (const text of sliceFlag(given, 'resource')) {
    const slash = text.indexOf('/');
    const head = slash < 0 ? text : text.slice(0, slash);
    const dot = head.indexOf('.');
    const asked = {
      resource: dot < 0 ? head : head.slice(0, dot),
      group: dot < 0 ? '' : head.slice(dot + 1),
      subresource: slash < 0 ? '' : text.slice(slash + 1),
    };
    if (text === '*') {
      all = asked;
      break;
    }
    resources.push(asked);
  }
  return {
    verbs: verbs.includes('*') ? ['*'] : unique(verbs),
    resources: all ? [all] : resources,
    names: unique(given.list('resource-name')),
    urls: unique(sliceFlag(given, 'non-resource-url')),
  };
}

function warnOfVerbs({ verbs }: Rules, { output }: GeneratorInput): void {
  for (const verb of verbs)
    if (!RESOURCE_VERBS.has(verb)) output.error(`Warning: '${verb}' is not a standard resource verb\n`);
}

function found({ group, resource }: Asked, { context }: GeneratorInput) {
  return context.view.resources.find(group === '' ? resource : `${resource}.${group}`)?.resource;
}

function checkResources({ verbs, resources }: Rules, input: GeneratorInput): void {
  for (const asked of resources) {
    if (asked.resource === '') throw new KubectlError('resource must be specified if apiGroup/subresource specified');
    if (asked.resource === '*') return;
    const served = found(asked, input);
    const [name, group] = served ? [served.plural, served.group] : [asked.resource, asked.group];
    let isKnown = served !== undefined;
    for (const verb of verbs) {
      const special = Object.hasOwn(SPECIAL_VERBS, verb) ? SPECIAL_VERBS[verb] : undefined;
      if (!special) continue;
      if (!special.includes(`${name}.${group}`))
        throw new KubectlError(`can not perform '${verb}' on '${name}' in group '${group}'`);
      isKnown = true;
    }
    if (isKnown) continue;
    const place = asked.group === '' ? '' : ` in group ${goQuote(asked.group)}`;
    throw new KubectlError(`the server doesn't have a resource type ${goQuote(asked.resource)}${place}`, {
      isBare: true,
    });
  }
}

function checkUrls({ urls, verbs }: Rules): void {
  if (urls.length === 0) return;
  const wrong = verbs.find((verb) => !URL_VERBS.has(verb));
  if (wrong !== undefined) throw new KubectlError(`invalid verb: '${wrong}' for nonResourceURL`);
  for (const url of urls) {
    if (url === '*') continue;
    if (!url.startsWith('/')) throw new KubectlError('nonResourceURL should start with /');
    if (url.slice(0, -1).includes('*'))
      throw new KubectlError("nonResourceURL only supports wildcard matches when '*' is at the end");
  }
}

/** One rule for each group, in order of the groups' names. */
function policyRules({ verbs, resources, names, urls }: Rules, input: GeneratorInput): JsonMap[] {
  const groups = new Map<string, string[]>();
  for (const asked of resources) {
    const served = found(asked, input);
    const group = served?.group ?? asked.group;
    const name = `${served?.plural ?? asked.resource}${asked.subresource === '' ? '' : `/${asked.subresource}`}`;
    const list = groups.get(group) ?? [];
    groups.set(group, list.includes(name) ? list : [...list, name]);
  }
  const rules = [...groups.keys()].sort().map(
    (group): JsonMap => ({
      verbs,
      apiGroups: [group],
      resources: groups.get(group) ?? [],
      ...(names.length > 0 ? { resourceNames: names } : {}),
    }),
  );
  return urls.length > 0 ? [...rules, { verbs, nonResourceURLs: urls }] : rules;
}

export const roleBinding: Generator = {
  flags: CREATE_FLAGS.roleBinding,
  failure: 'failed to create rolebinding: ',
  build(input) {
    const inCluster = input.given.value('clusterrole') ?? '';
    const inNamespace = input.given.value('role') ?? '';
    if ((inCluster === '') === (inNamespace === ''))
      throw new KubectlError('exactly one of clusterrole or role must be specified');
    return binding('RoleBinding', inNamespace === '' ? ['ClusterRole', inCluster] : ['Role', inNamespace], input);
  },
};

export const clusterRoleBinding: Generator = {
  flags: CREATE_FLAGS.clusterRoleBinding,
  required: ['clusterrole'],
  failure: 'failed to create clusterrolebinding: ',
  build: (input) => binding('ClusterRoleBinding', ['ClusterRole', input.given.value('clusterrole') ?? ''], input),
};

function binding(
  kind: string,
  [roleKind, roleName]: readonly [string, string],
  { given, name }: GeneratorInput,
): JsonMap {
  const ofKind = (subjectKind: string) => (subject: string) => ({ kind: subjectKind, apiGroup: RBAC, name: subject });
  const accounts = given.list('serviceaccount').map((account) => {
    const [place = '', account_ = '', ...more] = account.split(':');
    if (more.length > 0 || place === '' || account_ === '')
      throw new KubectlError('serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name: account_, namespace: place };
  });
  const subjects = [
    ...given.list('user').map(ofKind('User')),
    ...given.list('group').map(ofKind('Group')),
    ...accounts,
  ];
  return object(kind, name, {
    ...(subjects.length > 0 ? { subjects } : {}),
    roleRef: { apiGroup: RBAC, kind: roleKind, name: roleName },
  });
}
