// Deletes released volumes of described provisioners.
// Behaviour: sig-storage-lib-external-provisioner/controller/controller.go (syncVolume, deleteVolumeOperation), v12.
import { EXTERNAL_PROVISIONER } from '../../apimachinery/well-known/finalizers.ts';
import type { PersistentVolume } from '../../schema/generated/types/core-v1.ts';
import { PVS } from '../../schema/resource-names.ts';
import { type ControllerFactory, keyFor } from '../engine/controller.ts';
import { withoutFinalizer } from '../objects/finalizers.ts';
import { ANN_MIGRATED_TO, ANN_PROVISIONED_BY, driverNameOf } from '../storage/provisioners.ts';
import type { CloudOptions } from './description.ts';
import { servedDrivers } from './served-drivers.ts';

export const volumeDeleter: ControllerFactory<CloudOptions> = ({ cloud }) => {
  const served = servedDrivers(cloud);
  return {
    name: 'external-provisioner',
    watches:
      served.size === 0
        ? []
        : [
            {
              resource: PVS,
              keys: ({ type, object }) =>
                type === 'MODIFIED' && isReleased(object as PersistentVolume) ? [keyFor(object)] : [],
            },
          ],
    sync(key, { client, reader }) {
      const volume = reader.get<PersistentVolume>(PVS, undefined, key);
      if (!volume || !isReleased(volume)) return undefined;
      if (volume.metadata.deletionTimestamp === undefined && !client.delete(PVS, { name: key }).ok)
        return { retry: true };
      const left = reader.get<PersistentVolume>(PVS, undefined, key);
      if (!left?.metadata.finalizers?.includes(EXTERNAL_PROVISIONER)) return undefined;
      return client.update(PVS, withoutFinalizer(left, EXTERNAL_PROVISIONER)).ok ? undefined : { retry: true };
    },
  };

  function isReleased({ metadata, spec, status }: PersistentVolume): boolean {
    if (spec.persistentVolumeReclaimPolicy !== 'Delete' || status.phase !== 'Released') return false;
    const { [ANN_MIGRATED_TO]: migrated, [ANN_PROVISIONED_BY]: by = '' } = metadata.annotations ?? {};
    return served.has(migrated ?? driverNameOf(by));
  }
};
