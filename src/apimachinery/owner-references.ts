// Who controls an object.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/controller_ref.go, Kubernetes v1.36.3.
import { type GroupVersionKind, groupVersionText } from './group-version-kind.ts';
import type { ObjectMeta, OwnerReference } from './object.ts';

interface HasMetadata {
  readonly metadata: ObjectMeta;
}

export function controllerOf(object: HasMetadata): OwnerReference | undefined {
  const references = object.metadata.ownerReferences;
  if (references) for (const reference of references) if (reference.controller === true) return reference;
  return undefined;
}

/** By UID alone: an owner that was deleted and made again under the same name does not count. */
export function isControlledBy(object: HasMetadata, owner: HasMetadata): boolean {
  const controller = controllerOf(object);
  return controller !== undefined && controller.uid === (owner.metadata.uid ?? '');
}

export function newControllerRef(owner: HasMetadata, gvk: GroupVersionKind): OwnerReference {
  return {
    apiVersion: groupVersionText(gvk),
    kind: gvk.kind,
    name: owner.metadata.name ?? '',
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}
