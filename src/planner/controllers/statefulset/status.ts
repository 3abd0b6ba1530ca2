// The status of a StatefulSet and the end of a rolling update.
// Behaviour: pkg/controller/statefulset/stateful_set_control.go and stateful_set_utils.go, Kubernetes v1.36.3.
import type { StatefulSet, StatefulSetStatus } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { omitEmpty } from '../pod-control/omit-empty.ts';
import { isPodAvailable, isPodReady } from '../pod-control/pod-state.ts';
import { accepted } from '../pod-control/refused-request.ts';
import { podRevision } from './identity.ts';

export interface ReplicaCounts {
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly currentReplicas: number;
  readonly updatedReplicas: number;
}

/** Names of the two revisions that a set may have pods of. */
export interface RevisionNames {
  readonly current: string;
  readonly update: string;
}

/** A pod that exists has a phase; one that is still to be created has none. */
export function isCreated({ status }: Pod): boolean {
  return status.phase !== undefined && status.phase !== '';
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status.phase === 'Running' && isPodReady(pod);
}

export function isTerminating({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function isUnavailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  return !isPodAvailable(pod, minReadySeconds, now) || isTerminating(pod);
}

export function countReplicas(
  pods: readonly Pod[],
  minReadySeconds: number,
  { current, update }: RevisionNames,
  now: number,
): ReplicaCounts {
  const ready = pods.filter(isRunningAndReady);
  const staying = pods.filter((pod) => isCreated(pod) && !isTerminating(pod));
  return {
    replicas: pods.filter(isCreated).length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => isPodAvailable(pod, minReadySeconds, now)).length,
    currentReplicas: staying.filter((pod) => podRevision(pod) === current).length,
    updatedReplicas: staying.filter((pod) => podRevision(pod) === update).length,
  };
}

/** Writes the status if it changed; the update revision becomes the current one when all replicas have it and are ready. */
export function updateStatus(
  set: StatefulSet,
  counts: ReplicaCounts,
  revisions: RevisionNames,
  collisionCount: number,
  { client }: SyncContext,
): void {
  const { spec, metadata } = set;
  const replicas = spec.replicas ?? 0;
  const isComplete =
    spec.updateStrategy.type === 'RollingUpdate' &&
    counts.updatedReplicas === replicas &&
    counts.readyReplicas === replicas &&
    counts.replicas === replicas;
  const status: StatefulSetStatus = {
    ...omitEmpty({
      observedGeneration: metadata.generation,
      readyReplicas: counts.readyReplicas,
      currentReplicas: isComplete ? counts.updatedReplicas : counts.currentReplicas,
      updatedReplicas: counts.updatedReplicas,
      currentRevision: isComplete ? revisions.update : revisions.current,
      updateRevision: revisions.update,
    }),
    replicas: counts.replicas,
    availableReplicas: counts.availableReplicas,
    collisionCount,
  };
  if (isInconsistent(set.status, status)) accepted(client.updateStatus('statefulsets.apps', { ...set, status }));
}

function isInconsistent(before: StatefulSetStatus, after: StatefulSetStatus): boolean {
  return (
    (after.observedGeneration ?? 0) > (before.observedGeneration ?? 0) ||
    after.replicas !== before.replicas ||
    after.currentReplicas !== before.currentReplicas ||
    after.readyReplicas !== before.readyReplicas ||
    after.updatedReplicas !== before.updatedReplicas ||
    after.currentRevision !== before.currentRevision ||
    after.availableReplicas !== before.availableReplicas ||
    after.updateRevision !== before.updateRevision
  );
}
