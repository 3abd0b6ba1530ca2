// Makes the claims that generic ephemeral volumes of pods stand for.
// Behaviour: pkg/controller/volume/ephemeral/controller.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { newControllerRef } from '../../../apimachinery/owner-references.ts';
import type { PersistentVolumeClaim, Pod, Volume } from '../../../schema/generated/types/core-v1.ts';
import { PVCS } from '../../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, type SyncContext, splitKey } from '../../engine/controller.ts';
import { claimNameOf, isForPod } from '../../storage/claim-use.ts';

export const ephemeralVolumeController: ControllerFactory = () => ({
  name: 'ephemeral_volume',
  watches: [
    { resource: 'pods', keys: ({ type, object }) => (type === 'ADDED' ? keysOf(object) : []) },
    {
      resource: PVCS,
      keys: ({ type, object }, reader) =>
        type === 'DELETED' ? reader.listByIndex<Pod>('pods', 'claim', keyFor(object)).flatMap(keysOf) : [],
    },
  ],
  sync(key, context) {
    const { namespace, name } = splitKey(key);
    const pod = context.reader.get<Pod>('pods', namespace, name);
    if (!pod || pod.metadata.deletionTimestamp !== undefined) return undefined;
    for (const volume of pod.spec.volumes ?? []) {
      const why = volume.ephemeral ? provideClaim(pod, volume, context) : undefined;
      if (why === undefined) continue;
      context.recorder.event(pod, 'Warning', 'FailedBinding', `ephemeral volume ${volume.name}: ${why}`);
      return { retry: true };
    }
    return undefined;
  },
});

function keysOf(object: KubeObject): readonly string[] {
  const { metadata, spec } = object as Pod;
  const isConcerned = metadata.deletionTimestamp === undefined && spec.volumes?.some(({ ephemeral }) => ephemeral);
  return isConcerned ? [keyFor(object)] : [];
}

/** Why the volume has no claim of its own; undefined when it has. */
function provideClaim(pod: Pod, volume: Volume, { reader, client }: SyncContext): string | undefined {
  const { namespace = '', name: podName } = pod.metadata;
  const name = claimNameOf(pod, volume) ?? '';
  const existing = reader.get<PersistentVolumeClaim>(PVCS, namespace, name);
  if (existing)
    return isForPod(existing, pod)
      ? undefined
      : `PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`;
  const template = volume.ephemeral?.volumeClaimTemplate;
  const { labels, annotations } = template?.metadata ?? {};
  const claim: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      ownerReferences: [newControllerRef(pod, { group: '', version: 'v1', kind: 'Pod' })],
      ...(annotations ? { annotations } : {}),
      ...(labels ? { labels } : {}),
    },
    spec: template?.spec ?? { resources: {} },
    status: {},
  };
  const answer = client.create(PVCS, claim);
  return answer.ok ? undefined : `create PVC ${name}: ${answer.status.message}`;
}
