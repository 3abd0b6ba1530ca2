// Reads the OpenAPI documents of a release: definitions by name and the resources that its paths show.
import type { JsonObject, ReleaseSources } from './sources.ts';

export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** Every definition of every group's document. The same name means the same type in all of them. */
export function collectDefinitions(sources: ReleaseSources): ReadonlyMap<string, JsonObject> {
  const definitions = new Map<string, JsonObject>();
  for (const { document } of sources.openApi) {
    const schemas = asObject(asObject(document['components'])['schemas']);
    for (const [name, schema] of Object.entries(schemas)) {
      if (!definitions.has(name)) definitions.set(name, asObject(schema));
    }
  }
  return definitions;
}

/** `io.k8s.api.core.v1.PodSpec` for the Go type `k8s.io/api/core/v1.PodSpec`. */
export function definitionNameOf(goId: string): string {
  const [host = '', ...rest] = goId.split('/');
  return [...host.split('.').reverse(), ...rest].join('.');
}

export interface ApiResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly ApiSubresource[];
}

interface ApiSubresource {
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

const verbOfAction: { readonly [action: string]: string } = {
  post: 'create',
  put: 'update',
  patch: 'patch',
  get: 'get',
  list: 'list',
  watch: 'watch',
  watchlist: 'watch',
  delete: 'delete',
  deletecollection: 'deletecollection',
  connect: 'connect',
};

interface Draft {
  kind: string;
  apiVersion: string;
  namespaced: boolean;
  readonly verbs: Set<string>;
}

function readPath(path: string) {
  const match = /^\/(?:api|apis\/([^/]+))\/(v[^/]+)\/(watch\/)?(.+)$/.exec(path);
  if (!match) return undefined;
  const [, group = '', version = '', , rest = ''] = match;
  const segments = rest.split('/');
  const namespaced = segments[0] === 'namespaces' && segments[1] === '{namespace}' && segments.length > 2;
  const own = namespaced ? segments.slice(2) : segments;
  if (own[0]?.startsWith('{')) return undefined;
  const name = own.filter((segment) => !segment.startsWith('{')).join('/');
  return { group, version, name, namespaced };
}

/** The resources of a release with their subresources, sorted by group, version and name. */
export function collectResources(sources: ReleaseSources): readonly ApiResource[] {
  const drafts = new Map<string, Draft>();
  for (const { document } of sources.openApi) {
    for (const [path, item] of Object.entries(asObject(document['paths']))) {
      const place = readPath(path);
      if (!place) continue;
      for (const operation of Object.values(asObject(item))) {
        const verb = verbOfAction[String(asObject(operation)['x-kubernetes-action'])];
        if (verb === undefined) continue;
        const gvk = asObject(asObject(operation)['x-kubernetes-group-version-kind']);
        const key = `${place.group}\t${place.version}\t${place.name}`;
        const draft = drafts.get(key) ?? { kind: '', apiVersion: '', namespaced: false, verbs: new Set<string>() };
        drafts.set(key, draft);
        draft.kind = String(gvk['kind']);
        draft.apiVersion = gvk['group'] ? `${gvk['group']}/${gvk['version']}` : String(gvk['version']);
        draft.namespaced ||= place.namespaced;
        draft.verbs.add(verb);
      }
    }
  }
  const resources: ApiResource[] = [];
  for (const key of [...drafts.keys()].sort()) {
    const [group = '', version = '', plural = ''] = key.split('\t');
    if (plural.includes('/')) continue;
    const draft = drafts.get(key)!;
    const subresources = [...drafts]
      .filter(([other]) => other.startsWith(`${key}/`))
      .map(([other, sub]) => ({
        name: other.slice(key.length + 1),
        apiVersion: sub.apiVersion,
        kind: sub.kind,
        verbs: [...sub.verbs].sort(),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    resources.push({
      group,
      version,
      plural,
      kind: draft.kind,
      namespaced: draft.namespaced,
      verbs: [...draft.verbs].sort(),
      subresources,
    });
  }
  return resources;
}
