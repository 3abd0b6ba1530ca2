// Takes the tracking finalizer off pods whose Job is gone or has finished, so that they can go.
// Behaviour: pkg/controller/job/job_controller.go (syncOrphanPod), Kubernetes v1.36.3.
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { compileLabelSelector } from '../../../selectors/label-selector.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { selectObjects } from '../pod-control/claim.ts';
import { acceptedOrGone } from '../pod-control/refused-request.ts';
import { hasTrackingFinalizer, isJobFinished, withoutTrackingFinalizer } from './job-pods.ts';

/** Marks the keys of pods that may be orphans apart from the keys of Jobs: no namespace begins so. */
const ORPHAN = 'orphan pod ';

const JOB_CONTROLLER_NAME = 'kubernetes.io/job-controller';

export function orphanKey({ metadata }: Pod): string {
  return `${ORPHAN}${metadata.namespace}/${metadata.name}`;
}

/** The `namespace/name` of the pod that such a key stands for; undefined for the key of a Job. */
export function orphanOf(key: string): string | undefined {
  return key.startsWith(ORPHAN) ? key.slice(ORPHAN.length) : undefined;
}

/** Pods of a Job that still carry the finalizer. */
export function trackedPodsOf({ metadata, spec }: Job, reader: ClusterReader): readonly Pod[] {
  const selector = compileLabelSelector(spec.selector);
  return selectObjects<Pod>(reader, 'pods', metadata.namespace, selector).filter(hasTrackingFinalizer);
}

export function releaseOrphan(pod: Pod, { reader, on }: SyncContext): void {
  const patch = withoutTrackingFinalizer(pod);
  if (!patch || isStillTracked(pod, reader)) return;
  const { namespace, name = '' } = pod.metadata;
  acceptedOrGone(on(pod).patch('pods', { namespace, name }, patch));
}

/** By a Job that has not finished, or by another controller. */
function isStillTracked(pod: Pod, reader: ClusterReader): boolean {
  const owner = controllerOf(pod);
  if (owner === undefined) return false;
  if (owner.kind !== 'Job' || owner.apiVersion !== 'batch/v1') return true;
  const job = jobOf(pod, reader);
  return job !== undefined && (isManagedElsewhere(job) || !isJobFinished(job));
}

/** The Job that controls a pod, if it is still there. */
export function jobOf(pod: Pod, reader: ClusterReader): Job | undefined {
  const owner = controllerOf(pod);
  if (owner?.kind !== 'Job') return undefined;
  const job = reader.get<Job>('jobs.batch', pod.metadata.namespace, owner.name);
  return job?.metadata.uid === owner.uid ? job : undefined;
}

export function isManagedElsewhere({ spec }: Job): boolean {
  return spec.managedBy !== undefined && spec.managedBy !== JOB_CONTROLLER_NAME;
}
