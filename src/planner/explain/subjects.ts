// The pods that a subject on the command line means: a pod, or all that a workload owns.
import type { KubeObject } from '../../apimachinery/object.ts';
import { resourceNameOf } from '../../apiserver/resource.ts';
import type { World } from '../world.ts';
import type { PodRef } from './pod-explanation.ts';

type Subject = { readonly pods: readonly PodRef[] } | { readonly problem: string };

export function podsOf({ server, store }: World, subject: string, namespace: string): Subject {
  const [type = '', name = '', ...more] = subject.split('/');
  if (name === '' || more.length > 0) return { problem: `${subject} is no subject: write TYPE/NAME, as pod/web-0` };
  const resource = server.options.catalog
    .all()
    .find(({ plural, kind, singular, shortNames = [] }) =>
      [plural, kind.toLowerCase(), singular, ...shortNames].includes(type.toLowerCase()),
    );
  if (!resource) return { problem: `there is no resource type ${type}` };
  const found = store.get(resourceNameOf(resource), namespace, name);
  if (!found) return { problem: `${resource.kind} ${namespace}/${name} is not in the planned cluster` };
  if (resource.kind === 'Pod') return { pods: [{ namespace, name }] };
  const pods = ownedPods(store.list('pods', namespace), store, found);
  return pods.length > 0 ? { pods } : { problem: `${resource.kind} ${namespace}/${name} has no pods` };
}

/** Pods whose chain of controllers leads to the owner. */
function ownedPods(pods: readonly KubeObject[], store: World['store'], owner: KubeObject): PodRef[] {
  const isOwned = (object: KubeObject): boolean => {
    const controller = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (!controller) return false;
    if (controller.uid === owner.metadata.uid) return true;
    // The only controllers that are controlled themselves.
    const resource = { ReplicaSet: 'replicasets.apps', Job: 'jobs.batch' }[controller.kind];
    const between = resource && store.get(resource, object.metadata.namespace, controller.name);
    return between !== undefined && isOwned(between as KubeObject);
  };
  return pods
    .filter(isOwned)
    .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' }));
}
