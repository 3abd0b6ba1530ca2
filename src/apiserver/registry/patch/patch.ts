// A patch request: the stored object with the patch applied goes through the steps of an update.
// Behaviour: [apiserver]/pkg/endpoints/handlers/patch.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { badRequest, conflict, notFound, type Status } from '../../../apimachinery/status.ts';
import type { Answer, PatchRequest } from '../../request.ts';
import { groupResourceOf } from '../../resource.ts';
import { appliedObject } from '../apply-configuration.ts';
import { createStored, ensureNamespace, NAMESPACE_DIFFERS } from '../create/create.ts';
import { type RequestScope, refuse } from '../scope.ts';
import { storedObject } from '../stored-object.ts';
import { trackManagedFields } from '../track-managed-fields.ts';
import { replaceObject } from '../update.ts';
import { wrongNameText } from '../wrong-name.ts';
import { patchedInPlace, patchedObject } from './patched-object.ts';

export function patchObject(request: PatchRequest, scope: RequestScope): Answer {
  const { warnings } = scope;
  const old = storedObject(scope, request.namespace, request.name);
  const isApply = request.patchType === 'apply';
  if (!old && (!isApply || !mayCreate(request.subresource, scope)))
    return refuse(notFound(groupResourceOf(scope.resource), request.name), warnings);
  const patched = isApply ? appliedObject(request, old, scope) : patchedBy(request, old as KubeObject, scope);
  if ('status' in patched) return refuse(patched.status, warnings);
  const placed = placedAsRequested(patched.object, old, request, scope);
  if ('status' in placed) return refuse(placed.status, warnings);
  if (old) return replaceObject(placed.object, old, request, scope);
  const { patch: _1, patchType: _2, force: _3, body: _4, subresource: _5, ...rest } = request;
  return createStored(placed.object, { ...rest, verb: 'create', object: placed.object }, scope);
}

/** An apply to the status makes the object too where any update may. Differs: the API server keeps its status then. */
function mayCreate(subresource: string | undefined, { resource }: RequestScope): boolean {
  return subresource === undefined || (subresource === 'status' && resource.strategy.allowCreateOnUpdate === true);
}

type Patched = { readonly object: KubeObject } | { readonly status: Status };

function patchedBy(request: PatchRequest, old: KubeObject, scope: RequestScope): Patched {
  // A component in process knows what it patches: nothing is decoded anew or checked for unknown fields.
  const patched =
    request.fieldValidation === undefined
      ? patchedInPlace(request, old, scope)
      : patchedObject(request, old, request.fieldValidation, scope);
  if ('status' in patched) return patched;
  return { object: trackManagedFields(patched.object, old, request, scope) };
}

/** The object, if it still is the one that the request's path names. */
function placedAsRequested(
  object: KubeObject,
  old: KubeObject | undefined,
  request: PatchRequest,
  scope: RequestScope,
): Patched {
  const { uid } = object.metadata;
  if (uid && !old) {
    const text = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    return { status: conflict(groupResourceOf(scope.resource), request.name, text) };
  }
  const placed = ensureNamespace(object, request.namespace, scope);
  if (!placed) return { status: badRequest(NAMESPACE_DIFFERS) };
  const wrongName = wrongNameText(placed.metadata.name ?? '', request.name);
  return wrongName === undefined ? { object: placed } : { status: badRequest(wrongName) };
}
