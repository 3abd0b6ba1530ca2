// Rolls Deployments out: decides in each sync whether to pause, roll back, scale or take the next step of the rollout.
// Behaviour: pkg/controller/deployment/deployment_controller.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Deployment, ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { compileLabelSelector } from '../../../selectors/label-selector.ts';
import {
  type ControllerFactory,
  type SyncContext,
  type SyncResult,
  splitKey,
  type Watch,
} from '../../engine/controller.ts';
import { AdoptionWatch } from '../pod-control/adoption-watch.ts';
import { claimObjects, controlledBy } from '../pod-control/claim.ts';
import { isNamespaceTerminatingError, retryWhenRefused, SyncError } from '../pod-control/refused-request.ts';
import { DEPLOYMENT_KIND, syncRevision } from './new-replica-set.ts';
import { rolloutRecreate } from './recreate.ts';
import { rollback, rollbackTo } from './rollback.ts';
import { rolloutRolling } from './rolling.ts';
import { Rollout } from './rollout.ts';
import { cleanupDeployment, isScalingEvent, scale } from './scale.ts';
import { syncDeploymentStatus, syncPausedCondition } from './status.ts';

const MAX_RETRIES = 15;
const SELECTING_ALL = 'This deployment is selecting all pods. A non-empty selector is required.';

export const deploymentController: ControllerFactory = ({ kubernetesVersion, isFeatureEnabled }) => {
  const options = {
    kubernetesVersion,
    countsTerminating: isFeatureEnabled('DeploymentReplicaSetTerminatingReplicas'),
  };
  const adoption = new AdoptionWatch<Deployment, ReplicaSet>({
    ownerResource: 'deployments.apps',
    ownerKind: 'Deployment',
    ownedResource: 'replicasets.apps',
    selectorOf: ({ spec }) => compileLabelSelector(spec.selector),
  });
  return {
    name: 'deployment-controller',
    watches: [adoption.owners, adoption.owned, deletedPods],
    sync: retryWhenRefused(
      (key, context) => {
        const { namespace, name } = splitKey(key);
        const deployment = context.reader.get<Deployment>('deployments.apps', namespace, name);
        if (!deployment) return undefined;
        if (compileLabelSelector(deployment.spec.selector).isEmpty()) return refuseSelectingAll(deployment, context);
        const sets = claimReplicaSets(deployment, adoption, context);
        adoption.settled(key);
        return syncDeployment(new Rollout(deployment, sets, context, options));
      },
      { maxRetries: MAX_RETRIES, isWorthRetry: (error) => !isNamespaceTerminatingError(error) },
    ),
  };
};

function claimReplicaSets(
  deployment: Deployment,
  adoption: AdoptionWatch<Deployment, ReplicaSet>,
  { reader, client }: SyncContext,
): readonly ReplicaSet[] {
  const selector = compileLabelSelector(deployment.spec.selector);
  return claimObjects(
    adoption.candidates(deployment, reader),
    {
      owner: deployment,
      ownerKind: DEPLOYMENT_KIND,
      resource: 'replicasets.apps',
      matches: ({ metadata }) => selector.matches(metadata.labels),
    },
    client,
  );
}

function syncDeployment(rollout: Rollout): SyncResult | undefined {
  if (rollout.deployment.metadata.deletionTimestamp !== undefined) {
    syncRevision(rollout);
    syncDeploymentStatus(rollout);
    return undefined;
  }
  syncPausedCondition(rollout);
  const { spec } = rollout.deployment;
  const revision = rollbackTo(rollout.deployment);
  if (spec.paused) return resize(rollout, revision === undefined);
  if (revision !== undefined) {
    return rollback(rollout, revision);
  }
  syncRevision(rollout);
  if (isScalingEvent(rollout)) return resize(rollout, false);
  switch (spec.strategy.type) {
    case 'Recreate':
      return rolloutRecreate(rollout);
    case 'RollingUpdate':
      return rolloutRolling(rollout);
    default:
      throw new SyncError(`unexpected deployment strategy type: ${spec.strategy.type}`);
  }
}

function resize(rollout: Rollout, doesCleanUp: boolean): undefined {
  syncRevision(rollout);
  scale(rollout);
  if (doesCleanUp) cleanupDeployment(rollout);
  syncDeploymentStatus(rollout);
}

function refuseSelectingAll(deployment: Deployment, { client, recorder }: SyncContext): undefined {
  recorder.event(deployment, 'Warning', 'SelectingAll', SELECTING_ALL);
  const { generation = 0 } = deployment.metadata;
  if ((deployment.status.observedGeneration ?? 0) < generation)
    client.updateStatus('deployments.apps', {
      ...deployment,
      status: { ...deployment.status, observedGeneration: generation },
    });
}

/** A Deployment that recreates its pods waits for the last old one to be gone. */
const deletedPods: Watch = {
  resource: 'pods',
  keys: ({ type, object }, reader) => {
    if (type !== 'DELETED') return [];
    const owner = controllerOf(object);
    if (owner?.kind !== 'ReplicaSet') return [];
    const set = reader.get<ReplicaSet>('replicasets.apps', object.metadata.namespace, owner.name);
    if (set?.metadata.uid !== owner.uid) return [];
    const deployment = deploymentOf(set, reader);
    if (deployment?.spec.strategy.type !== 'Recreate' || hasPods(deployment, reader)) return [];
    return [`${deployment.metadata.namespace}/${deployment.metadata.name}`];
  },
};

function deploymentOf(set: KubeObject, reader: ClusterReader): Deployment | undefined {
  const owner = controllerOf(set);
  if (owner?.kind !== 'Deployment') return undefined;
  const deployment = reader.get<Deployment>('deployments.apps', set.metadata.namespace, owner.name);
  return deployment?.metadata.uid === owner.uid ? deployment : undefined;
}

function hasPods({ metadata }: Deployment, reader: ClusterReader): boolean {
  return controlledBy(reader, 'replicasets.apps', metadata.uid ?? '').some(
    (set) => controlledBy<Pod>(reader, 'pods', set.metadata.uid ?? '').length > 0,
  );
}
