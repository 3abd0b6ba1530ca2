// Which volumes the volume plugins have something to say about.
import type { PodInfo } from '../../framework/pod-info.ts';

type PodVolume = NonNullable<PodInfo['spec']['volumes']>[number];

export function isRestricted(volume: PodVolume): boolean {
  return Boolean(
    volume.persistentVolumeClaim ??
      volume.ephemeral ??
      volume.gcePersistentDisk ??
      volume.awsElasticBlockStore ??
      volume.rbd ??
      volume.iscsi ??
      volume.azureDisk ??
      volume.cinder ??
      volume.portworxVolume ??
      volume.azureFile ??
      volume.vsphereVolume,
  );
}
