// Grows volumes of described provisioners when their claims ask for more.
// Behaviour: kubernetes-csi/external-resizer and the kubelet's part of it, as far as their end shows.
// Differs: volume and claim have the new size at once, with none of the steps between.
import type { PersistentVolume, PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';
import { PVCS, PVS } from '../../schema/resource-names.ts';
import { type ControllerFactory, splitKey, watchSelf } from '../engine/controller.ts';
import { capacityOf, requestOf } from '../storage/claim-size.ts';
import type { CloudOptions } from './description.ts';
import { servedDrivers } from './served-drivers.ts';

export const volumeResizer: ControllerFactory<CloudOptions> = ({ cloud }) => {
  const served = servedDrivers(cloud);
  return {
    name: 'external-resizer',
    watches: served.size === 0 ? [] : [watchSelf(PVCS)],
    sync(key, { client, reader, recorder }) {
      const { namespace, name } = splitKey(key);
      const claim = reader.get<PersistentVolumeClaim>(PVCS, namespace, name);
      if (claim?.status.phase !== 'Bound' || requestOf(claim).cmp(capacityOf(claim)) <= 0) return undefined;
      const volume = reader.get<PersistentVolume>(PVS, undefined, claim.spec.volumeName ?? '');
      if (!volume?.spec.csi || !served.has(volume.spec.csi.driver)) return undefined;
      const storage = requestOf(claim).toString();
      const capacity = { ...volume.spec.capacity, storage };
      if (!client.update(PVS, { ...volume, spec: { ...volume.spec, capacity } }).ok) return { retry: true };
      const status = { ...claim.status, capacity: { ...claim.status.capacity, storage } };
      if (!client.updateStatus(PVCS, { ...claim, status }).ok) return { retry: true };
      recorder.event(claim, 'Normal', 'VolumeResizeSuccessful', 'Resize volume succeeded');
      return undefined;
    },
  };
};
