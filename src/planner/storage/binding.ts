// Writes a binding into volume and claim, takes it out again, and sets phases; writes only what changes.
// Behaviour: pkg/controller/volume/persistentvolume/pv_controller.go (bind, unbindVolume, update…), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { mustParseQuantity, parseQuantity } from '../../apimachinery/quantity/quantity.ts';
import type { Answer } from '../../apiserver/request.ts';
import type { Client } from '../../apiserver/server.ts';
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimStatus,
} from '../../schema/generated/types/core-v1.ts';
import { PVCS, PVS } from '../../schema/resource-names.ts';
import { ANN_BIND_COMPLETED, ANN_BOUND_BY_CONTROLLER, bindVolumeToClaim } from './claims-and-volumes.ts';

const ANN_PRE_RESIZE_CAPACITY = 'volume.alpha.kubernetes.io/pre-resize-capacity';

/** Binds both, the volume first; false when a write was refused. */
export function bind(volume: PersistentVolume, claim: PersistentVolumeClaim, client: Client): boolean {
  const reserved = bindVolumeToClaim(volume, claim);
  const saved = reserved.isDirty ? updated(client.update(PVS, reserved.volume)) : volume;
  if (!saved || !setVolumePhase(saved, 'Bound', '', client)) return false;
  const bound = boundClaim(claim, volume);
  const savedClaim = bound === claim ? claim : updated(client.update(PVCS, bound));
  return savedClaim !== undefined && setClaimPhase(savedClaim, 'Bound', saved, client);
}

function updated<T extends KubeObject>(answer: Answer<T>): T | undefined {
  return answer.ok ? answer.object : undefined;
}

function boundClaim(claim: PersistentVolumeClaim, { metadata: { name = '' } }: PersistentVolume) {
  const before = claim.metadata.annotations ?? {};
  const isNew = claim.spec.volumeName !== name;
  const annotations = {
    ...(isNew ? { [ANN_BOUND_BY_CONTROLLER]: 'yes' } : {}),
    [ANN_BIND_COMPLETED]: 'yes',
    ...before,
  };
  if (!isNew && before[ANN_BIND_COMPLETED] !== undefined) return claim;
  return { ...claim, metadata: { ...claim.metadata, annotations }, spec: { ...claim.spec, volumeName: name } };
}

/** Takes the claim off a volume that was bound here; one that its user reserved stays reserved. */
export function unbind(volume: PersistentVolume, client: Client): boolean {
  const { [ANN_BOUND_BY_CONTROLLER]: isOurs, ...annotations } = volume.metadata.annotations ?? {};
  const { claimRef, ...spec } = volume.spec;
  const { uid: _uid, ...reserved } = claimRef ?? {};
  const { annotations: _all, ...metadata } = volume.metadata;
  const next: PersistentVolume =
    isOurs === undefined
      ? { ...volume, spec: { ...spec, claimRef: reserved } }
      : {
          ...volume,
          metadata: Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata,
          spec,
        };
  const saved = updated(client.update(PVS, next));
  return saved !== undefined && setVolumePhase(saved, 'Available', '', client);
}

/** Whether the volume has the phase now. */
export function setVolumePhase(volume: PersistentVolume, phase: string, message: string, client: Client): boolean {
  if (volume.status.phase === phase) return true;
  const { message: _old, ...status } = volume.status;
  return client.updateStatus(PVS, { ...volume, status: { ...status, phase, ...(message ? { message } : {}) } }).ok;
}

/** Whether the claim has the phase now; a bound claim takes modes, size and class from its volume. */
export function setClaimPhase(
  claim: PersistentVolumeClaim,
  phase: string,
  volume: PersistentVolume | undefined,
  client: Client,
): boolean {
  const status = volume ? statusBy(claim, phase, volume) : statusWithoutVolume(claim, phase);
  if (semanticDeepEqual(status, claim.status)) return true;
  return client.updateStatus(PVCS, { ...claim, status }).ok;
}

function statusWithoutVolume({ status }: PersistentVolumeClaim, phase: string): PersistentVolumeClaimStatus {
  const { accessModes: _modes, capacity: _capacity, currentVolumeAttributesClassName: _class, ...rest } = status;
  return { ...rest, phase };
}

function statusBy(
  { status }: PersistentVolumeClaim,
  phase: string,
  { metadata, spec }: PersistentVolume,
): PersistentVolumeClaimStatus {
  const accessModes = spec.accessModes ?? [];
  const next = { ...status, phase, accessModes };
  // A claim that is bound already may well be smaller than its volume.
  if (status.phase === phase) return next;
  const before = status.capacity?.['storage'];
  const now = spec.capacity?.['storage'] ?? '0';
  const resized = metadata.annotations?.[ANN_PRE_RESIZE_CAPACITY];
  const isSame = before !== undefined && mustParseQuantity(String(before)).equals(mustParseQuantity(String(now)));
  const capacity =
    resized === undefined
      ? isSame
        ? status.capacity
        : spec.capacity
      : { ...status.capacity, storage: parseQuantity(resized) ? resized : now };
  const attributesClass = spec.volumeAttributesClassName;
  const { currentVolumeAttributesClassName: oldClass, ...withoutClass } = next;
  const current = status.phase === 'Pending' && phase === 'Bound' ? attributesClass : oldClass;
  return {
    ...withoutClass,
    ...(capacity ? { capacity } : {}),
    ...(current === undefined ? {} : { currentVolumeAttributesClassName: current }),
  };
}
