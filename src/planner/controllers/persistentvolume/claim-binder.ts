// Finds or makes a volume for each claim, and says of bound claims when their volume is lost.
// Behaviour: pkg/controller/volume/persistentvolume/pv_controller.go (syncClaim), Kubernetes v1.36.3.
// Differs: a failed provisioning is tried again every 15 s, there with growing pauses between.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { BETA_STORAGE_CLASS, STORAGE_PROVISIONER } from '../../../apimachinery/well-known/annotations.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../../schema/generated/types/storage-v1.ts';
import { PVCS, PVS } from '../../../schema/resource-names.ts';
import {
  type ControllerFactory,
  contextWith,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
} from '../../engine/controller.ts';
import { bind, setClaimPhase } from '../../storage/binding.ts';
import { isPodTerminated, podsOfClaim } from '../../storage/claim-use.ts';
import {
  ANN_BIND_COMPLETED,
  ANN_BOUND_BY_CONTROLLER,
  ANN_SELECTED_NODE,
  claimClass,
  delayBindingMode,
  isVolumeBoundToClaim,
  STORAGE_CLASSES,
} from '../../storage/claims-and-volumes.ts';
import { ANN_STORAGE_PROVISIONER_BETA, provisionerOf, withMigration } from '../../storage/provisioners.ts';
import { VolumeIndex, whyNotSatisfied } from '../../storage/volume-index.ts';
import { provision } from './provision.ts';

export const NAME = 'persistentvolume-controller';
const ANN_DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const ANN_DEFAULT_CLASS_BETA = 'storageclass.beta.kubernetes.io/is-default-class';
/** All claims are looked at again in this period (--pvclaimbinder-sync-period). */
const SYNC_PERIOD = 15_000;
const RESYNC = 'resync';
/** A binding is four requests, one after the other; a scheduler that meets the claim's pod meanwhile finds it unbound. */
const BINDING_TIME = 5;
/** A volume has to be made first. */
const PROVISIONING_TIME = 20;

const LOST_REFERENCE = 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!';
const LOST_VOLUME = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
const MISBOUND = 'Two claims are bound to the same volume, this one is bound incorrectly';
const NONE_AVAILABLE = 'no persistent volumes available for this claim and no storage class is set';

