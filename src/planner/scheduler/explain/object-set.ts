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

export class ObjectSet implements ClusterLister {
  readonly #byResource = new Map<string, Map<string, KubeObject>>();

  constructor(objects: Iterable<KubeObject> = []) {
    for (const object of objects) this.set(object);
  }

  /** Adds an object or puts it in the place of the one with its name. */
  set(object: KubeObject): void {
    const resource = resourceOf(object);
    if (resource === undefined) return;
    let objects = this.#byResource.get(resource);
    if (!objects) this.#byResource.set(resource, (objects = new Map()));
    objects.set(keyOf(object), object);
  }

  delete(object: KubeObject): void {
    this.#byResource.get(resourceOf(object) ?? '')?.delete(keyOf(object));
  }

  get<T extends KubeObject>(resource: string, namespace: string | undefined, name: string): T | undefined {
    // Objects are filed by kind, so that what is found is what was asked for.
    return this.#byResource.get(resource)?.get(`${namespace ?? ''}/${name}`) as T | undefined;
  }

  list<T extends KubeObject>(resource: string, namespace?: string): readonly T[] {
    const objects = [...(this.#byResource.get(resource)?.values() ?? [])] as unknown as readonly T[]; // as in get
    return namespace === undefined ? objects : objects.filter(({ metadata }) => metadata.namespace === namespace);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
