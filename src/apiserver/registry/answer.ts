// Who answers a write: a verb's own steps, or those of the subresource that it names.
// Behaviour: [apiserver]/pkg/endpoints/installer.go, Kubernetes v1.36.3.
import type { Answer, PatchRequest, UpdateRequest, WriteRequest } from '../request.ts';
import { createObject } from './create/create.ts';
import { deleteObject } from './delete.ts';
import { patchObject } from './patch/patch.ts';
import { patchScale, updateScale } from './scale.ts';
import type { RequestScope } from './scope.ts';
import { createOnSubresource } from './subresource.ts';
import { updateObject } from './update.ts';

export function answerTo(request: WriteRequest, scope: RequestScope): Answer {
  switch (request.verb) {
    case 'create':
      return request.subresource ? createOnSubresource(request, scope) : createObject(request, scope);
    case 'update':
      return isScale(request, scope) ? updateScale(request, scope) : updateObject(request, scope);
    case 'patch':
      return isScale(request, scope) ? patchScale(request, scope) : patchObject(request, scope);
    case 'delete':
      return deleteObject(request, scope);
  }
}

function isScale({ subresource }: UpdateRequest | PatchRequest, { resource }: RequestScope): boolean {
  return subresource === 'scale' && resource.scale !== undefined;
}