export const persistentVolumeClaimBinder: ControllerFactory = ({ flags }) => {
  const volumes = new VolumeIndex();
  /** Claims that have no volume yet. */
  const unbound = new Set<string>();
  /** Something changed that an unbound claim waits for. */
  let isNewsWaiting = false;
  let startedAt: number | undefined;
  /** When claims came, by UID. */
  const seenAt = new Map<string, number>();
  /** Claims that have come and not been looked at, by UID. */
  const fresh = new Set<string>();
  return {
    name: NAME,
    watches: [
      { resource: PVCS, keys: noteClaim },
      { resource: PVS, keys: noteVolume },
      {
        resource: STORAGE_CLASSES,
        keys: ({ type }) => {
          if (type === 'DELETED' || unbound.size === 0) return [];
          isNewsWaiting = true;
          return [RESYNC];
        },
      },
    ],
    startKeys: [RESYNC],
    sync(key, context) {
      if (key === RESYNC) return resync(context);
      const { namespace, name } = splitKey(key);
      const claim = context.reader.get<PersistentVolumeClaim>(PVCS, namespace, name);
      if (!claim) return undefined;
      const time = timeToBind(claim, context.reader);
      const left = time > 0 ? firstSeen(claim, context.now) + time - context.now : 0;
      if (left > 0) return { requeueAfter: left };
      const isFirstLook = fresh.delete(claim.metadata.uid ?? '');
      return syncClaim(claim, contextWith(context, { volumes, flags, isFirstLook })) ? undefined : { retry: true };
    },
  };

  /** How long after a claim came it may be bound; 0 when nothing is to be bound now. */
  function timeToBind(claim: PersistentVolumeClaim, reader: ClusterReader): number {
    if (isBound(claim) || claim.spec.volumeName || isDelayed(claim, reader)) return 0;
    if (volumes.find(claim, false, reader)) return BINDING_TIME;
    const storageClass = reader.get<StorageClass>(STORAGE_CLASSES, undefined, claimClass(claim));
    return storageClass && provisionerOf(storageClass).kind === 'plugin' ? PROVISIONING_TIME : 0;
  }

  function firstSeen({ metadata: { uid = '' } }: PersistentVolumeClaim, now: number): number {
    const at = seenAt.get(uid) ?? now;
    seenAt.set(uid, at);
    return at;
  }

  function noteClaim({ type, object, cause }: StoreEvent): readonly string[] {
    const key = keyFor(object);
    if (type === 'ADDED' && cause.who !== 'inventory') fresh.add(object.metadata.uid ?? '');
    if (type !== 'DELETED' && !isBound(object)) unbound.add(key);
    else {
      unbound.delete(key);
      seenAt.delete(object.metadata.uid ?? '');
      if (type === 'DELETED') fresh.delete(object.metadata.uid ?? '');
    }
    return type === 'DELETED' ? [] : [key];
  }

  /** Claims hear of volumes that name them; the others see what has become available in their own time. */
  function noteVolume(event: StoreEvent, reader: ClusterReader): readonly string[] {
    volumes.note(event);
    const { type, object, previous } = event;
    const volume = object as PersistentVolume;
    const { claimRef } = volume.spec;
    if (!claimRef?.uid) {
      const isNews =
        volume.status.phase === 'Available' && (previous as PersistentVolume | undefined)?.status.phase !== 'Available';
      return type !== 'DELETED' && isNews ? [RESYNC] : [];
    }
    const claim = reader.get<PersistentVolumeClaim>(PVCS, claimRef.namespace, claimRef.name ?? '');
    if (!claim || (type !== 'DELETED' && (claim.metadata.uid !== claimRef.uid || claim.spec.volumeName))) return [];
    return [keyFor(claim)];
  }

  function canBeBound(key: string, { reader }: SyncContext): boolean {
    const { namespace, name } = splitKey(key);
    const claim = reader.get<PersistentVolumeClaim>(PVCS, namespace, name);
    if (!claim) return false;
    const { volumeName } = claim.spec;
    if (!volumeName) return volumes.find(claim, isDelayed(claim, reader), reader) !== undefined;
    const volume = reader.get<PersistentVolume>(PVS, undefined, volumeName);
    return volume !== undefined && whyNotSatisfied(claim, volume) === undefined;
  }

  /** Only if a claim could be bound by now, the next look is worth waiting for. */
  function resync(context: SyncContext): SyncResult {
    const since = startedAt ?? context.now;
    startedAt = since;
    if (context.now > since && (context.now - since) % SYNC_PERIOD === 0) {
      isNewsWaiting = false;
      for (const key of [...unbound].sort()) {
        const { namespace, name } = splitKey(key);
        const claim = context.reader.get<PersistentVolumeClaim>(PVCS, namespace, name);
        if (claim) syncClaim(claim, contextWith(context, { volumes, flags, isFirstLook: false }));
      }
    } else isNewsWaiting ||= [...unbound].some((key) => canBeBound(key, context));
    const next = since + (Math.floor((context.now - since) / SYNC_PERIOD) + 1) * SYNC_PERIOD;
    return { requeueAfter: next - context.now, routine: !isNewsWaiting || unbound.size === 0 };
  }
};

