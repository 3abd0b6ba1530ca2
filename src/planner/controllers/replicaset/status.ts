// The status of a ReplicaSet: how many replicas there are and how far they are, and what went wrong.
// Behaviour: pkg/controller/replicaset/replica_set_utils.go, Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { ReplicaSetCondition, ReplicaSetStatus } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { selectorFromSet } from '../../../selectors/label-selector.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { omitEmpty } from '../pod-control/omit-empty.ts';
import { isPodAvailable, isPodReady } from '../pod-control/pod-state.ts';
import { accepted, type SyncError } from '../pod-control/refused-request.ts';
import type { ReplicaOwner } from './replica-owner.ts';

const REPLICA_FAILURE = 'ReplicaFailure';

export function calculateStatus(
  owner: ReplicaOwner,
  active: readonly Pod[],
  terminating: number | undefined,
  failure: SyncError | undefined,
  now: number,
): ReplicaSetStatus {
  const { template, minReadySeconds = 0, replicas = 0 } = owner.spec;
  const templateLabels = selectorFromSet(template?.metadata.labels);
  let [labeled, ready, available] = [0, 0, 0];
  for (const pod of active) {
    if (templateLabels.matches(pod.metadata.labels)) labeled += 1;
    if (!isPodReady(pod)) continue;
    ready += 1;
    if (minReadySeconds === 0 || isPodAvailable(pod, minReadySeconds, now)) available += 1;
  }
  const conditions = withFailure(owner.status.conditions ?? [], failure, active.length - replicas, now);
  return {
    replicas: active.length,
    ...omitEmpty({
      fullyLabeledReplicas: labeled,
      readyReplicas: ready,
      availableReplicas: available,
      observedGeneration: owner.status.observedGeneration,
      conditions,
    }),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
  };
}

/** The condition keeps its first message until the failure is over. */
function withFailure(
  conditions: readonly ReplicaSetCondition[],
  failure: SyncError | undefined,
  surplus: number,
  now: number,
): readonly ReplicaSetCondition[] {
  const isKnown = conditions.some(({ type }) => type === REPLICA_FAILURE);
  if (failure === undefined) return isKnown ? conditions.filter(({ type }) => type !== REPLICA_FAILURE) : conditions;
  if (isKnown) return conditions;
  const reason = surplus < 0 ? 'FailedCreate' : 'FailedDelete';
  const condition = {
    type: REPLICA_FAILURE,
    status: 'True',
    lastTransitionTime: formatTime(now),
    reason,
    message: failure.message,
  };
  return [...conditions, condition];
}

/** The owner with the status written, if that changes anything. */
export function updateStatus<T extends ReplicaOwner>(
  owner: T,
  status: ReplicaSetStatus,
  resource: string,
  { client }: SyncContext,
): T {
  const { generation } = owner.metadata;
  if (isSameStatus(owner.status, status) && generation === owner.status.observedGeneration) return owner;
  const observed = generation === undefined ? status : { ...status, observedGeneration: generation };
  return accepted(client.updateStatus<T>(resource, { ...owner, status: observed }));
}

function isSameStatus(a: ReplicaSetStatus, b: ReplicaSetStatus): boolean {
  return (
    a.replicas === b.replicas &&
    a.fullyLabeledReplicas === b.fullyLabeledReplicas &&
    a.readyReplicas === b.readyReplicas &&
    a.availableReplicas === b.availableReplicas &&
    a.terminatingReplicas === b.terminatingReplicas &&
    sameConditions(a.conditions ?? [], b.conditions ?? [])
  );
}

/** Conditions that were kept are the same objects. */
function sameConditions(a: readonly ReplicaSetCondition[], b: readonly ReplicaSetCondition[]): boolean {
  return a.length === b.length && a.every((condition, i) => condition === b[i]);
}
