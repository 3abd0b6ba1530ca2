// Claims and volumes as they will be once decisions taken in memory have been written.
// Behaviour: pkg/scheduler/framework/plugins/volumebinding/passive_assume_cache.go, Kubernetes v1.36.3.
import { type KubeObject, objectKey } from '../../../../apimachinery/object.ts';
import type { ClusterLister } from '../../framework/plugin.ts';

/** An assumed object counts until the stored one changes. */
export class AssumeCache<T extends KubeObject> {
  readonly #objects: ClusterLister;
  readonly #resource: string;
  readonly #assumed = new Map<string, T>();

  constructor(objects: ClusterLister, resource: string) {
    this.#objects = objects;
    this.#resource = resource;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    const stored = this.stored(namespace, name);
    return stored && this.#newest(stored);
  }

  /** Without what is assumed. */
  stored(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get<T>(this.#resource, namespace, name);
  }

  list(): readonly T[] {
    return this.#objects.list<T>(this.#resource).map((stored) => this.#newest(stored));
  }

  assume(object: T): void {
    this.#assumed.set(objectKey(object), object);
  }

  restore(object: T): void {
    const key = objectKey(object);
    if (this.#assumed.get(key)?.metadata.resourceVersion === object.metadata.resourceVersion) this.#assumed.delete(key);
  }

  #newest(stored: T): T {
    if (this.#assumed.size === 0) return stored;
    const key = objectKey(stored);
    const assumed = this.#assumed.get(key);
    if (!assumed) return stored;
    if (assumed.metadata.resourceVersion === stored.metadata.resourceVersion) return assumed;
    this.#assumed.delete(key);
    return stored;
  }
}
