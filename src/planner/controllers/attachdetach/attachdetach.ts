// Asks for CSI volumes to be attached to the nodes whose pods use them, and to be detached afterwards.
// Behaviour: pkg/controller/volume/attachdetach/attach_detach_controller.go, pkg/volume/csi/csi_attacher.go, Kubernetes v1.36.3.
// Differs: only claims' CSI volumes; the lists of volumes in node.status are not kept, and nothing waits for an attachment.
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { CSIDriver, VolumeAttachment } from '../../../schema/generated/types/storage-v1.ts';
import { CSI_DRIVERS, PVCS, PVS, VOLUME_ATTACHMENTS } from '../../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, type SyncContext, splitKey } from '../../engine/controller.ts';
import { claimNameOf, isPodTerminated } from '../../storage/claim-use.ts';
import { sha256 } from './sha256.ts';

/** Kubelets put this on their node to leave attaching to the controller. */
const MANAGED_HERE = 'volumes.kubernetes.io/controller-managed-attach-detach';

export const attachDetachController: ControllerFactory = () => {
  /** Names of the attachments asked for, by claim. */
  const attached = new Map<string, Set<string>>();
  return {
    name: 'attachdetach-controller',
    watches: [
      {
        resource: PVCS,
        keys: ({ type, object, previous }) => {
          const name = (object as PersistentVolumeClaim).spec.volumeName;
          const before = (previous as PersistentVolumeClaim | undefined)?.spec.volumeName;
          return type === 'MODIFIED' && name === before ? [] : [keyFor(object)];
        },
      },
      { resource: 'pods', keys: claimsOfPod },
    ],
    sync(key, context) {
      const wanted = wantedAttachments(key, context.reader);
      const before = attached.get(key) ?? new Set<string>();
      let isDone = true;
      for (const attachment of wanted) {
        const name = attachment.metadata.name ?? '';
        if (
          !context.reader.get(VOLUME_ATTACHMENTS, undefined, name) &&
          !context.client.create(VOLUME_ATTACHMENTS, attachment).ok
        )
          isDone = false;
      }
      const names = new Set(wanted.map(({ metadata }) => metadata.name ?? ''));
      for (const name of before) if (!names.has(name)) detach(name, context);
      if (names.size > 0) attached.set(key, names);
      else attached.delete(key);
      return isDone ? undefined : { retry: true };
    },
  };
};

function claimsOfPod({ type, object, previous }: StoreEvent): readonly string[] {
  const pod = object as Pod;
  const { volumes, nodeName } = pod.spec;
  if (!nodeName || !volumes || volumes.length === 0) return [];
  const before = previous as Pod | undefined;
  const isSame = before?.spec.nodeName === nodeName && isPodTerminated(before) === isPodTerminated(pod);
  if (type === 'MODIFIED' && isSame) return [];
  return volumes.flatMap((volume) => {
    const name = claimNameOf(pod, volume);
    return name === undefined ? [] : [`${pod.metadata.namespace}/${name}`];
  });
}

/** One attachment for each node with a pod that is not done. */
function wantedAttachments(key: string, reader: ClusterReader): readonly VolumeAttachment[] {
  const { namespace, name } = splitKey(key);
  const claim = reader.get<PersistentVolumeClaim>(PVCS, namespace, name);
  const volumeName = claim?.spec.volumeName;
  const csi = volumeName && reader.get<PersistentVolume>(PVS, undefined, volumeName)?.spec.csi;
  if (!csi) return [];
  // Without an object of the driver an attachment is taken for needed.
  if (reader.get<CSIDriver>(CSI_DRIVERS, undefined, csi.driver)?.spec.attachRequired === false) return [];
  const nodes = new Set(
    reader
      .listByIndex<Pod>('pods', 'claim', key)
      .flatMap((pod) => (pod.spec.nodeName && !isPodTerminated(pod) ? [pod.spec.nodeName] : []))
      .filter((node) => reader.get('nodes', undefined, node)?.metadata.annotations?.[MANAGED_HERE] !== undefined),
  );
  return [...nodes].sort().map((nodeName) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: `csi-${sha256(csi.volumeHandle + csi.driver + nodeName)}` },
    spec: { attacher: csi.driver, nodeName, source: { persistentVolumeName: volumeName } },
    status: { attached: false },
  }));
}

function detach(name: string, { client, reader }: SyncContext): void {
  if (reader.get(VOLUME_ATTACHMENTS, undefined, name)) client.delete(VOLUME_ATTACHMENTS, { name });
}
