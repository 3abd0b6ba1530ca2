// Makes volumes for claims that ask a described provisioner for one, and deletes them when they are released.
// Behaviour: sig-storage-lib-external-provisioner/controller/controller.go, v12, with csi-provisioner's volumes.
// Differs: a volume's handle is its name, it fits every node of the chosen one's zone, and nothing ever fails.
import { STORAGE_PROVISIONER } from '../../apimachinery/well-known/annotations.ts';
import { EXTERNAL_PROVISIONER } from '../../apimachinery/well-known/finalizers.ts';
import { LABEL_TOPOLOGY_ZONE } from '../../apimachinery/well-known/labels.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../schema/generated/types/storage-v1.ts';
import { PVCS, PVS } from '../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, type SyncContext, splitKey } from '../engine/controller.ts';
import { ANN_SELECTED_NODE, bindVolumeToClaim, claimClass, STORAGE_CLASSES } from '../storage/claims-and-volumes.ts';
import { ANN_MIGRATED_TO, ANN_PROVISIONED_BY, driverNameOf } from '../storage/provisioners.ts';
import type { CloudOptions } from './description.ts';
import { servedDrivers } from './served-drivers.ts';

export const volumeProvisioner: ControllerFactory<CloudOptions> = ({ cloud }) => {
  const served = servedDrivers(cloud);
  return {
    name: 'external-provisioner',
    watches:
      served.size === 0
        ? []
        : [
            {
              resource: PVCS,
              keys: ({ type, object }) =>
                type !== 'DELETED' && isAsking(object as PersistentVolumeClaim) ? [keyFor(object)] : [],
            },
          ],
    sync(key, context) {
      const { namespace, name } = splitKey(key);
      const claim = context.reader.get<PersistentVolumeClaim>(PVCS, namespace, name);
      return !claim || !isAsking(claim) || provide(claim, context) ? undefined : { retry: true };
    },
  };

  function isAsking({ metadata, spec }: PersistentVolumeClaim): boolean {
    const provisioner = metadata.annotations?.[STORAGE_PROVISIONER] ?? '';
    return !spec.volumeName && metadata.deletionTimestamp === undefined && served.has(driverNameOf(provisioner));
  }
};

/** Whether nothing was refused. */
function provide(claim: PersistentVolumeClaim, { client, reader, recorder }: SyncContext): boolean {
  const storageClass = reader.get<StorageClass>(STORAGE_CLASSES, undefined, claimClass(claim));
  const name = `pvc-${claim.metadata.uid}`;
  if (!storageClass || reader.get(PVS, undefined, name)) return true;
  const nodeName = claim.metadata.annotations?.[ANN_SELECTED_NODE];
  if (storageClass.volumeBindingMode === 'WaitForFirstConsumer' && nodeName === undefined) return true;
  const key = keyFor(claim);
  recorder.event(claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${key}"`);
  const node = nodeName === undefined ? undefined : reader.get<Node>('nodes', undefined, nodeName);
  const answer = client.create<PersistentVolume>(PVS, volumeFor(claim, storageClass, name, node));
  if (!answer.ok) return false;
  recorder.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`);
  return true;
}

function volumeFor(
  claim: PersistentVolumeClaim,
  { provisioner, reclaimPolicy = 'Delete', mountOptions }: StorageClass,
  name: string,
  node: Node | undefined,
): PersistentVolume {
  const driver = driverNameOf(provisioner);
  const zone = node?.metadata.labels?.[LABEL_TOPOLOGY_ZONE];
  const { accessModes, resources, volumeMode, volumeAttributesClassName } = claim.spec;
  const volume: PersistentVolume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name,
      annotations: {
        [ANN_PROVISIONED_BY]: provisioner,
        ...(driver === provisioner ? {} : { [ANN_MIGRATED_TO]: driver }),
      },
      ...(reclaimPolicy === 'Delete' ? { finalizers: [EXTERNAL_PROVISIONER] } : {}),
    },
    spec: {
      accessModes: accessModes ?? [],
      capacity: { storage: resources.requests?.['storage'] ?? '0' },
      csi: { driver, volumeHandle: name },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: claimClass(claim),
      ...(volumeMode === undefined ? {} : { volumeMode }),
      ...(volumeAttributesClassName === undefined ? {} : { volumeAttributesClassName }),
      ...(mountOptions ? { mountOptions } : {}),
      ...(zone === undefined ? {} : { nodeAffinity: inZone(zone) }),
    },
    status: {},
  };
  const { volume: bound } = bindVolumeToClaim(volume, claim);
  // The binding is the provisioner's, not the controller's.
  return { ...bound, metadata: volume.metadata };
}

function inZone(zone: string): NonNullable<PersistentVolume['spec']['nodeAffinity']> {
  const matchExpressions = [{ key: LABEL_TOPOLOGY_ZONE, operator: 'In', values: [zone] }];
  return { required: { nodeSelectorTerms: [{ matchExpressions }] } };
}
