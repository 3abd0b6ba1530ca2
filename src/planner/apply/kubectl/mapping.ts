// Which resource a kind is, as discovery tells kubectl.
// Behaviour: [client-go]/restmapper/discovery.go, [apimachinery]/pkg/api/meta/errors.go (NoKindMatchError), Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { apiVersionOf, type Resource } from '../../../apiserver/resource.ts';
import type { ResourceCatalog } from '../../../apiserver/resource-catalog.ts';
import { CommandFailure } from './failures.ts';

export interface Mapping {
  readonly group: string;
  /** Empty for an object that names no version. */
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly resource: Resource;
}

export function mappingOf(catalog: ResourceCatalog, apiVersion: string, kind: string): Mapping | undefined {
  const [group, version] = splitVersion(apiVersion);
  const resource =
    version === ''
      ? catalog.all().find((each) => each.group === group && isKindOf(each, kind))
      : (catalog.byKind(apiVersion, kind) ??
        catalog.all().find((each) => isServed(each, apiVersion) && isKindOf(each, kind)));
  if (!resource) return undefined;
  return { group, version, kind, plural: resource.plural, namespaced: resource.namespaced, resource };
}

/** The kind at the version that the group prefers. */
export function preferredMapping(catalog: ResourceCatalog, group: string, kind: string): Mapping | undefined {
  const found = mappingOf(catalog, group === '' ? '' : `${group}/`, kind);
  return found && { ...found, version: found.resource.version };
}

export function missingKind(apiVersion: string, kind: string): CommandFailure {
  return new CommandFailure(`no matches for kind ${goQuote(kind)} in version ${goQuote(apiVersion)}`);
}

/** `/v1, Resource=configmaps` */
export function resourceText({ group, version, plural }: Mapping): string {
  return `${group}/${version}, Resource=${plural}`;
}

/** `apps/v1, Kind=Deployment` */
export function kindText({ group, version, kind }: Mapping): string {
  return `${group}/${version}, Kind=${kind}`;
}

export function splitVersion(apiVersion: string): readonly [string, string] {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

/** Discovery also maps kinds in small letters. */
function isKindOf({ kind }: Resource, wanted: string): boolean {
  return kind === wanted || kind.toLowerCase() === wanted;
}

function isServed(resource: Resource, apiVersion: string): boolean {
  const { group, otherVersions = [] } = resource;
  return (
    apiVersionOf(resource) === apiVersion ||
    otherVersions.some(({ group: other = group, version }) => apiVersionOf({ group: other, version }) === apiVersion)
  );
}
