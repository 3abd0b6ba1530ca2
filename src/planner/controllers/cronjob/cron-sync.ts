// One sync of a CronJob: its jobs and the status that it is about to write.
// Behaviour: pkg/controller/cronjob/{cronjob_controllerv2,utils}.go, Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { CronJob, CronJobStatus, Job } from '../../../schema/generated/types/batch-v1.ts';
import type { ObjectReference } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { omitEmpty } from '../pod-control/omit-empty.ts';
import { accepted } from '../pod-control/refused-request.ts';

export class CronSync {
  readonly cronJob: CronJob;
  /** The jobs that the CronJob controls, by name. */
  readonly jobs: readonly Job[];
  readonly context: SyncContext;
  active: readonly ObjectReference[];
  lastScheduleTime: string | undefined;
  lastSuccessfulTime: string | undefined;
  /** Whether the status is to be written. */
  isDirty = false;

  constructor(cronJob: CronJob, jobs: readonly Job[], context: SyncContext) {
    this.cronJob = cronJob;
    this.jobs = jobs;
    this.context = context;
    this.active = cronJob.status.active ?? [];
    this.lastScheduleTime = cronJob.status.lastScheduleTime;
    this.lastSuccessfulTime = cronJob.status.lastSuccessfulTime;
  }

  isActive({ metadata }: Job): boolean {
    return this.active.some(({ uid }) => uid === metadata.uid);
  }

  forget(uid: string | undefined): void {
    this.active = this.active.filter((reference) => reference.uid !== uid);
    this.isDirty = true;
  }

  started(job: Job, scheduledTime: number): void {
    const { namespace, name, uid, resourceVersion } = job.metadata;
    const reference = { kind: 'Job', apiVersion: 'batch/v1', ...omitEmpty({ namespace, name, uid, resourceVersion }) };
    this.active = [...this.active, reference];
    this.lastScheduleTime = formatTime(scheduledTime);
    this.isDirty = true;
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.recorder.event(this.cronJob, type, reason, message);
  }

  /** Asks for the deletion of a job; false when it was refused. */
  deleteJob({ metadata }: Job): boolean {
    const { namespace, name = '', uid } = metadata;
    const answer = this.context.client.delete('jobs.batch', { namespace, name }, { propagationPolicy: 'Background' });
    if (!answer.ok) {
      this.event('Warning', 'FailedDelete', `Deleted job: ${answer.status.message}`);
      return false;
    }
    this.forget(uid);
    this.event('Normal', 'SuccessfulDelete', `Deleted job ${name}`);
    return true;
  }

  writeStatus(): void {
    if (!this.isDirty) return;
    const { active, lastScheduleTime, lastSuccessfulTime, cronJob } = this;
    const status: CronJobStatus = omitEmpty({ active, lastScheduleTime, lastSuccessfulTime });
    accepted(this.context.client.updateStatus('cronjobs.batch', { ...cronJob, status }));
  }
}
