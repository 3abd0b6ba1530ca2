// Sees claims that ask for more than they have; growing their volumes is left to somebody outside.
// Behaviour: pkg/controller/volume/expand/expand_controller.go, Kubernetes v1.36.3: none of the plugins left in it can grow a volume.
// Differs: flexVolumes are said to be waited for as well.
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../schema/generated/types/core-v1.ts';
import { PVCS, PVS } from '../../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, splitKey } from '../../engine/controller.ts';
import { capacityOf, requestOf } from '../../storage/claim-size.ts';
import { driverOf } from '../../storage/provisioners.ts';

const RESIZER = 'volume.kubernetes.io/storage-resizer';
/** Sources of drivers that have moved out, and the plugin each was. */
const MIGRATED_SOURCES = [
  ['awsElasticBlockStore', 'kubernetes.io/aws-ebs'],
  ['gcePersistentDisk', 'kubernetes.io/gce-pd'],
  ['azureDisk', 'kubernetes.io/azure-disk'],
  ['azureFile', 'kubernetes.io/azure-file'],
  ['cinder', 'kubernetes.io/cinder'],
  ['vsphereVolume', 'kubernetes.io/vsphere-volume'],
  ['portworxVolume', 'kubernetes.io/portworx-volume'],
] as const;

export const expandController: ControllerFactory = () => ({
  name: 'volume_expand',
  watches: [{ resource: PVCS, keys: keysOfClaim }],
  sync(key, { client, reader, recorder }) {
    const { namespace, name } = splitKey(key);
    const claim = reader.get<PersistentVolumeClaim>(PVCS, namespace, name);
    const volume = claim && reader.get<PersistentVolume>(PVS, undefined, claim.spec.volumeName ?? '');
    if (!volume || volume.spec.claimRef?.uid !== claim.metadata.uid) return undefined;
    if (requestOf(claim).cmp(capacityOf(claim)) <= 0) return undefined;
    const plugin = MIGRATED_SOURCES.find(([source]) => volume.spec[source])?.[1];
    if (plugin === undefined) {
      recorder.event(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC');
      return undefined;
    }
    recorder.event(
      claim,
      'Normal',
      'ExternalExpanding',
      `CSI migration enabled for ${plugin}; waiting for external resizer to expand the pvc`,
    );
    const driver = driverOf(plugin) ?? '';
    if (claim.metadata.annotations?.[RESIZER] === driver) return undefined;
    const annotations = { ...claim.metadata.annotations, [RESIZER]: driver };
    const answer = client.update(PVCS, { ...claim, metadata: { ...claim.metadata, annotations } });
    return answer.ok ? undefined : { retry: true };
  },
});

/** Bound claims when they come, ask for more or have got more. */
function keysOfClaim({ type, object, previous }: StoreEvent): readonly string[] {
  const claim = object as PersistentVolumeClaim;
  if (type === 'DELETED' || claim.status.phase !== 'Bound') return [];
  const before = type === 'MODIFIED' ? (previous as PersistentVolumeClaim | undefined) : undefined;
  const isNews =
    !before || requestOf(claim).cmp(requestOf(before)) > 0 || capacityOf(claim).cmp(capacityOf(before)) > 0;
  return isNews ? [keyFor(claim)] : [];
}
