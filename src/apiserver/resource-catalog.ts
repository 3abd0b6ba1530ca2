// Which resources the API server serves, found by resource name, by kind, or by what a user types.
// Role: discovery and the RESTMapper ([apimachinery]/pkg/api/meta/restmapper.go, Kubernetes v1.36.3).
import { apiVersionOf, type Resource, resourceNameOf } from './resource.ts';
import type { ResourceName } from './store/store.ts';

/** Resources that come and go: those that CustomResourceDefinitions define. */
export interface CatalogSource {
  byName(name: ResourceName): Resource | undefined;
  all(): readonly Resource[];
}

export class ResourceCatalog {
  readonly #byName = new Map<ResourceName, Resource>();
  readonly #byKind = new Map<string, Resource>();
  readonly #source: CatalogSource | undefined;

  constructor(resources: Iterable<Resource>, source?: CatalogSource) {
    this.#source = source;
    for (const resource of resources) this.add(resource);
  }

  /** Serves one more resource, as when a CustomResourceDefinition is established. */
  add(resource: Resource): void {
    this.#byName.set(resourceNameOf(resource), resource);
    this.#byKind.set(`${apiVersionOf(resource)}/${resource.kind}`, resource);
    for (const { group, version } of resource.otherVersions ?? []) {
      // Another group serves the kind as a resource of its own.
      if (group === undefined) {
        this.#byKind.set(`${apiVersionOf({ group: resource.group, version })}/${resource.kind}`, resource);
      }
    }
  }

  byName(name: ResourceName): Resource | undefined {
    return this.#byName.get(name) ?? this.#source?.byName(name);
  }

  byKind(apiVersion: string, kind: string): Resource | undefined {
    const known = this.#byKind.get(`${apiVersion}/${kind}`);
    if (known || !this.#source) return known;
    return this.#source.all().find((resource) => isServedAs(resource, apiVersion, kind));
  }

  /** What `kubectl get ARG` means: plural, singular, short name or kind, with an optional `.group`; core and earlier groups first. */
  byArgument(argument: string): Resource | undefined {
    const text = argument.toLowerCase();
    const exact = this.byName(text);
    if (exact) return exact;
    const dot = text.indexOf('.');
    const name = dot < 0 ? text : text.slice(0, dot);
    const group = dot < 0 ? undefined : text.slice(dot + 1);
    return this.all().find(
      (r) =>
        (group === undefined || r.group === group || `${r.version}.${r.group}` === group) &&
        (r.plural === name || r.singular === name || r.kind.toLowerCase() === name || r.shortNames?.includes(name)),
    );
  }

  all(): readonly Resource[] {
    return this.#source ? [...this.#byName.values(), ...this.#source.all()] : [...this.#byName.values()];
  }
}

function isServedAs(resource: Resource, apiVersion: string, kind: string): boolean {
  const { group, otherVersions = [] } = resource;
  return (
    resource.kind === kind &&
    (apiVersionOf(resource) === apiVersion ||
      otherVersions.some(({ version }) => apiVersionOf({ group, version }) === apiVersion))
  );
}
