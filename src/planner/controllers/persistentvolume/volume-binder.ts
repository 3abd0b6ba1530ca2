// Gives each volume the phase that follows from its claim, and reclaims volumes whose claim is gone.
// Behaviour: pkg/controller/volume/persistentvolume/pv_controller.go (syncVolume, reclaimVolume), Kubernetes v1.36.3.
// Differs: recycling takes no pod and no time; what an external provisioner would delete stays.
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../schema/generated/types/core-v1.ts';
import { PVCS, PVS } from '../../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, type SyncContext } from '../../engine/controller.ts';
import { setVolumePhase, unbind } from '../../storage/binding.ts';
import { isPodTerminated } from '../../storage/claim-use.ts';
import {
  ANN_MIGRATED_TO,
  ANN_PROVISIONED_BY,
  deleterOf,
  IN_TREE_FINALIZER,
  isRecyclable,
  whyNotDeleted,
  withDeletionFinalizers,
  withMigration,
} from '../../storage/provisioners.ts';
import { hasSameMode } from '../../storage/volume-index.ts';
import { NAME } from './claim-binder.ts';

export const persistentVolumeBinder: ControllerFactory = () => ({
  name: NAME,
  watches: [
    { resource: PVS, keys: ({ type, object }) => (type === 'DELETED' ? [] : [keyFor(object)]) },
    { resource: PVCS, keys: volumeOfDeletedClaim },
  ],
  sync(key, context) {
    const volume = context.reader.get<PersistentVolume>(PVS, undefined, key);
    return !volume || syncVolume(volume, context) ? undefined : { retry: true };
  },
});

function volumeOfDeletedClaim({ type, object }: StoreEvent): readonly string[] {
  const { volumeName } = (object as PersistentVolumeClaim).spec;
  return type === 'DELETED' && volumeName ? [volumeName] : [];
}

/** Whether nothing was refused. */
function syncVolume(volume: PersistentVolume, context: SyncContext): boolean {
  const { client, reader, recorder } = context;
  const annotations = withMigration(volume.metadata.annotations, [ANN_PROVISIONED_BY]);
  const finalizers = volume.metadata.deletionTimestamp ? undefined : withDeletionFinalizers(volume);
  // The write brings the volume back here.
  if (annotations || finalizers) {
    const metadata = {
      ...volume.metadata,
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
    };
    return client.update(PVS, { ...volume, metadata }).ok;
  }
  const { claimRef } = volume.spec;
  // A volume without its claim's UID is reserved; the claim takes it up.
  if (!claimRef?.uid) return setVolumePhase(volume, 'Available', '', client);
  const named = reader.get<PersistentVolumeClaim>(PVCS, claimRef.namespace, claimRef.name ?? '');
  const claim = named?.metadata.uid === claimRef.uid ? named : undefined;
  if (!claim) return release(volume, context);
  const { name } = volume.metadata;
  if (!claim.spec.volumeName) {
    // The claim hears of the volume as well and takes it.
    if (hasSameMode(claim, volume)) return true;
    recorder.event(
      volume,
      'Warning',
      'VolumeMismatch',
      `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claim.metadata.name}" due to incompatible volumeMode.`,
    );
    recorder.event(
      claim,
      'Warning',
      'VolumeMismatch',
      `Cannot bind PersistentVolume "${name}" to requested PersistentVolumeClaim due to incompatible volumeMode.`,
    );
    return true;
  }
  if (claim.spec.volumeName === name) return setVolumePhase(volume, 'Bound', '', client);
  const isOurs = volume.metadata.annotations?.[ANN_PROVISIONED_BY] !== undefined;
  if (isOurs && volume.spec.persistentVolumeReclaimPolicy === 'Delete') return release(volume, context);
  return unbind(volume, client);
}

/** A failed volume keeps its phase, so that people see it; what failed is tried again. */
function release(volume: PersistentVolume, context: SyncContext): boolean {
  const { phase } = volume.status;
  // The write brings the volume back here.
  if (phase !== 'Released' && phase !== 'Failed') return setVolumePhase(volume, 'Released', '', context.client);
  if (volume.metadata.annotations?.[ANN_MIGRATED_TO]) return true;
  switch (volume.spec.persistentVolumeReclaimPolicy) {
    case 'Retain':
      return true;
    case 'Recycle':
      return recycle(volume, context);
    case 'Delete':
      return deleteVolume(volume, context);
    default:
      return fail(
        volume,
        'VolumeUnknownReclaimPolicy',
        'Volume has unrecognized PersistentVolumeReclaimPolicy',
        context,
        '',
      );
  }
}

function fail(
  volume: PersistentVolume,
  reason: string,
  message: string,
  { client, recorder }: SyncContext,
  statusMessage = message,
): boolean {
  if (volume.status.phase === 'Failed') return true;
  if (!setVolumePhase(volume, 'Failed', statusMessage, client)) return false;
  recorder.event(volume, 'Warning', reason, message);
  return true;
}

function recycle(volume: PersistentVolume, context: SyncContext): boolean {
  const { reader, recorder, client } = context;
  const { namespace = '', name = '' } = volume.spec.claimRef ?? {};
  const users = reader.listByIndex<Pod>('pods', 'claim', `${namespace}/${name}`).filter((pod) => !isPodTerminated(pod));
  if (users.length > 0 && !reader.get(PVCS, namespace, name)) {
    const names = users.map(keyFor).join(', ');
    recorder.event(volume, 'Normal', 'VolumeFailedRecycle', `Volume is used by pods: ${names}`);
    return true;
  }
  if (!isRecyclable(volume))
    return fail(volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!', context);
  recorder.event(volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
  return unbind(volume, client);
}

function deleteVolume(volume: PersistentVolume, context: SyncContext): boolean {
  const deleter = deleterOf(volume);
  if (deleter.kind === 'external') return true;
  const why = deleter.kind === 'none' ? deleter.error : whyNotDeleted(volume);
  if (why !== undefined) return fail(volume, 'VolumeFailedDelete', why, context);
  const { name = '', finalizers = [], deletionTimestamp } = volume.metadata;
  if (finalizers.includes(IN_TREE_FINALIZER)) {
    const others = finalizers.filter((finalizer) => finalizer !== IN_TREE_FINALIZER);
    const { finalizers: _all, ...metadata } = volume.metadata;
    const next = { ...volume, metadata: others.length > 0 ? { ...metadata, finalizers: others } : metadata };
    if (!context.client.update(PVS, next).ok) return false;
  }
  return deletionTimestamp !== undefined || context.client.delete(PVS, { name }).ok;
}
