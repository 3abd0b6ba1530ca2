// One sync of a StatefulSet: creates what is missing, in order or all at once, scales down, then replaces one outdated pod.
// Behaviour: pkg/controller/statefulset/stateful_set_control.go, Kubernetes v1.36.3.
import { aggregateMessage } from '../../../apimachinery/aggregate-error.ts';
import { getScaledValueFromIntOrPercent } from '../../../apimachinery/int-or-string.ts';
import type { StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { errorOf } from '../pod-control/pod-control.ts';
import { isPodAvailable } from '../pod-control/pod-state.ts';
import { SyncError } from '../pod-control/refused-request.ts';
import { storageMatches } from './claims.ts';
import { identityMatches, isInOrdinalRange, ordinalOf, podRevision, startOrdinal } from './identity.ts';
import { newStatefulPod } from './new-pod.ts';
import type { StatefulPodControl } from './stateful-pod-control.ts';
import {
  countReplicas,
  isCreated,
  isRunningAndReady,
  isTerminating,
  isUnavailable,
  type ReplicaCounts,
  type RevisionNames,
} from './status.ts';

const MAX_BATCH_SIZE = 500;

interface UpdateInput {
  readonly set: StatefulSet;
  /** The set as it was at the current revision, and as it is at the update revision. */
  readonly currentSet: StatefulSet;
  readonly updateSet: StatefulSet;
  readonly revisions: RevisionNames;
  readonly pods: readonly Pod[];
  readonly control: StatefulPodControl;
  readonly now: number;
  /** The gate MaxUnavailableStatefulSet. */
  readonly allowsMaxUnavailable: boolean;
}

interface UpdateOutcome {
  readonly counts: ReplicaCounts;
  /** What went wrong on the way; the counts are written all the same. */
  readonly error?: SyncError;
}

/** Whether the sync ends here. */
type Step = (pod: Pod) => boolean;

export function updateStatefulSet(input: UpdateInput): UpdateOutcome {
  const { set, pods, control, updateSet, revisions, now } = input;
  const { minReadySeconds = 0 } = set.spec;
  if (set.metadata.deletionTimestamp !== undefined)
    return { counts: countReplicas(pods, minReadySeconds, revisions, now) };
  const replicas = replicasOf(input);
  const condemned = pods
    .filter((pod) => !isInOrdinalRange(pod, set) && ordinalOf(pod) >= 0)
    .sort((a, b) => ordinalOf(b) - ordinalOf(a));
  const firstUnavailable = [...replicas, ...condemned.toReversed()].find((pod) =>
    isUnavailable(pod, minReadySeconds, now),
  );
  const isMonotonic = set.spec.podManagementPolicy !== 'Parallel';

  const outcome =
    runForAll(replicas, (pod) => processReplica(input, isMonotonic, pod), isMonotonic) ??
    runForAll(condemned, (pod) => fixClaimOwners(control, updateSet, pod), isMonotonic) ??
    runForAll(condemned, (pod) => processCondemned(input, isMonotonic, pod, firstUnavailable), isMonotonic);
  const counts = countReplicas([...replicas, ...condemned], minReadySeconds, revisions, now);
  if (outcome !== undefined) return outcome === 'stop' ? { counts } : { counts, error: outcome };
  if (set.spec.updateStrategy.type === 'OnDelete') return { counts };
  return replaceOutdated(input, replicas, counts);
}

/** The pods in order of their ordinals, missing ones as they would be created. */
function replicasOf({ set, pods, currentSet, updateSet, revisions }: UpdateInput): readonly Pod[] {
  const start = startOrdinal(set);
  const existing = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  const { rollingUpdate, type } = set.spec.updateStrategy;
  // Replicas that a partition holds back, or that are not reached yet, come back as they were.
  const kept = rollingUpdate
    ? (rollingUpdate.partition ?? 0)
    : type === 'RollingUpdate'
      ? (set.status.currentReplicas ?? 0)
      : 0;
  return Array.from({ length: set.spec.replicas ?? 0 }, (_, index) => {
    const pod = existing.get(start + index);
    if (pod) return pod;
    return index < kept
      ? newStatefulPod(currentSet, start + index, revisions.current)
      : newStatefulPod(updateSet, start + index, revisions.update);
  });
}

function runForAll(pods: readonly Pod[], step: Step, isMonotonic: boolean): 'stop' | SyncError | undefined {
  if (!isMonotonic) return runInBatches(pods, step);
  for (const pod of pods) {
    let isOver = false;
    const error = errorOf(() => {
      isOver = step(pod);
    });
    if (error) return error;
    if (isOver) return 'stop';
  }
  return undefined;
}

/** Batches of 1, 2, 4 …; one with an error is the last. What the steps answer does not matter. */
function runInBatches(pods: readonly Pod[], step: Step): SyncError | undefined {
  for (let at = 0, size = 1; at < pods.length; at += size, size = Math.min(2 * size, MAX_BATCH_SIZE)) {
    const errors = pods.slice(at, at + size).map((pod) => errorOf(() => void step(pod))?.message);
    const message = aggregateMessage(errors.filter((text) => text !== undefined));
    if (message !== undefined) return new SyncError(message);
  }
  return undefined;
}

function processReplica({ set, updateSet, control, now }: UpdateInput, isMonotonic: boolean, pod: Pod): boolean {
  if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') {
    if (!isTerminating(pod)) control.deletePod(pod);
    return true;
  }
  if (!isCreated(pod)) {
    if (control.isClaimStale(set, pod)) return true;
    control.createPod(set, pod);
    if (isMonotonic) return true;
  }
  if (pod.status.phase === 'Pending') control.completeClaims(set, pod);
  const mustWait =
    isTerminating(pod) || !isRunningAndReady(pod) || !isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  if (isMonotonic && mustWait) return true;
  const isAsWanted =
    control.claimsMatchRetentionPolicy(updateSet, pod) && identityMatches(set, pod) && storageMatches(set, pod);
  if (!isAsWanted) control.updatePod(updateSet, pod);
  return false;
}

