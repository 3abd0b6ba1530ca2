// What a PersistentVolume has without saying so.
// Behaviour: pkg/apis/core/v1/{defaults,zz_generated.defaults}.go (PersistentVolume), Kubernetes v1.36.3.
import type { PersistentVolume, PersistentVolumeSpec } from '../../../schema/generated/types/core-v1.ts';
import { roundResourceList } from '../pod-spec/resource-rounding.ts';

export function defaultPersistentVolume(volume: PersistentVolume): PersistentVolume {
  const status = volume.status.phase ? volume.status : { ...volume.status, phase: 'Pending' };
  return { ...volume, spec: defaultSpec(volume.spec), status };
}

function defaultSpec(spec: PersistentVolumeSpec): PersistentVolumeSpec {
  return {
    ...defaultVolumeSource(spec),
    persistentVolumeReclaimPolicy: spec.persistentVolumeReclaimPolicy || 'Retain',
    volumeMode: spec.volumeMode ?? 'Filesystem',
  };
}

/** What a volume has by its source, in a PersistentVolume or inside a VolumeAttachment. */
export function defaultVolumeSource(spec: PersistentVolumeSpec): PersistentVolumeSpec {
  const { capacity, hostPath, rbd, iscsi, azureDisk, scaleIO } = spec;
  return {
    ...spec,
    ...(capacity ? { capacity: roundResourceList(capacity) } : {}),
    ...(hostPath ? { hostPath: { type: '', ...hostPath } } : {}),
    ...(rbd
      ? {
          rbd: {
            ...rbd,
            pool: rbd.pool || 'rbd',
            user: rbd.user || 'admin',
            keyring: rbd.keyring || '/etc/ceph/keyring',
          },
        }
      : {}),
    ...(iscsi ? { iscsi: { ...iscsi, iscsiInterface: iscsi.iscsiInterface || 'default' } } : {}),
    ...(azureDisk
      ? { azureDisk: { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared', ...azureDisk } }
      : {}),
    ...(scaleIO
      ? {
          scaleIO: {
            ...scaleIO,
            storageMode: scaleIO.storageMode || 'ThinProvisioned',
            fsType: scaleIO.fsType || 'xfs',
          },
        }
      : {}),
  };
}
