// What kubectl's commands see of a cluster: served resources, and the objects of each.
import { compareBytes } from '../../apimachinery/go/json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { apiVersionOf, type ServedResource, ServedResources } from './resources.ts';

export interface ClusterView {
  readonly resources: ServedResources;
  /** Objects in order of namespace, then name, in the version asked for. */
  list(resource: ServedResource, namespace?: string): readonly KubeObject[];
  get(resource: ServedResource, namespace: string | undefined, name: string): KubeObject | undefined;
}

/** A view of loose objects, each in a version that the cluster serves. */
export function viewOfObjects(objects: readonly KubeObject[]): ClusterView {
  const sorted = [...objects].sort(
    (a, b) =>
      compareBytes(a.metadata.namespace ?? '', b.metadata.namespace ?? '') ||
      compareBytes(a.metadata.name ?? '', b.metadata.name ?? ''),
  );
  const byKind = new Map<string, KubeObject[]>();
  for (const object of sorted) {
    const key = keyOf(groupOf(object.apiVersion), object.kind);
    const list = byKind.get(key);
    if (list) list.push(object);
    else byKind.set(key, [object]);
  }
  const present = new Set(objects.map(({ apiVersion }) => apiVersion));
  const all = (resource: ServedResource): readonly KubeObject[] => {
    // The events of both groups are the same objects.
    const group = resource.kind === 'Event' && resource.group === 'events.k8s.io' ? '' : resource.group;
    return byKind.get(keyOf(group, resource.kind)) ?? [];
  };
  const inVersion = (object: KubeObject, resource: ServedResource): KubeObject =>
    resource.custom ? { ...object, apiVersion: apiVersionOf(resource) } : object;
  return {
    resources: new ServedResources(
      byKind.get(keyOf('apiextensions.k8s.io', 'CustomResourceDefinition')) ?? [],
      present,
    ),
    list: (resource, namespace) =>
      all(resource)
        .filter(({ metadata }) => namespace === undefined || !resource.namespaced || metadata.namespace === namespace)
        .map((object) => inVersion(object, resource)),
    get: (resource, namespace, name) => {
      const found = all(resource).find(
        ({ metadata }) => metadata.name === name && (!resource.namespaced || metadata.namespace === namespace),
      );
      return found && inVersion(found, resource);
    },
  };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function keyOf(group: string, kind: string): string {
  return `${group}/${kind}`;
}
