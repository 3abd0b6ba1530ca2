// A patch request: the stored object with the patch applied goes through the steps of an update.
// Behaviour: [apiserver]/pkg/endpoints/handlers/patch.go, Kubernetes v1.36.3.
import { applyJsonPatch, decodeJsonPatch, type Json } from '../../apimachinery/json-patch.ts';
import { applyMergePatch } from '../../apimachinery/merge-patch.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { badRequest, failure, notFound, unsupportedMediaType } from '../../apimachinery/status.ts';
import type { Answer, PatchRequest } from '../request.ts';
import { resourceNameOf } from '../resource.ts';
import { groupResource, type RequestScope, refuse } from './scope.ts';
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
    case 'merge': {
      const result = applyMergePatch(asJson(before), asJson(patch));
      return result.ok ? { object: asObject(result.value) } : { status: badRequest(result.error) };
    }
    case 'json': {
      const operations = decodeJsonPatch(asJson(patch));
      if (typeof operations === 'string') return { status: badRequest(operations) };
      const result = applyJsonPatch(asJson(before), operations);
      return result.ok ? { object: asObject(result.value) } : { status: failure(422, 'Invalid', result.error) };
    }
    case 'strategic':
    case 'apply':
      return { status: unsupportedMediaType(patchType) };
  }
}

// Objects are JSON values; a patch may leave anything behind, and validation reports what it broke.
function asJson(value: unknown): Json {
  return value as Json;
}

function asObject(value: Json): KubeObject {
  return value as unknown as KubeObject;
}
