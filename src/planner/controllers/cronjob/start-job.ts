// Starts the job of a CronJob's run that is due, as its deadline and concurrency policy allow.
// Behaviour: pkg/controller/cronjob/cronjob_controllerv2.go (syncCronJob), utils.go (getJobFromTemplate2), Kubernetes v1.36.3.
import { controllerOf, newControllerRef } from '../../../apimachinery/owner-references.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { TimeZone } from '../../../apiserver/batch/cron-job/time-zone.ts';
import type { CronJob, Job } from '../../../schema/generated/types/batch-v1.ts';
import { isNamespaceTerminating, RefusedRequest, SyncError } from '../pod-control/refused-request.ts';
import type { CronSync } from './cron-sync.ts';
import { formatInZone, type Schedule } from './schedule.ts';
import { dueRun } from './schedule-times.ts';

const CRON_JOB_KIND = { group: 'batch', version: 'v1', kind: 'CronJob' };
const SCHEDULED_TIMESTAMP = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

const TOO_MANY_MISSED =
  'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
const ALREADY_ACTIVE = 'Not starting job because prior execution is running and concurrency policy is Forbid';

/** Whether the CronJob is to be looked at again at its next run. */
export function startDueJob(sync: CronSync, schedule: Schedule, zone: TimeZone): boolean {
  const { cronJob, context } = sync;
  const { spec } = cronJob;
  const due = dueRun(cronJob, context.now, schedule);
  if (due.error !== undefined) {
    sync.event('Warning', 'InvalidSchedule', `invalid schedule: ${spec.schedule} : ${due.error}`);
    return false;
  }
  if (due.hasMissedMany) sync.event('Warning', 'TooManyMissedTimes', TOO_MANY_MISSED);
  if (due.at === undefined) return true;
  const { startingDeadlineSeconds, concurrencyPolicy } = spec;
  if (startingDeadlineSeconds !== undefined && due.at + startingDeadlineSeconds * 1000 < context.now) {
    sync.event('Warning', 'MissSchedule', `Missed scheduled time to start a job: ${rfc1123(due.at)}`);
    return true;
  }
  if (isProcessed(sync, due.at)) return true;
  if (concurrencyPolicy === 'Forbid' && sync.active.length > 0) {
    sync.event('Normal', 'JobAlreadyActive', ALREADY_ACTIVE);
    return true;
  }
  if (concurrencyPolicy === 'Replace') replaceActive(sync);
  return createJob(sync, jobFor(cronJob, due.at, zone), due.at);
}

function isProcessed({ cronJob, active, lastScheduleTime }: CronSync, at: number): boolean {
  const name = jobName(cronJob, at);
  return active.some((reference) => reference.name === name) || lastScheduleTime === formatTime(at);
}

function replaceActive(sync: CronSync): void {
  for (const { namespace, name = '' } of sync.active) {
    const job = sync.context.reader.get<Job>('jobs.batch', namespace, name);
    if (!job) {
      const error = `jobs.batch "${name}" not found`;
      sync.event('Warning', 'FailedGet', `Get job: ${error}`);
      throw new SyncError(error);
    }
    if (!sync.deleteJob(job)) throw new SyncError(`could not replace job ${namespace}/${name}`);
  }
}

function createJob(sync: CronSync, wanted: Job, at: number): boolean {
  const { cronJob, context } = sync;
  const answer = context.client.create('jobs.batch', wanted);
  if (answer.ok) {
    sync.event('Normal', 'SuccessfulCreate', `Created job ${answer.object.metadata.name}`);
    sync.started(answer.object, at);
    return true;
  }
  if (answer.status.reason === 'AlreadyExists') {
    const { namespace, name = '' } = wanted.metadata;
    const existing = context.reader.get<Job>('jobs.batch', namespace, name);
    if (existing && (controllerOf(existing)?.uid !== cronJob.metadata.uid || sync.isActive(existing))) return false;
    if (existing) {
      sync.started(existing, at);
      return true;
    }
  }
  if (!isNamespaceTerminating(answer.status) && answer.status.reason !== 'AlreadyExists')
    sync.event('Warning', 'FailedCreate', `Error creating job: ${answer.status.message}`);
  throw new RefusedRequest(answer.status);
}

/** Named by the minute of the run, so that a run gives one job. */
function jobName({ metadata }: CronJob, at: number): string {
  return `${metadata.name}-${Math.floor(at / 60_000)}`;
}

function jobFor(cronJob: CronJob, at: number, zone: TimeZone): Job {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const { namespace } = cronJob.metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cronJob, at),
      ...(namespace === undefined ? {} : { namespace }),
      ...(metadata.labels && Object.keys(metadata.labels).length > 0 ? { labels: metadata.labels } : {}),
      annotations: { ...metadata.annotations, [SCHEDULED_TIMESTAMP]: formatInZone(at, zone) },
      ownerReferences: [newControllerRef(cronJob, CRON_JOB_KIND)],
    },
    spec,
    status: {},
  };
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** time.RFC1123Z in UTC */
function rfc1123(millis: number): string {
  const time = new Date(millis);
  const day = String(time.getUTCDate()).padStart(2, '0');
  const clock = time.toISOString().slice(11, 19);
  return `${DAYS[time.getUTCDay()]}, ${day} ${MONTHS[time.getUTCMonth()]} ${time.getUTCFullYear()} ${clock} +0000`;
}