function isBound({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[ANN_BIND_COMPLETED] !== undefined;
}

interface ClaimContext extends SyncContext {
  readonly volumes: VolumeIndex;
  readonly flags: Readonly<Record<string, string>>;
  /** Whether this is the look that the claim's coming itself has led to. */
  readonly isFirstLook: boolean;
}

/** Whether nothing was refused. */
function syncClaim(claim: PersistentVolumeClaim, context: ClaimContext): boolean {
  const annotations = withMigration(claim.metadata.annotations, [STORAGE_PROVISIONER, ANN_STORAGE_PROVISIONER_BETA]);
  // The write brings the claim back here.
  if (annotations) return context.client.update(PVCS, { ...claim, metadata: { ...claim.metadata, annotations } }).ok;
  if (isBound(claim)) return syncBound(claim, context);
  return claim.spec.volumeName ? syncRequested(claim, context) : syncUnbound(claim, context);
}

function syncBound(claim: PersistentVolumeClaim, context: ClaimContext): boolean {
  const { volumeName } = claim.spec;
  if (!volumeName) return lose(claim, 'ClaimLost', LOST_REFERENCE, context);
  const volume = context.reader.get<PersistentVolume>(PVS, undefined, volumeName);
  if (!volume) return lose(claim, 'ClaimLost', LOST_VOLUME, context);
  const { claimRef } = volume.spec;
  if (claimRef && claimRef.uid !== claim.metadata.uid) return lose(claim, 'ClaimMisbound', MISBOUND, context);
  return bind(volume, claim, context.client);
}

function lose(claim: PersistentVolumeClaim, reason: string, message: string, context: ClaimContext): boolean {
  if (claim.status.phase === 'Lost') return true;
  if (!setClaimPhase(claim, 'Lost', undefined, context.client)) return false;
  context.recorder.event(claim, 'Warning', reason, message);
  return true;
}

/** A claim that asks for a volume by name. */
function syncRequested(claim: PersistentVolumeClaim, { reader, client, recorder }: ClaimContext): boolean {
  const volume = reader.get<PersistentVolume>(PVS, undefined, claim.spec.volumeName ?? '');
  if (!volume) return setClaimPhase(claim, 'Pending', undefined, client);
  const { name } = volume.metadata;
  if (!volume.spec.claimRef) {
    const why = whyNotSatisfied(claim, volume);
    if (why === undefined) return bind(volume, claim, client);
    recorder.event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${why}`);
    return setClaimPhase(claim, 'Pending', undefined, client);
  }
  if (isVolumeBoundToClaim(volume, claim)) return bind(volume, claim, client);
  recorder.event(claim, 'Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`);
  if (claim.metadata.annotations?.[ANN_BOUND_BY_CONTROLLER] !== undefined) return false;
  return setClaimPhase(claim, 'Pending', undefined, client);
}

function syncUnbound(claim: PersistentVolumeClaim, context: ClaimContext): boolean {
  const { reader, client, recorder, volumes } = context;
  const waits = isDelayed(claim, reader);
  const volume = volumes.find(claim, waits, reader);
  if (volume) return bind(volume, claim, client);

  const defaultClass = hasClass(claim) ? undefined : defaultClassOf(reader);
  if (defaultClass !== undefined)
    return client.update(PVCS, { ...claim, spec: { ...claim.spec, storageClassName: defaultClass } }).ok;
  if (waits && claim.metadata.annotations?.[ANN_SELECTED_NODE] === undefined) tellToWait(claim, context);
  else if (claimClass(claim) !== '') return provision(claim, context);
  else recorder.event(claim, 'Normal', 'FailedBinding', NONE_AVAILABLE);
  return setClaimPhase(claim, 'Pending', undefined, client);
}

/** Whether the claim's class has it wait for its first consumer. */
function isDelayed(claim: PersistentVolumeClaim, reader: ClusterReader): boolean {
  const mode = delayBindingMode(claim, reader);
  return 'isDelayed' in mode && mode.isDelayed;
}

function tellToWait(claim: PersistentVolumeClaim, { reader, recorder, isFirstLook }: ClaimContext): void {
  // Who makes a claim and then its pod has not come to the pod when the claim is seen.
  const isThere = (pod: Pod): boolean => !isFirstLook || !cameAfter(pod, claim);
  const names = podsOfClaim(claim, reader)
    .filter((pod) => isThere(pod) && !isPodTerminated(pod) && !pod.spec.nodeName)
    .map(({ metadata }) => metadata.name);
  if (names.length === 0)
    recorder.event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  else
    recorder.event(
      claim,
      'Normal',
      'WaitForPodScheduled',
      `waiting for pod${names.length > 1 ? 's' : ''} ${names.join(',')} to be scheduled`,
    );
}

/** UIDs of what comes while time is simulated stand in the order in which they were given. */
function cameAfter({ metadata: later }: Pod, { metadata: sooner }: PersistentVolumeClaim): boolean {
  const [at = '', since = ''] = [later.creationTimestamp, sooner.creationTimestamp];
  return at >= since && (later.uid ?? '') > (sooner.uid ?? '');
}

function hasClass({ metadata, spec }: PersistentVolumeClaim): boolean {
  return metadata.annotations?.[BETA_STORAGE_CLASS] !== undefined || spec.storageClassName !== undefined;
}

/** The newest of the default classes. */
function defaultClassOf(reader: ClusterReader): string | undefined {
  const defaults = reader
    .list<StorageClass>(STORAGE_CLASSES)
    .filter(
      ({ metadata: { annotations } }) =>
        annotations?.[ANN_DEFAULT_CLASS] === 'true' || annotations?.[ANN_DEFAULT_CLASS_BETA] === 'true',
    );
  return defaults.reduce<StorageClass | undefined>(newerOf, undefined)?.metadata.name;
}

function newerOf(a: StorageClass | undefined, b: StorageClass): StorageClass {
  return a && (a.metadata.creationTimestamp ?? '') >= (b.metadata.creationTimestamp ?? '') ? a : b;
}
