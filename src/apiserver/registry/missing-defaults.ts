// Objects that were stored without the defaults that every read adds: the first update writes them, even when it changes nothing.
// Behaviour: [apiserver]/pkg/registry/generic/registry/store.go over storage/etcd3/store.go (GuaranteedUpdate compares bytes), Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';

const withoutDefaults = new WeakSet<KubeObject>();

export function noteMissingDefaults(stored: KubeObject): void {
  withoutDefaults.add(stored);
}

export function lacksDefaults(stored: KubeObject): boolean {
  return withoutDefaults.has(stored);
}
