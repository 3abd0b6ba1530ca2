// Runs Jobs to their end.
// Behaviour: pkg/controller/job/job_controller.go, Kubernetes v1.36.3.
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { compileLabelSelector } from '../../../selectors/label-selector.ts';
import { type ControllerFactory, keyFor, type SyncContext, splitKey, type Watch } from '../../engine/controller.ts';
import { AdoptionWatch } from '../pod-control/adoption-watch.ts';
import { claimObjects } from '../pod-control/claim.ts';
import { DelayingQueue } from '../pod-control/delaying-queue.ts';
import { errorOf } from '../pod-control/pod-control.ts';
import type { BackoffRecord } from './backoff.ts';
import { gangOf } from './gang.ts';
import { hasTrackingFinalizer, isJobFinished, JOB_KIND, TRACKING_FINALIZER } from './job-pods.ts';
import { isManagedElsewhere, jobOf, orphanKey, orphanOf, releaseOrphan, trackedPodsOf } from './orphan-pods.ts';
import { syncJob } from './sync-job.ts';

/** Changes of pods and of the status are looked at together, after so many milliseconds. */
const BATCH_PERIOD = 1000;
const RETRY_DELAYS = { first: 1000, most: 60_000 };

const UNKNOWN_COMPLETION_MODE = 'Skipped Job sync because completion mode is unknown';

interface Memory {
  readonly makesGangs: boolean;
  readonly queue: DelayingQueue;
  readonly adoption: AdoptionWatch<Job, Pod>;
  readonly backoffs: Map<string, BackoffRecord>;
}

export const jobController: ControllerFactory = ({ isFeatureEnabled }) => {
  const memory: Memory = {
    makesGangs: isFeatureEnabled('WorkloadWithJob'),
    queue: new DelayingQueue(RETRY_DELAYS),
    adoption: new AdoptionWatch<Job, Pod>({
      ownerResource: 'jobs.batch',
      ownerKind: 'Job',
      ownedResource: 'pods',
      selectorOf: ({ spec }) => compileLabelSelector(spec.selector),
    }),
    backoffs: new Map(),
  };
  return {
    name: 'job-controller',
    watches: [watchJobs(memory), watchPods(memory)],
    sync(key, context) {
      const { queue } = memory;
      if (queue.take(key, context.now)) {
        const error = errorOf(() => syncKey(key, memory, context));
        if (error) queue.retry(key, context.now);
        else queue.forget(key);
      }
      return queue.next(key, context.now);
    },
  };
};

function syncKey(key: string, memory: Memory, context: SyncContext): void {
  const orphan = orphanOf(key);
  const { namespace, name } = splitKey(orphan ?? key);
  if (orphan !== undefined) {
    const pod = context.reader.get<Pod>('pods', namespace, name);
    if (pod) releaseOrphan(pod, context);
    return;
  }
  const job = context.reader.get<Job>('jobs.batch', namespace, name);
  if (job && !isJobFinished(job)) syncOpenJob(job, key, memory, context);
  else memory.backoffs.delete(key);
}

function syncOpenJob(
  job: Job,
  key: string,
  { makesGangs, queue, adoption, backoffs }: Memory,
  context: SyncContext,
): void {
  if (isManagedElsewhere(job)) return;
  const { completionMode } = job.spec;
  if (completionMode !== undefined && completionMode !== 'NonIndexed' && completionMode !== 'Indexed') {
    context.recorder.event(job, 'Warning', 'UnknownCompletionMode', UNKNOWN_COMPLETION_MODE);
    return;
  }
  const selector = compileLabelSelector(job.spec.selector);
  const pods = claimObjects(
    adoption.candidates(job, context.reader),
    {
      owner: job,
      ownerKind: JOB_KIND,
      resource: 'pods',
      matches: ({ metadata }) => selector.matches(metadata.labels),
      finalizers: [TRACKING_FINALIZER],
    },
    context.client,
  );
  adoption.settled(key);
  const podGroup = makesGangs ? gangOf(job, pods, context)?.metadata.name : undefined;
  const remember = (record: BackoffRecord): void => void backoffs.set(key, record);
  const { requeueAfter, error } = syncJob({ job, pods, podGroup }, backoffs.get(key), context, remember);
  if (requeueAfter !== undefined) queue.add(key, context.now + requeueAfter);
  if (error) throw error;
}

/** A changed spec is looked at at once; a changed status, which the pods brought about, together with what else they do. */
function watchJobs({ queue, adoption }: Memory): Watch {
  const { owners } = adoption;
  return {
    ...owners,
    keys(event, reader) {
      const keys = owners.keys(event, reader);
      // The watch is on Jobs.
      const job = event.object as Job;
      const key = keyFor(job);
      const isOver = event.type === 'DELETED' || (event.type === 'MODIFIED' && isJobFinished(job));
      const orphans = isOver ? trackedPodsOf(job, reader).map(orphanKey) : [];
      for (const orphan of orphans) queue.add(orphan, event.at);
      if (event.type === 'MODIFIED' && isOver) return orphans;
      const isStatusOnly = event.previous?.metadata.generation === job.metadata.generation;
      queue.add(key, event.at + (event.type === 'MODIFIED' && isStatusOnly ? BATCH_PERIOD : 0));
      return [...keys, ...orphans];
    },
  };
}

const NONE: readonly string[] = [];

function watchPods({ queue, adoption }: Memory): Watch {
  const { owned } = adoption;
  return {
    ...owned,
    keys(event, reader) {
      const orphans = mayBeOrphan(event, reader) ? [orphanKey(event.object as Pod)] : NONE;
      for (const orphan of orphans) queue.add(orphan, event.at);
      const owners = owned.keys(event, reader);
      if (owners.length === 0) return orphans;
      const jobs = owners.filter((key) => isOpen(key, reader));
      for (const key of jobs) queue.add(key, event.at + BATCH_PERIOD);
      return [...jobs, ...orphans];
    },
  };
}

/** Finished Jobs ignore their pods. */
function isOpen(key: string, reader: ClusterReader): boolean {
  const { namespace, name } = splitKey(key);
  const job = reader.get<Job>('jobs.batch', namespace, name);
  return job !== undefined && !isJobFinished(job);
}

function mayBeOrphan({ type, object }: StoreEvent, reader: ClusterReader): boolean {
  // The watch is on pods.
  const pod = object as Pod;
  if (type === 'DELETED' || !hasTrackingFinalizer(pod)) return false;
  const owners = pod.metadata.ownerReferences;
  if (!owners?.some(({ controller }) => controller)) return true;
  if (pod.metadata.deletionTimestamp === undefined) return false;
  const job = jobOf(pod, reader);
  return job === undefined || isJobFinished(job);
}
