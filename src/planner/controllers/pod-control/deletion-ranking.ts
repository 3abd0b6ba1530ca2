// Which pods go first when there are too many.
// Behaviour: pkg/controller/controller_utils.go (ActivePods, ActivePodsWithRanks), pkg/apis/core/helper/helpers.go (deletion cost), Kubernetes v1.36.3.
// Differs: pods that rank the same go by name, where upstream leaves their order to chance.
import { parseGoInt } from '../../../apimachinery/go/int.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import { POD_DELETION_COST } from '../../../apimachinery/well-known/annotations.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { isPodActive, isPodReady, isSidecar, podReadySince } from './pod-state.ts';

/** Compares two pods; the one that is to be deleted first comes first. */
type DeletionOrder = (a: Pod, b: Pod) => number;

/** Phases that are not listed count as Pending. */
const PHASE_RANK: Readonly<Record<string, number>> = { Unknown: 1, Running: 2 };

/** Unassigned, pending, not ready, lately ready, often restarted and young pods first. */
export function compareActivePods(a: Pod, b: Pod): number {
  return (
    compareProgress(a, b) ||
    compareTimes(podReadySince(a), podReadySince(b), isPodReady(a) && isPodReady(b)) ||
    compareRestarts(a, b) ||
    compareTimes(createdAt(a), createdAt(b), true)
  );
}

/** As `compareActivePods` with the pods' own wish, crowded nodes before lonely ones, and ages compared only roughly. */
export function rankedByRelatedPods(related: readonly Pod[], now: number): DeletionOrder {
  const onNode = new Map<string, number>();
  for (const pod of related) {
    if (isPodActive(pod)) onNode.set(nodeName(pod), (onNode.get(nodeName(pod)) ?? 0) + 1);
  }
  const rank = (pod: Pod): number => onNode.get(nodeName(pod)) ?? 0;
  return (a, b) =>
    compareProgress(a, b) ||
    deletionCost(a) - deletionCost(b) ||
    rank(b) - rank(a) ||
    (isPodReady(a) && isPodReady(b) ? compareAges(a, b, podReadySince(a), podReadySince(b), now) : 0) ||
    compareRestarts(a, b) ||
    compareAges(a, b, createdAt(a), createdAt(b), now);
}

/** The pods to delete so that `count` fewer remain. */
export function podsToDelete(pods: readonly Pod[], count: number, order: () => DeletionOrder): readonly Pod[] {
  return count < pods.length ? pods.toSorted(order()).slice(0, count) : pods;
}

function compareProgress(a: Pod, b: Pod): number {
  const isAssigned = Number(nodeName(a) !== '') - Number(nodeName(b) !== '');
  if (isAssigned !== 0) return isAssigned;
  const phase = (PHASE_RANK[a.status.phase ?? ''] ?? 0) - (PHASE_RANK[b.status.phase ?? ''] ?? 0);
  return phase !== 0 ? phase : Number(isPodReady(a)) - Number(isPodReady(b));
}

/** An unknown time first, else the later one. */
function compareTimes(a: number | undefined, b: number | undefined, areComparable: boolean): number {
  if (!areComparable || a === b) return 0;
  if (a === undefined) return -1;
  return b === undefined ? 1 : b - a;
}

/** Ages of the same power of two count as equal, and then the uid decides: this spreads deletions over old and young pods. */
function compareAges(a: Pod, b: Pod, timeA: number | undefined, timeB: number | undefined, now: number): number {
  if (timeA === timeB) return 0;
  if (timeA === undefined || timeB === undefined) return compareTimes(timeA, timeB, true);
  const difference = ageRank(timeA, now) - ageRank(timeB, now);
  if (difference !== 0) return difference;
  return (a.metadata.uid ?? '') < (b.metadata.uid ?? '') ? -1 : 1;
}

function ageRank(time: number, now: number): number {
  const nanoseconds = (now - time) * 1e6;
  return nanoseconds > 0 ? Math.trunc(Math.log2(nanoseconds)) : -1;
}

function compareRestarts(a: Pod, b: Pod): number {
  return containerRestarts(b) - containerRestarts(a) || sidecarRestarts(b) - sidecarRestarts(a);
}

function containerRestarts({ status }: Pod): number {
  return (status.containerStatuses ?? []).reduce((most, { restartCount }) => Math.max(most, restartCount), 0);
}

function sidecarRestarts(pod: Pod): number {
  return (pod.status.initContainerStatuses ?? []).reduce(
    (most, { name, restartCount }) => (isSidecar(pod, name) ? Math.max(most, restartCount) : most),
    0,
  );
}

/** The annotation's int32; 0 when there is none or it does not read. */
export function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[POD_DELETION_COST];
  if (text === undefined || !/^(0$|-|[1-9])/.test(text)) return 0;
  const parsed = parseGoInt(text, 32, 'ParseInt');
  return parsed.ok ? Number(parsed.value) : 0;
}

function nodeName({ spec }: Pod): string {
  return spec.nodeName ?? '';
}

function createdAt({ metadata }: Pod): number | undefined {
  return metadata.creationTimestamp === undefined ? undefined : parseTime(metadata.creationTimestamp);
}
