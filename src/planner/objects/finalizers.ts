// Whether an object is to get or to lose a finalizer that protects it while it is used.
// Behaviour: pkg/controller/util/protectionutil/utils.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';

export function removesProtection({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(finalizer);
}

export function addsProtection({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.deletionTimestamp === undefined && !(metadata.finalizers ?? []).includes(finalizer);
}

export function withoutFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const { finalizers = [], ...metadata } = object.metadata;
  const others = finalizers.filter((other) => other !== finalizer);
  return { ...object, metadata: others.length > 0 ? { ...metadata, finalizers: others } : metadata };
}
