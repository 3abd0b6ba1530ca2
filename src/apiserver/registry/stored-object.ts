// What the storage holds of the object that a request names.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/customresource_handler.go (crdConversionRESTOptionsGetter), Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { resourceNameOf } from '../resource.ts';
import type { RequestScope } from './scope.ts';

/** A custom resource comes back as its definition describes it now, whatever that was when it was stored. */
export function storedObject(
  { store, resource }: Pick<RequestScope, 'store' | 'resource'>,
  namespace: string | undefined,
  name: string,
): KubeObject | undefined {
  const object = store.get(resourceNameOf(resource), namespace, name);
  return object && (resource.custom?.readStored(object) ?? object);
}
