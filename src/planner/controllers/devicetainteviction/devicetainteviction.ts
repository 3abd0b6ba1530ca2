// Deletes pods whose devices got NoExecute taints that their claims do not tolerate, or tolerate only for a while.
// Behaviour: pkg/controller/devicetainteviction/device_taint_eviction.go, Kubernetes v1.36.3.
// Differs: taints come from slices alone, not from DeviceTaintRules (DRADeviceTaintRules, off by default).
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type {
  ResourceClaim,
  ResourceClaimConsumerReference,
  ResourceSlice,
} from '../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../schema/resource-names.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
} from '../../engine/controller.ts';
import { isPod, podsOf } from '../../resource-claims/consumers.ts';
import { SHARED_CLAIMS } from '../../resource-claims/named-claims.ts';
import { disruptPod } from '../pod-control/disrupt-pod.ts';
import { evictionTime, noExecuteTaints, SLICES } from './eviction-time.ts';

const EVENT = 'DeviceTaintManagerEviction';
const DISRUPTION = {
  reason: 'DeletionByDeviceTaintManager',
  message: 'Device Taint manager: deleting due to NoExecute taint',
};

export const deviceTaintEvictionController: ControllerFactory = ({ isFeatureEnabled }) => {
  const isEnabled = isFeatureEnabled('DynamicResourceAllocation') && isFeatureEnabled('DRADeviceTaints');
  const sharesClaims = isFeatureEnabled(SHARED_CLAIMS);
  /** Pods that are to go, by key. */
  const planned = new Set<string>();
  /** Uids of pods that were deleted here. */
  const evicted = new Set<string>();
  return {
    name: 'device-taint-eviction-controller',
    watches: isEnabled
      ? [
          { resource: 'pods', keys: keysOfPod },
          { resource: RESOURCE_CLAIMS, keys: (event, reader) => keysOfClaim(event, reader, sharesClaims) },
          { resource: SLICES, keys: (event, reader) => keysOfSlice(event, reader, sharesClaims) },
        ]
      : [],
    sync(key, context) {
      const { namespace, name } = splitKey(key);
      const pod = context.reader.get<Pod>('pods', namespace, name);
      if (!pod) {
        planned.delete(key);
        return undefined;
      }
      return evicted.has(pod.metadata.uid ?? '') ? undefined : decide(key, pod, context);
    },
  };

  function decide(key: string, pod: Pod, context: SyncContext): SyncResult | undefined {
    const { reader, recorder, now } = context;
    const time = evictionTime(pod, reader, now, sharesClaims);
    if (time === undefined) {
      if (planned.delete(key)) recorder.event(pod, 'Normal', EVENT, 'Cancelling deletion');
      return undefined;
    }
    planned.add(key);
    if (time > now) return { requeueAfter: time - now };
    if (!evict(pod, context)) return { retry: true };
    planned.delete(key);
    evicted.add(pod.metadata.uid ?? '');
    return undefined;
  }
};

/** False when a write was refused. */
function evict(pod: Pod, context: SyncContext): boolean {
  const { uid = '', deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined) return true;
  context.recorder.event(pod, 'Normal', EVENT, 'Marking for deletion');
  return disruptPod(pod, DISRUPTION, context, uid);
}

/** Of interest is where a pod goes and which claims are made for it. */
function keysOfPod({ type, object, previous }: StoreEvent): readonly string[] {
  const pod = object as Pod; // the watch is on pods
  if (!pod.spec.resourceClaims) return [];
  const old = type === 'MODIFIED' ? (previous as Pod | undefined) : undefined;
  const isSame =
    old &&
    old.spec.nodeName === pod.spec.nodeName &&
    semanticDeepEqual(old.status.resourceClaimStatuses, pod.status.resourceClaimStatuses);
  return isSame ? [] : [keyFor(pod)];
}

function keysOfClaim(
  { object, previous }: StoreEvent,
  reader: ClusterReader,
  sharesClaims: boolean,
): readonly string[] {
  const [claim, old] = [object as ResourceClaim, previous as ResourceClaim | undefined]; // the watch is on claims
  if (!claim.status.allocation && !old?.status.allocation) return [];
  const consumers = [...(old?.status.reservedFor ?? []), ...(claim.status.reservedFor ?? [])];
  return keysOfConsumers(claim, consumers, reader, sharesClaims);
}

/** Pods of all claims with devices from the pool, when anything about taints has changed there. */
function keysOfSlice(
  { type, object, previous }: StoreEvent,
  reader: ClusterReader,
  sharesClaims: boolean,
): readonly string[] {
  const slice = object as ResourceSlice; // the watch is on slices
  const { driver, pool } = slice.spec;
  // A newer generation without taints takes those of the older one away.
  const concerned = reader.list<ResourceSlice>(SLICES).filter((other) => isOfPool(other, driver, pool.name));
  const before = type === 'DELETED' ? slice : (previous as ResourceSlice | undefined);
  if (![...concerned, ...(before ? [before] : [])].some(isTainted)) return [];
  return reader
    .list<ResourceClaim>(RESOURCE_CLAIMS)
    .filter(({ status }) =>
      status.allocation?.devices.results?.some((result) => result.driver === driver && result.pool === pool.name),
    )
    .flatMap((claim) => keysOfConsumers(claim, claim.status.reservedFor ?? [], reader, sharesClaims));
}

function isOfPool({ spec }: ResourceSlice, driver: string, pool: string): boolean {
  return spec.driver === driver && spec.pool.name === pool;
}

function isTainted({ spec }: ResourceSlice): boolean {
  return spec.devices?.some(({ taints }) => noExecuteTaints(taints).length > 0) ?? false;
}

function keysOfConsumers(
  { metadata: { namespace } }: ResourceClaim,
  consumers: readonly ResourceClaimConsumerReference[],
  reader: ClusterReader,
  sharesClaims: boolean,
): readonly string[] {
  const counted = sharesClaims ? consumers : consumers.filter(isPod);
  const keys = counted.flatMap((consumer) =>
    podsOf(consumer, namespace, reader)
      .filter(({ metadata: { uid } }) => !isPod(consumer) || uid === consumer.uid)
      .map(keyFor),
  );
  return [...new Set(keys)];
}