function fixClaimOwners(control: StatefulPodControl, set: StatefulSet, pod: Pod): boolean {
  if (!control.claimsMatchRetentionPolicy(set, pod)) control.updateClaimOwners(set, pod);
  return false;
}

/** From the highest ordinal down; in order, each waits for the others to be healthy, except the first that is not. */
function processCondemned(
  { set, control, now }: UpdateInput,
  isMonotonic: boolean,
  pod: Pod,
  firstUnavailable: Pod | undefined,
): boolean {
  if (isTerminating(pod)) return isMonotonic;
  const isHealthy = isRunningAndReady(pod) && isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  if (isMonotonic && !isHealthy && pod !== firstUnavailable) return true;
  control.deletePod(pod);
  return true;
}

function replaceOutdated(input: UpdateInput, replicas: readonly Pod[], counts: ReplicaCounts): UpdateOutcome {
  const { set, revisions, now } = input;
  const { minReadySeconds = 0 } = set.spec;
  const { partition = 0 } = set.spec.updateStrategy.rollingUpdate ?? {};
  const candidates = replicas.slice(partition).reverse();
  const isOutdated = (pod: Pod): boolean => podRevision(pod) !== revisions.update && !isTerminating(pod);
  if (input.allowsMaxUnavailable) {
    const unavailable = replicas.filter((pod) => isUnavailable(pod, minReadySeconds, now)).length;
    const budget = Math.max(maxUnavailable(set) - unavailable, 0);
    return deleteOutdated(input, candidates.filter(isOutdated).slice(0, budget), counts);
  }
  const first = candidates.find((pod) => isOutdated(pod) || isUnavailable(pod, minReadySeconds, now));
  return deleteOutdated(input, first && isOutdated(first) ? [first] : [], counts);
}

function deleteOutdated({ control }: UpdateInput, outdated: readonly Pod[], counts: ReplicaCounts): UpdateOutcome {
  let { currentReplicas } = counts;
  for (const pod of outdated) {
    const error = errorOf(() => control.deletePod(pod));
    if (error) return { counts: { ...counts, currentReplicas }, error };
    currentReplicas -= 1;
  }
  return { counts: { ...counts, currentReplicas } };
}

function maxUnavailable({ spec }: StatefulSet): number {
  const { maxUnavailable: wanted = 1 } = spec.updateStrategy.rollingUpdate ?? {};
  const scaled = getScaledValueFromIntOrPercent(wanted, spec.replicas ?? 0, false);
  if (!scaled.ok) throw new SyncError(scaled.error);
  return Math.max(scaled.value, 1);
}
