// The shape every Kubernetes object has, and the keys objects go by.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go, Kubernetes v1.36.3.
import type { ObjectRef } from './diagnostic.ts';

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
  readonly subresource?: string;
}

/** Times are RFC 3339 text, as they are stored and printed. */
export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly selfLink?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export type MutableMeta = { -readonly [Key in keyof ObjectMeta]: ObjectMeta[Key] };

/**
 * The object with other metadata. A copy that is written to: in code that sees objects of many kinds a literal that spreads one
 * and then sets a key takes twice as long.
 */
export function withMetadata<T extends KubeObject>(object: T, metadata: ObjectMeta): T {
  const copy = { ...object };
  (copy as { metadata: ObjectMeta }).metadata = metadata;
  return copy;
}

/** "namespace/name", or the name alone when the object has no namespace: the key of informers and queues. */
export function objectKey(object: { readonly metadata: ObjectMeta }): string {
  return namespacedName(object.metadata.namespace, object.metadata.name ?? '');
}

export function namespacedName(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** The object by its kind and name, as diagnostics and plans refer to it. */
export function refOf({ apiVersion, kind, metadata: { namespace, name = '' } }: KubeObject): ObjectRef {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
}
