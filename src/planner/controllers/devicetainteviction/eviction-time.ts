// When a pod has to go because of the taints of its devices.
// Behaviour: pkg/controller/devicetainteviction/device_taint_eviction.go (claimEvictionTime, podEvictionTime), Kubernetes v1.36.3.
import { parseTime } from '../../../apimachinery/time/time.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type {
  DeviceRequestAllocationResult,
  DeviceTaint,
  ResourceClaim,
  ResourceSlice,
} from '../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../schema/resource-names.ts';
import { toleratesTaint } from '../../../selectors/toleration.ts';
import { isReservedForPod } from '../../resource-claims/consumers.ts';
import { claimOfPod, whyNotForPod } from '../../resource-claims/named-claims.ts';

export const SLICES = 'resourceslices.resource.k8s.io';
const NO_EXECUTE = 'NoExecute';

/** Milliseconds since the epoch; undefined: never. Taints that nobody dated count from now. */
export function evictionTime(pod: Pod, reader: ClusterReader, now: number, sharesClaims: boolean): number | undefined {
  if (!pod.spec.nodeName) return undefined;
  let earliest: number | undefined;
  for (const entry of pod.spec.resourceClaims ?? []) {
    const named = claimOfPod(pod, entry);
    if (named.kind !== 'named') continue;
    const claim = reader.get<ResourceClaim>(RESOURCE_CLAIMS, pod.metadata.namespace, named.name);
    if (!claim?.status.allocation) continue;
    if (named.isGenerated && whyNotForPod(pod, claim, sharesClaims) !== undefined) continue;
    if (!isReservedForPod(pod, claim, sharesClaims)) continue;
    const time = claimTime(claim, reader, now);
    if (time !== undefined && (earliest === undefined || time < earliest)) earliest = time;
  }
  return earliest;
}

function claimTime({ status }: ResourceClaim, reader: ClusterReader, now: number): number | undefined {
  const times = (status.allocation?.devices.results ?? []).flatMap((result) =>
    evictingTaints(result, reader).flatMap((taint) => {
      const seconds = toleratedSeconds(taint, result);
      if (seconds === Number.POSITIVE_INFINITY) return [];
      return [(parseTime(taint.timeAdded ?? '') ?? now) + seconds * 1000];
    }),
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Of the device as the newest slices of its pool have it. */
function evictingTaints(
  { driver, pool, device: name }: DeviceRequestAllocationResult,
  reader: ClusterReader,
): readonly DeviceTaint[] {
  const slices = reader
    .list<ResourceSlice>(SLICES)
    .filter(({ spec }) => spec.driver === driver && spec.pool.name === pool);
  const newest = Math.max(...slices.map(({ spec }) => spec.pool.generation));
  for (const { spec } of slices) {
    if (spec.pool.generation !== newest) continue;
    const device = spec.devices?.find((candidate) => candidate.name === name);
    if (device) return noExecuteTaints(device.taints);
  }
  return [];
}

export function noExecuteTaints(taints: readonly DeviceTaint[] = []): readonly DeviceTaint[] {
  return taints.filter(({ effect }) => effect === NO_EXECUTE);
}

/** 0 where nothing tolerates the taint. Here only tolerations of just this effect count. */
function toleratedSeconds(taint: DeviceTaint, { tolerations = [] }: DeviceRequestAllocationResult): number {
  const matching = tolerations.filter(
    (toleration) => toleration.effect === NO_EXECUTE && toleratesTaint(toleration, taint),
  );
  if (matching.some(({ tolerationSeconds }) => tolerationSeconds === undefined)) return Number.POSITIVE_INFINITY;
  if (matching.length === 0) return 0;
  return Math.min(...matching.map(({ tolerationSeconds = 0 }) => Math.max(tolerationSeconds, 0)));
}
