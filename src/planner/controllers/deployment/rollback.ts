// Goes back to the template of an earlier revision, as the annotation of the old extensions API asks.
// Behaviour: pkg/controller/deployment/rollback.go, Kubernetes v1.36.3.
import { parseGoInt } from '../../../apimachinery/go/int.ts';
import { ROLLBACK_TO } from '../../../apimachinery/well-known/annotations.ts';
import type { Deployment, ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import { annotationsAfterRollback, lastRevision, revisionOf } from './annotations.ts';
import { ensureNewReplicaSet } from './new-replica-set.ts';
import { equalIgnoreHash, type Rollout, withoutHash } from './rollout.ts';

const REVISION_NOT_FOUND = 'DeploymentRollbackRevisionNotFound';
const TEMPLATE_UNCHANGED = 'DeploymentRollbackTemplateUnchanged';
const DONE = 'DeploymentRollback';
const NO_LAST_REVISION = 'Unable to find last revision.';
const NO_SUCH_REVISION = 'Unable to find the revision to rollback to.';

/** The revision asked for, 0 for the one before; undefined when none is. */
export function rollbackTo({ metadata }: Deployment): bigint | undefined {
  const parsed = parseGoInt(metadata.annotations?.[ROLLBACK_TO] ?? '', 64, 'ParseInt');
  return parsed.ok ? parsed.value : undefined;
}

export function rollback(rollout: Rollout, wanted: bigint): undefined {
  ensureNewReplicaSet(rollout);
  const revision = wanted === 0n ? lastRevision(rollout.allReplicaSets) : wanted;
  if (revision === 0n) {
    rollout.event('Warning', REVISION_NOT_FOUND, NO_LAST_REVISION);
    return clearRollbackTo(rollout, rollout.deployment);
  }
  const target = rollout.allReplicaSets.find((set) => revisionOf(set) === revision);
  if (target) return rollBackTo(rollout, target, revision);
  rollout.event('Warning', REVISION_NOT_FOUND, NO_SUCH_REVISION);
  clearRollbackTo(rollout, rollout.deployment);
}

function rollBackTo(rollout: Rollout, { metadata, spec }: ReplicaSet, revision: bigint): undefined {
  const { deployment } = rollout;
  const { name } = deployment.metadata;
  if (equalIgnoreHash(deployment.spec.template, spec.template)) {
    const message = `The rollback revision contains the same template as current deployment "${name}"`;
    rollout.event('Warning', TEMPLATE_UNCHANGED, message);
    return clearRollbackTo(rollout, deployment);
  }
  const annotations = annotationsAfterRollback(deployment.metadata.annotations, metadata.annotations);
  clearRollbackTo(rollout, {
    ...deployment,
    metadata: { ...deployment.metadata, annotations },
    spec: { ...deployment.spec, template: withoutHash(spec.template) },
  });
  rollout.event('Normal', DONE, `Rolled back deployment "${name}" to revision ${revision}`);
}

function clearRollbackTo(rollout: Rollout, next: Deployment): undefined {
  const { annotations, ...metadata } = next.metadata;
  const { [ROLLBACK_TO]: _asked, ...others } = annotations ?? {};
  rollout.updateDeployment({
    ...next,
    metadata: Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others },
  });
}
