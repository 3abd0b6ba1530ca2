// How everything but the API server looks at the cluster: reads only, always the newest state.
// Role: informers and listers of client-go; since one sync sees all previous writes, no cache lies between.
import type { KubeObject } from '../apimachinery/object.ts';
import type { ResourceName, Store, StoreEvent } from './store/store.ts';

export interface ClusterReader {
  /** Revision of the newest write. */
  readonly revision: number;
  get<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
  ): T | undefined;
  /** In key order: namespace, then name. */
  list<T extends KubeObject = KubeObject>(resource: ResourceName, namespace?: string): readonly T[];
  /** Objects filed under `value` by one of the indexes in store-indexes.ts. */
  listByIndex<T extends KubeObject = KubeObject>(resource: ResourceName, index: string, value: string): readonly T[];
  listByLabel<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    key: string,
    value: string,
    namespace?: string,
  ): readonly T[];
  /** Resources that hold objects. */
  resources(): readonly ResourceName[];
  event(revision: number): StoreEvent | undefined;
}

export function clusterReader(store: Store): ClusterReader {
  // The store keeps objects under the resource that decoded them, so the type asked for is the type that is there.
  return {
    get revision() {
      return store.revision;
    },
    get: <T extends KubeObject>(resource: ResourceName, namespace: string | undefined, name: string) =>
      store.get(resource, namespace, name) as T | undefined,
    list: <T extends KubeObject>(resource: ResourceName, namespace?: string) =>
      store.list(resource, namespace) as unknown as readonly T[],
    listByIndex: <T extends KubeObject>(resource: ResourceName, index: string, value: string) =>
      store.listByIndex(resource, index, value) as unknown as readonly T[],
    listByLabel: <T extends KubeObject>(resource: ResourceName, key: string, value: string, namespace?: string) =>
      store.listByLabel(resource, key, value, namespace) as unknown as readonly T[],
    resources: () => store.resources(),
    event: (revision) => store.event(revision),
  };
}
