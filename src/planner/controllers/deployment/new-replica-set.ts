// Finds the ReplicaSet with the Deployment's template and keeps its annotations current, or creates it.
// Behaviour: pkg/controller/deployment/sync.go (getNewReplicaSet), Kubernetes v1.36.3.
import { getScaledValueFromIntOrPercent } from '../../../apimachinery/int-or-string.ts';
import { controllerOf, newControllerRef } from '../../../apimachinery/owner-references.ts';
import type { Status } from '../../../apimachinery/status.ts';
import { DEPLOYMENT_REVISION } from '../../../apimachinery/well-known/annotations.ts';
import { LABEL_POD_TEMPLATE_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { Deployment, ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import { isNamespaceTerminating, RefusedRequest, SyncError } from '../pod-control/refused-request.ts';
import { podTemplateHash } from '../pod-template-hash/pod-template-hash.ts';
import { maxRevision, newReplicaSetAnnotations, withReplicasAnnotations } from './annotations.ts';
import {
  conditionOf,
  FAILED_RS_CREATE,
  FOUND_NEW_RS,
  NEW_REPLICA_SET,
  newCondition,
  PROGRESSING,
  withCondition,
} from './conditions.ts';
import { progressDeadline, replicasOf } from './fenceposts.ts';
import { equalIgnoreHash, type Rollout, totalOf } from './rollout.ts';

export const DEPLOYMENT_KIND = { group: 'apps', version: 'v1', kind: 'Deployment' };
export const SCALING_REPLICA_SET = 'ScalingReplicaSet';

const MAX_NAME_LENGTH = 253;

/** Brings the revision of the new ReplicaSet up to date and repeats it on the Deployment. */
export function syncRevision(rollout: Rollout): void {
  const existing = rollout.newReplicaSet;
  if (existing === undefined) return;
  const { deployment } = rollout;
  const { minReadySeconds } = deployment.spec;
  const before = existing.metadata.annotations ?? {};
  const annotations = newReplicaSetAnnotations(deployment, before, newRevision(rollout));
  if (annotations !== before || (existing.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
    const { minReadySeconds: _before, ...spec } = existing.spec;
    rollout.updateReplicaSet({
      ...existing,
      metadata: { ...existing.metadata, annotations },
      spec: minReadySeconds ? { ...spec, minReadySeconds } : spec,
    });
    return;
  }
  const revision = existing.metadata.annotations?.[DEPLOYMENT_REVISION] ?? '';
  const isFound = progressDeadline(deployment) !== undefined && !conditionOf(deployment.status, PROGRESSING);
  if (!isFound && (deployment.metadata.annotations?.[DEPLOYMENT_REVISION] ?? '') === revision) return;
  const message = `Found new replica set "${existing.metadata.name}"`;
  const condition = newCondition(PROGRESSING, 'True', FOUND_NEW_RS, message, rollout.context.now);
  rollout.updateStatus(
    isFound ? withCondition(deployment.status, condition) : deployment.status,
    annotationsWithRevision(deployment, revision),
  );
}

/** As `syncRevision`, but the new ReplicaSet is created if there is none. */
export function ensureNewReplicaSet(rollout: Rollout): ReplicaSet {
  if (rollout.newReplicaSet) syncRevision(rollout);
  else createNewReplicaSet(rollout);
  return rollout.newReplicaSet!;
}

function createNewReplicaSet(rollout: Rollout): void {
  const { deployment, context } = rollout;
  const revision = newRevision(rollout);
  const wanted = replicaSetFor(rollout, revision);
  const answer = context.client.create('replicasets.apps', wanted);
  let created: ReplicaSet;
  if (answer.ok) created = answer.object;
  else {
    const taken = answer.status.reason === 'AlreadyExists' ? existingTwin(rollout, wanted, answer.status) : undefined;
    if (taken === undefined) throw failedToCreate(rollout, wanted, answer.status);
    created = taken;
  }
  rollout.adoptNew(created);
  const replicas = replicasOf(wanted);
  if (answer.ok && replicas > 0)
    rollout.event(
      'Normal',
      SCALING_REPLICA_SET,
      `Scaled up replica set ${created.metadata.name} from 0 to ${replicas}`,
    );

  const isNews = answer.ok && progressDeadline(deployment) !== undefined;
  if (!isNews && deployment.metadata.annotations?.[DEPLOYMENT_REVISION] === String(revision)) return;
  const message = `Created new replica set "${created.metadata.name}"`;
  const condition = newCondition(PROGRESSING, 'True', NEW_REPLICA_SET, message, context.now);
  rollout.updateStatus(
    isNews ? withCondition(deployment.status, condition) : deployment.status,
    annotationsWithRevision(deployment, String(revision)),
  );
}

function replicaSetFor(rollout: Rollout, revision: bigint): ReplicaSet {
  const { deployment, kubernetesVersion, allReplicaSets } = rollout;
  const { name = '', namespace } = deployment.metadata;
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = podTemplateHash(template, deployment.status.collisionCount, kubernetesVersion);
  const labels = { ...template.metadata.labels, [LABEL_POD_TEMPLATE_HASH]: hash };
  const annotations = withReplicasAnnotations(newReplicaSetAnnotations(deployment, {}, revision), deployment);
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: replicaSetName(name, hash),
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      annotations,
      ownerReferences: [newControllerRef(deployment, DEPLOYMENT_KIND)],
    },
    spec: {
      replicas: newReplicas(deployment, allReplicaSets, 0),
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [LABEL_POD_TEMPLATE_HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}

function replicaSetName(deployment: string, hash: string): string {
  return `${deployment.slice(0, MAX_NAME_LENGTH - 1 - hash.length)}-${hash}`;
}

/** The ReplicaSet that has the name already, if it is ours and the same; else a collision is counted, so that the next try has another hash. */
function existingTwin(rollout: Rollout, wanted: ReplicaSet, status: Status): ReplicaSet {
  const { deployment, context } = rollout;
  const { namespace, name = '' } = wanted.metadata;
  const existing = context.reader.get<ReplicaSet>('replicasets.apps', namespace, name);
  if (!existing) throw new RefusedRequest(status);
  const isOurs = controllerOf(existing)?.uid === deployment.metadata.uid;
  if (isOurs && equalIgnoreHash(deployment.spec.template, existing.spec.template)) return existing;
  rollout.updateStatus({ ...deployment.status, collisionCount: (deployment.status.collisionCount ?? 0) + 1 });
  throw new RefusedRequest(status);
}

function failedToCreate(rollout: Rollout, wanted: ReplicaSet, status: Status): SyncError {
  const error = new RefusedRequest(status);
  if (isNamespaceTerminating(status)) return error;
  const { deployment, context } = rollout;
  const message = `Failed to create new replica set "${wanted.metadata.name}": ${status.message}`;
  if (progressDeadline(deployment) !== undefined) {
    const condition = newCondition(PROGRESSING, 'False', FAILED_RS_CREATE, message, context.now);
    rollout.updateStatus(withCondition(deployment.status, condition));
  }
  rollout.event('Warning', FAILED_RS_CREATE, message);
  return error;
}

function newRevision({ oldReplicaSets }: Rollout): bigint {
  return maxRevision(oldReplicaSets) + 1n;
}

function annotationsWithRevision({ metadata }: Deployment, revision: string): Readonly<Record<string, string>> {
  return { ...metadata.annotations, [DEPLOYMENT_REVISION]: revision };
}

/** How many replicas the new ReplicaSet gets, which has `current`, beside all the others. */
export function newReplicas(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const replicas = replicasOf(deployment);
  const { type, rollingUpdate } = deployment.spec.strategy;
  if (type === 'Recreate') return replicas;
  if (type !== 'RollingUpdate') throw new SyncError(`deployment type ${type} isn't supported`);
  const surge = getScaledValueFromIntOrPercent(rollingUpdate?.maxSurge, replicas, true);
  if (!surge.ok) throw new SyncError(surge.error);
  const room = replicas + surge.value - totalOf(all, replicasOf);
  return room <= 0 ? current : current + Math.min(room, replicas - current);
}
