// How many pods the controllers behind a budget's pods want.
// Behaviour: finders and getExpectedScale in pkg/controller/disruption/disruption.go, Kubernetes v1.36.3.
import { valueAt } from '../../../apimachinery/json-path.ts';
import type { KubeObject, OwnerReference } from '../../../apimachinery/object.ts';
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import { resourceNameOf } from '../../../apiserver/resource.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';

type ExpectedPods =
  | { readonly ok: true; readonly count: number; readonly unmanaged: readonly string[] }
  | { readonly ok: false; readonly error: string };

type Found = { readonly uid: string; readonly scale: number };

/** Sum of what the distinct controllers of the pods want; pods without a controller do not count. */
export function expectedScale(pods: readonly Pod[], context: Pick<SyncContext, 'reader' | 'catalog'>): ExpectedPods {
  const scales = new Map<string, number>();
  const unmanaged: string[] = [];
  const known = new Set<string>();
  for (const pod of pods) {
    const controller = controllerOf(pod);
    if (!controller) {
      unmanaged.push(pod.metadata.name ?? '');
      continue;
    }
    if (known.has(controller.uid)) continue;
    const found = scaleOf(controller, pod.metadata.namespace, context);
    if (typeof found === 'string') return { ok: false, error: found };
    if (!found) return { ok: false, error: `found no controllers for pod "${pod.metadata.name}"` };
    known.add(controller.uid);
    scales.set(found.uid, found.scale);
  }
  return { ok: true, count: [...scales.values()].reduce((sum, scale) => sum + scale, 0), unmanaged };
}

/** The controller that decides in the end (a ReplicaSet's Deployment) and its scale, or why it cannot be told. */
function scaleOf(
  reference: OwnerReference,
  namespace: string | undefined,
  context: Pick<SyncContext, 'reader' | 'catalog'>,
): Found | string | undefined {
  const { reader, catalog } = context;
  const resource = catalog.byKind(reference.apiVersion, reference.kind);
  if (!resource) return `no matches for kind "${reference.kind}" in version "${reference.apiVersion}"`;
  const object = reader.get(resourceNameOf(resource), resource.namespaced ? namespace : undefined, reference.name);
  if (!resource.scale) {
    const group = resource.group === '' ? '' : `.${resource.group}`;
    return `${resource.plural}${group} does not implement the scale subresource`;
  }
  if (!object || object.metadata.uid !== reference.uid) return undefined;
  const owner = resource.kind === 'ReplicaSet' && resource.group === 'apps' ? controllerOf(object) : undefined;
  if (owner?.kind === 'Deployment') {
    const deployment = deploymentOf(owner, namespace, context);
    if (deployment) return deployment;
  }
  return { uid: reference.uid, scale: replicasOf(object, resource.scale.specReplicas) };
}

function deploymentOf(
  owner: OwnerReference,
  namespace: string | undefined,
  { reader }: Pick<SyncContext, 'reader'>,
): Found | undefined {
  const deployment = reader.get('deployments.apps', namespace, owner.name);
  if (!deployment || deployment.metadata.uid !== owner.uid) return undefined;
  return { uid: owner.uid, scale: replicasOf(deployment, ['spec', 'replicas']) };
}

function replicasOf(object: KubeObject, path: readonly string[]): number {
  const replicas = valueAt(object, path);
  return typeof replicas === 'number' ? replicas : 0;
}
