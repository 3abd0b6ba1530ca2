// kubectl auth can-i: yes or no, or the list of all that is allowed.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/auth/cani.go, pkg/util/rbac/rbac.go, Kubernetes v1.36.3.
import type { Attributes, Authorizer } from '../../../apiserver/authorization/authorizer.ts';
import { brokenDown, compacted } from '../../../apiserver/authorization/rbac/policy-rules.ts';
import type { User } from '../../../apiserver/request.ts';
import type { ResourceCatalog } from '../../../apiserver/resource-catalog.ts';
import { alignTabs, TABLE_LAYOUT } from '../../../report/kubectl/tab-writer.ts';
import type { PolicyRule } from '../../../schema/generated/types/rbac-v1.ts';
import { KubectlError, type Output } from '../outcome.ts';

interface CanIQuestion {
  readonly arguments: readonly string[];
  readonly namespace: string | undefined;
  readonly isAllNamespaces: boolean;
  readonly isQuiet: boolean;
  readonly isList: boolean;
  readonly hasHeaders: boolean;
  readonly subresource?: string;
}

interface CanIContext {
  readonly user: User;
  readonly authorizer: Authorizer;
  readonly catalog: ResourceCatalog;
}

const RESOURCE_VERBS: ReadonlySet<string> = new Set(
  'get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest'.split(
    ' ',
  ),
);
const PATH_VERBS: ReadonlySet<string> = new Set('get put post head options delete patch *'.split(' '));
/** What can be impersonated and is no resource. */
const SUBJECTS: ReadonlySet<string> = new Set(['users', 'groups']);
const TWO_ARGUMENTS =
  "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.";
const LIST_ALONE = "list option can't be specified with neither quiet, all-namespaces nor subresource options";

export function canI(question: CanIQuestion, context: CanIContext, output: Output): void {
  const { isList, isQuiet, isAllNamespaces, subresource, hasHeaders } = question;
  if (isList) {
    if (question.arguments.length > 0) throw new KubectlError('list option must be specified with no arguments');
    if (isQuiet || isAllNamespaces || subresource) throw new KubectlError(LIST_ALONE);
    output.stdout += accessList(context.authorizer.rulesFor(context.user, question.namespace).rules, hasHeaders);
    return;
  }
  const attributes = attributesOf(question, context, output);
  if (!hasHeaders) throw new KubectlError('--no-headers cannot be set without --list specified');
  const { isAllowed, reason } = context.authorizer.authorize(context.user, attributes);
  if (!isQuiet) output.stdout += isAllowed ? 'yes\n' : `no${reason === '' ? '' : ` - ${reason}`}\n`;
  if (!isAllowed) output.exitCode = 1;
}

function attributesOf(question: CanIQuestion, context: CanIContext, output: Output): Attributes {
  const { arguments: given, namespace, isAllNamespaces, subresource } = question;
  const [verb, what] = given;
  if (verb === undefined || what === undefined || given.length !== 2) throw new KubectlError(TWO_ARGUMENTS);
  // kubectl ends these with a line break of their own.
  const warn = (text: string): void => void (output.stderr += `Warning: ${text}\n\n`);
  if (what.startsWith('/')) {
    if (subresource) throw new KubectlError('--subresource can not be used with NonResourceURL');
    if (!PATH_VERBS.has(verb)) warn(`verb '${verb}' is not a known verb`);
    return { verb, path: what };
  }
  const slash = what.indexOf('/');
  const type = slash < 0 ? what : what.slice(0, slash);
  const name = slash < 0 ? '' : what.slice(slash + 1);
  const found = type === '*' ? undefined : context.catalog.byArgument(type);
  if (!found && type !== '*') warnMissing(type.toLowerCase(), warn);
  if (!isAllNamespaces) {
    if (found && !found.namespaced)
      warn(
        `resource '${found.plural}' is not namespace scoped${found.group === '' ? '' : ` in group '${found.group}'`}`,
      );
    if (!RESOURCE_VERBS.has(verb)) warn(`verb '${verb}' is not a known verb`);
  }
  return {
    verb,
    group: found?.group ?? '',
    resource: found?.plural ?? type,
    ...(subresource ? { subresource } : {}),
    ...(namespace ? { namespace } : {}),
    ...(name === '' ? {} : { name }),
  };
}

function warnMissing(type: string, warn: (text: string) => void): void {
  if (SUBJECTS.has(type)) return;
  const dot = type.indexOf('.');
  if (dot < 0) warn(`the server doesn't have a resource type '${type}'`);
  else warn(`the server doesn't have a resource type '${type.slice(0, dot)}' in group '${type.slice(dot + 1)}'`);
}

function accessList(rules: readonly PolicyRule[], hasHeaders: boolean): string {
  const single = compacted(rules.flatMap(brokenDown), false);
  const keyed = single.map((rule) => ({ rule, key: protoText(rule) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const rows = keyed.map(({ rule: { nonResourceURLs, resourceNames, verbs, ...about } }) =>
    [resourceText(about), goList(nonResourceURLs), goList(resourceNames), goList(verbs)].join('\t'),
  );
  const header = hasHeaders ? ['Resources\tNon-Resource URLs\tResource Names\tVerbs'] : [];
  return alignTabs([...header, ...rows, ''].join('\n'), TABLE_LAYOUT);
}

function resourceText({ resources = [], apiGroups = [] }: Pick<PolicyRule, 'resources' | 'apiGroups'>): string {
  const [resource] = resources;
  if (resource === undefined) return '';
  const [name, ...rest] = resource.split('/');
  const group = apiGroups[0] ? `.${apiGroups[0]}` : '';
  return `${name}${group}${rest.length > 0 ? `/${rest.join('/')}` : ''}`;
}

function goList(list: readonly string[] = []): string {
  return `[${list.join(' ')}]`;
}

/** What kubectl sorts by: the rule as its protobuf type prints itself. */
function protoText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const lists = [
    ['Verbs', verbs],
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['ResourceNames', resourceNames],
    ['NonResourceURLs', nonResourceURLs],
  ] as const;
  return `&PolicyRule{${lists.map(([name, list]) => `${name}:${goList(list)},`).join('')}}`;
}
