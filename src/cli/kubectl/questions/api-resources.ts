// `kubectl api-resources` and `api-versions`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/apiresources, Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { alignTabs, TABLE_LAYOUT } from '../../../report/kubectl/tab-writer.ts';
import { COMMON_FLAGS, type FlagSpecs, type ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';
import { apiVersionOf, resourceText, type ServedResource } from '../resources.ts';

export const API_RESOURCES_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  'api-group': { kind: 'value' },
  namespaced: { kind: 'flag' },
  verbs: { kind: 'list' },
  categories: { kind: 'list' },
  output: { kind: 'value', short: 'o' },
  'sort-by': { kind: 'value' },
  'no-headers': { kind: 'flag' },
  cached: { kind: 'flag' },
};

export function apiResources(given: ParsedArguments, { view }: KubectlContext, output: Output): void {
  const format = given.value('output') ?? '';
  if (format !== '' && format !== 'wide' && format !== 'name') {
    throw new KubectlError(`--output ${format} is not available`);
  }
  const sortBy = given.value('sort-by') ?? '';
  if (sortBy !== '' && sortBy !== 'name' && sortBy !== 'kind') {
    throw new KubectlError('--sort-by accepts only name or kind');
  }
  const verbs = given.list('verbs').flatMap((text) => text.split(','));
  const categories = given.list('categories').flatMap((text) => text.split(','));
  const shown = preferred(view.resources.all)
    .filter(
      (resource) =>
        (!given.has('api-group') || resource.group === given.value('api-group')) &&
        (!given.has('namespaced') || resource.namespaced === given.flag('namespaced')) &&
        verbs.every((verb) => resource.verbs.includes(verb)) &&
        categories.every((category) => resource.categories.includes(category)),
    )
    .sort((a, b) => compareBytes(sortKey(a, sortBy), sortKey(b, sortBy)));
  if (format === 'name') {
    output.stdout += shown.map((resource) => `${resourceText(resource)}\n`).join('');
    return;
  }
  const isWide = format === 'wide';
  const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(isWide ? ['VERBS', 'CATEGORIES'] : [])];
  const lines = shown.map((resource) => [
    resource.plural,
    resource.shortNames.join(','),
    apiVersionOf(resource),
    String(resource.namespaced),
    resource.kind,
    ...(isWide ? [verbsOf(resource).join(','), resource.categories.join(',')] : []),
  ]);
  const all = given.flag('no-headers') ? lines : [header, ...lines];
  output.stdout += alignTabs(all.map((line) => `${line.join('\t')}\n`).join(''), TABLE_LAYOUT);
}

/** Those of built-in resources are served in order, those of custom ones as they are. */
function verbsOf({ custom, verbs }: ServedResource): readonly string[] {
  return custom ? verbs : [...verbs].sort(compareBytes);
}

function sortKey(resource: ServedResource, sortBy: string): string {
  if (sortBy === 'name') return resource.plural;
  return sortBy === 'kind' ? resource.kind : `${resource.group}\0${resource.plural}`;
}

/** One version of each resource, the best one. */
function preferred(all: readonly ServedResource[]): ServedResource[] {
  const seen = new Set<string>();
  return all.filter((resource) => {
    const name = resourceText(resource);
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

export function apiVersions(_given: ParsedArguments, { view }: KubectlContext, output: Output): void {
  const versions = [...new Set(view.resources.all.map(apiVersionOf))].sort(compareBytes);
  output.stdout += versions.map((version) => `${version}\n`).join('');
}
