// Starts the jobs of CronJobs at their times.
// Behaviour: pkg/controller/cronjob/cronjob_controllerv2.go, Kubernetes v1.36.3.
// Differs: upstream takes jobs for a CronJob's own by its name alone; here the uid counts, as in all other controllers.
import { locationError } from '../../../apiserver/batch/cron-job/schedule.ts';
import { timeZone as zoneNamed } from '../../../apiserver/batch/cron-job/time-zone.ts';
import type { CronJob, Job } from '../../../schema/generated/types/batch-v1.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  splitKey,
  type Watch,
  watchOwned,
} from '../../engine/controller.ts';
import { controlledBy } from '../pod-control/claim.ts';
import { DelayingQueue } from '../pod-control/delaying-queue.ts';
import { errorOf } from '../pod-control/pod-control.ts';
import { CronSync } from './cron-sync.ts';
import { cleanupFinishedJobs, updateActiveJobs } from './job-history.ts';
import { scheduleOf } from './schedule.ts';
import { untilNextRun } from './schedule-times.ts';
import { startDueJob } from './start-job.ts';

const CRON_JOBS = 'cronjobs.batch';
const RETRY_DELAYS = { first: 5, most: 1_000_000 };

export const cronJobController: ControllerFactory = () => {
  const queue = new DelayingQueue(RETRY_DELAYS);
  return {
    name: 'cronjob-controller',
    watches: [watchCronJobs(queue), watchJobs(queue)],
    sync(key, context) {
      if (queue.take(key, context.now)) {
        const error = errorOf(() => syncKey(key, queue, context));
        if (error) queue.retry(key, context.now);
        else queue.forget(key);
      }
      return queue.next(key, context.now);
    },
  };
};

function syncKey(key: string, queue: DelayingQueue, context: SyncContext): void {
  const { namespace, name } = splitKey(key);
  const cronJob = context.reader.get<CronJob>(CRON_JOBS, namespace, name);
  if (!cronJob) return;
  const jobs = controlledBy<Job>(context.reader, 'jobs.batch', cronJob.metadata.uid ?? '');
  const sync = new CronSync(cronJob, jobs, context);
  cleanupFinishedJobs(sync);
  const error = errorOf(() => {
    updateActiveJobs(sync);
    const wait = cronJob.metadata.deletionTimestamp === undefined ? startJob(sync) : undefined;
    // The next run is no reason to call the cluster unsettled.
    if (wait !== undefined) queue.add(key, context.now + wait, true);
  });
  sync.writeStatus();
  if (error) throw error;
}

/** Milliseconds until the next run; undefined when there is none to wait for. */
function startJob(sync: CronSync): number | undefined {
  const { cronJob, context } = sync;
  const { timeZone = '', suspend, schedule: text } = cronJob.spec;
  const zone = zoneNamed(timeZone);
  if (!zone) {
    sync.event('Warning', 'UnknownTimeZone', `invalid timeZone: "${timeZone}": ${locationError(timeZone)}`);
    return undefined;
  }
  if (suspend) return undefined;
  if (text.includes('TZ')) sync.event('Warning', 'UnsupportedSchedule', unsupportedSchedule(text));
  const schedule = scheduleOf(cronJob);
  if (typeof schedule === 'string') {
    sync.event('Warning', 'UnparseableSchedule', `unparseable schedule: "${text}" : ${schedule}`);
    return undefined;
  }
  if (!startDueJob(sync, schedule, zone)) return undefined;
  const { lastScheduleTime } = sync;
  const after =
    lastScheduleTime === undefined ? cronJob : { ...cronJob, status: { ...cronJob.status, lastScheduleTime } };
  return untilNextRun(after, context.now, schedule);
}

function unsupportedSchedule(text: string): string {
  return `CRON_TZ or TZ used in schedule "${text}" is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`;
}

/** A CronJob with another schedule is looked at when that comes round, not before. */
function watchCronJobs(queue: DelayingQueue): Watch {
  return {
    resource: CRON_JOBS,
    keys: ({ type, object, previous, at }) => {
      // The watch is on CronJobs.
      const cronJob = object as CronJob;
      const before = previous as CronJob | undefined;
      const key = keyFor(cronJob);
      const isRescheduled =
        type === 'MODIFIED' &&
        before !== undefined &&
        (before.spec.schedule !== cronJob.spec.schedule || before.spec.timeZone !== cronJob.spec.timeZone);
      const schedule = isRescheduled ? scheduleOf(cronJob) : undefined;
      if (typeof schedule === 'string') return [];
      if (schedule) queue.add(key, at + untilNextRun(cronJob, at, schedule), true);
      else queue.add(key, at);
      return [key];
    },
  };
}

function watchJobs(queue: DelayingQueue): Watch {
  const owned = watchOwned('jobs.batch', 'CronJob');
  return {
    ...owned,
    keys(event, reader) {
      const keys = owned.keys(event, reader);
      for (const key of keys) queue.add(key, event.at);
      return keys;
    },
  };
}
