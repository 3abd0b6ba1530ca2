// A patch request: the stored object with the patch applied goes through the steps of an update.
// Behaviour: [apiserver]/pkg/endpoints/handlers/patch.go, Kubernetes v1.36.3.
import { applyJsonPatch } from '../../apimachinery/json-patch.ts';
import { mergePatch } from '../../apimachinery/merge-patch.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { badRequest, notFound, unsupportedMediaType } from '../../apimachinery/status.ts';
import type { Answer, PatchRequest } from '../request.ts';
import { resourceNameOf } from '../resource.ts';
import { groupResource, refuse, type RequestScope } from './scope.ts';
import { scaleOf, updateScale } from './subresource.ts';
import { replaceObject } from './update.ts';
import { toRequestedVersion, toStoredVersion } from './versions.ts';

export function patchObject(request: PatchRequest, scope: RequestScope): Answer {
  const { resource, store, warnings } = scope;
  const old = store.get(resourceNameOf(resource), request.namespace, request.name);
  if (!old) return refuse(notFound(groupResource(scope), request.name), warnings);
  const isScale = request.subresource === 'scale' && resource.scale;
  const before = isScale ? scaleOf(old, resource.scale) : toRequestedVersion(old, request.apiVersion, scope);
  const patched = applyPatch(before, request);
  if ('status' in patched) return refuse(patched.status, warnings);
  if (isScale) {
    const { patch: _patch, patchType: _type, force: _force, ...rest } = request;
    return updateScale({ ...rest, verb: 'update', object: patched.object }, scope);
  }
  return replaceObject(toStoredVersion(patched.object, request.apiVersion, scope), old, request, scope);
}

function applyPatch(
  before: KubeObject,
  { patch, patchType }: PatchRequest,
): { readonly object: KubeObject } | { readonly status: ReturnType<typeof badRequest> } {
  switch (patchType) {
    case 'merge':
      // The patched value has the shape of its resource: what a patch may break, validation reports.
      return { object: mergePatch(before, patch) as KubeObject };
    case 'json': {
      const result = applyJsonPatch(before, patch);
      return 'error' in result ? { status: badRequest(result.error) } : { object: result.value as KubeObject };
    }
    case 'strategic':
    case 'apply':
      return { status: unsupportedMediaType(patchType) };
  }
}
