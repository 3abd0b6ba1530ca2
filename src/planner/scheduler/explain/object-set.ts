// Objects in memory, looked up as the scheduler looks them up: for decisions outside a running engine.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ClusterLister } from '../framework/plugin.ts';

/** Kinds that the scheduler reads, and the resources they go by. */
const RESOURCE_OF: Readonly<Record<string, string>> = {
  CSIDriver: 'csidrivers.storage.k8s.io',
  CSINode: 'csinodes.storage.k8s.io',
  CSIStorageCapacity: 'csistoragecapacities.storage.k8s.io',
  DeviceClass: 'deviceclasses.resource.k8s.io',
  Namespace: 'namespaces',
  Node: 'nodes',
  PersistentVolume: 'persistentvolumes',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Pod: 'pods',
  PodDisruptionBudget: 'poddisruptionbudgets.policy',
  PodGroup: 'podgroups.scheduling.k8s.io',
  ReplicaSet: 'replicasets.apps',
  ReplicationController: 'replicationcontrollers',
  ResourceClaim: 'resourceclaims.resource.k8s.io',
  ResourceClaimTemplate: 'resourceclaimtemplates.resource.k8s.io',
  ResourceSlice: 'resourceslices.resource.k8s.io',
  Service: 'services',
  StatefulSet: 'statefulsets.apps',
  StorageClass: 'storageclasses.storage.k8s.io',
  VolumeAttachment: 'volumeattachments.storage.k8s.io',
};

/** Every resource that the scheduler reads. */
export const SCHEDULED_BY: readonly string[] = Object.values(RESOURCE_OF);

/** The resource that objects of this kind are filed under; undefined for kinds that the scheduler does not read. */
export function resourceOf({ kind }: KubeObject): string | undefined {
  return Object.hasOwn(RESOURCE_OF, kind) ? RESOURCE_OF[kind] : undefined;
}

interface Entry {
  object: KubeObject;
  /** Objects are listed in the order in which they came. */
  readonly order: number;
}

interface Kept {
  /** By namespace and name; '' for what has no namespace. */
  readonly namespaces: Map<string, Map<string, Entry>>;
  /** All of them, until one changes. */
  list: readonly KubeObject[] | undefined;
}

export class ObjectSet implements ClusterLister {
  readonly #byResource = new Map<string, Kept>();
  #count = 0;

  constructor(objects: Iterable<KubeObject> = []) {
    for (const object of objects) this.set(object);
  }

  /** Adds an object or puts it in the place of the one with its name. */
  set(object: KubeObject): void {
    const resource = resourceOf(object);
    if (resource === undefined) return;
    const { namespace = '', name = '' } = object.metadata;
    let kept = this.#byResource.get(resource);
    if (!kept) this.#byResource.set(resource, (kept = { namespaces: new Map(), list: undefined }));
    kept.list = undefined;
    let entries = kept.namespaces.get(namespace);
    if (!entries) kept.namespaces.set(namespace, (entries = new Map()));
    const known = entries.get(name);
    if (known) known.object = object;
    else entries.set(name, { object, order: this.#count++ });
  }

  delete(object: KubeObject): void {
    const { namespace = '', name = '' } = object.metadata;
    const kept = this.#byResource.get(resourceOf(object) ?? '');
    if (!kept) return;
    kept.list = undefined;
    kept.namespaces.get(namespace)?.delete(name);
  }

  get<T extends KubeObject>(resource: string, namespace: string | undefined, name: string): T | undefined {
    const namespaces = this.#byResource.get(resource)?.namespaces;
    // Objects are filed by kind, so that what is found is what was asked for.
    return namespaces?.get(namespace ?? '')?.get(name)?.object as T | undefined;
  }

  list<T extends KubeObject>(resource: string, namespace?: string): readonly T[] {
    const kept = this.#byResource.get(resource);
    if (!kept) return [];
    if (namespace === undefined)
      return (kept.list ??= inOrder([...kept.namespaces.values()])) as unknown as readonly T[]; // as in get
    const named = kept.namespaces.get(namespace);
    return (named ? inOrder([named]) : []) as unknown as readonly T[]; // as in get
  }
}

function inOrder(groups: readonly ReadonlyMap<string, Entry>[]): readonly KubeObject[] {
  const entries: Entry[] = [];
  for (const group of groups) for (const entry of group.values()) entries.push(entry);
  if (groups.length > 1) entries.sort((a, b) => a.order - b.order);
  return entries.map(({ object }) => object);
}
