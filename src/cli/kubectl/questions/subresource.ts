// `kubectl get --subresource`: the status, the scale or another part of objects that are named.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go (Subresource), Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { handleHttp } from '../../../apiserver/http-request.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError } from '../outcome.ts';
import { apiVersionOf, type ServedResource } from '../resources.ts';
import type { Found, Selection } from '../select-objects.ts';

const SCALE: ServedResource = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scales',
  singular: 'scale',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: [],
};

/** Throws KubectlError where no objects are named. */
export function withSubresource(selection: Selection, name: string, context: KubectlContext): Selection {
  if (selection.resources.length > 0)
    throw new KubectlError('subresource cannot be used when bulk resources are specified');
  const errors = [...selection.errors];
  const found = selection.found.flatMap((one) => {
    const part = partOf(one, name, context);
    if (part instanceof KubectlError) errors.push(part);
    return part instanceof KubectlError ? [] : [part];
  });
  return { ...selection, found, errors };
}

function partOf({ resource, object }: Found, name: string, context: KubectlContext): Found | KubectlError {
  const { server, kubernetesVersion } = context.cluster();
  const apiVersion = apiVersionOf(resource);
  const root = resource.group === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
  const place = resource.namespaced ? `/namespaces/${object.metadata.namespace}` : '';
  const path = `${root}${place}/${resource.plural}/${object.metadata.name}/${name}`;
  const answer = handleHttp(server, { method: 'GET', path }, kubernetesVersion);
  if (!answer.object)
    return new KubectlError(answer.status?.message ?? '', { reason: answer.status?.reason ?? 'NotFound' });
  // What the server answers with is an object.
  const part = answer.object as unknown as KubeObject;
  return { resource: part.kind === SCALE.kind ? SCALE : resource, object: part };
}
