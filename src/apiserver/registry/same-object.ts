// Whether a write changes anything.
// Behaviour: [apiserver]/pkg/storage/etcd3/store.go (GuaranteedUpdate), handlers/fieldmanager/equality.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import { type Json, jsonEqual } from '../../apimachinery/json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Resource } from '../resource.ts';

/** Null and absent are the same but in custom resources, which have no types that would tell. */
export function isSameObject(object: KubeObject, other: KubeObject, { custom }: Pick<Resource, 'custom'>): boolean {
  // Objects are JSON.
  return custom ? jsonEqual(object as unknown as Json, other as unknown as Json) : semanticDeepEqual(object, other);
}
