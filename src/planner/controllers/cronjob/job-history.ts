// Keeps track of the jobs that a CronJob has started and deletes the oldest finished ones.
// Behaviour: pkg/controller/cronjob/cronjob_controllerv2.go (syncCronJob, cleanupFinishedJobs), Kubernetes v1.36.3.
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import type { CronSync } from './cron-sync.ts';

type Finished = 'Complete' | 'Failed';

function finishedCondition({ status }: Job): Finished | undefined {
  const found = status.conditions?.find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  );
  return found?.type as Finished | undefined;
}

export function cleanupFinishedJobs(sync: CronSync): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = sync.cronJob.spec;
  removeOldest(sync, 'Complete', successfulJobsHistoryLimit);
  removeOldest(sync, 'Failed', failedJobsHistoryLimit);
}

function removeOldest(sync: CronSync, wanted: Finished, limit: number | undefined): void {
  if (limit === undefined) return;
  const jobs = sync.jobs.filter((job) => finishedCondition(job) === wanted);
  for (const job of jobs.toSorted(byStartTime).slice(0, Math.max(jobs.length - limit, 0))) sync.deleteJob(job);
}

/** Jobs that never started come last; RFC 3339 times in UTC sort as text. */
function byStartTime(a: Job, b: Job): number {
  const x = a.status.startTime ?? '~';
  const y = b.status.startTime ?? '~';
  if (x !== y) return x < y ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

/** Takes finished and missing jobs off the list of active ones. */
export function updateActiveJobs(sync: CronSync): void {
  for (const job of sync.jobs) observeJob(sync, job);
  const known = new Set(sync.jobs.map(({ metadata }) => metadata.uid));
  for (const { uid, namespace, name = '' } of sync.active) {
    if (known.has(uid) || sync.context.reader.get<Job>('jobs.batch', namespace, name)) continue;
    sync.event('Normal', 'MissingJob', `Active job went missing: ${name}`);
    sync.forget(uid);
  }
}

function observeJob(sync: CronSync, job: Job): void {
  const condition = finishedCondition(job);
  const { name, uid } = job.metadata;
  if (condition === undefined) {
    if (!sync.isActive(job))
      sync.event('Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
    return;
  }
  if (sync.isActive(job)) {
    sync.forget(uid);
    sync.event('Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${condition}`);
  }
  const { completionTime } = job.status;
  const isNews = completionTime !== undefined && completionTime > (sync.lastSuccessfulTime ?? '');
  if (condition !== 'Complete' || !isNews) return;
  sync.lastSuccessfulTime = completionTime;
  sync.isDirty = true;
}
