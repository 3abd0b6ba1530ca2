// How CronJobs are created and updated.
// Behaviour: pkg/registry/batch/cronjob/strategy.go, pkg/apis/batch/v1/defaults.go, Kubernetes v1.36.3.
import type { CronJob } from '../../../schema/generated/types/batch-v1.ts';
import { podNameWarnings } from '../../apps/pod-name-warnings.ts';
import { SPEC } from '../../apps/workload-validation.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { dropDisabledTemplateFields } from '../../core/pod-spec/disabled-fields.ts';
import type { FeatureGates, Resource, StrategyContext } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { defaultJobTemplateSpec } from '../job/defaults.ts';
import { jobSpecWarnings } from '../job/warnings.ts';
import { validateCronJob, validateCronJobUpdate } from './validation.ts';

const DEFAULT_SUCCESSFUL_JOBS = 3;
const DEFAULT_FAILED_JOBS = 1;
/** The doubled spec is upstream's. */
const ZONE_IN_SCHEDULE =
  'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';

const JOB_SPEC = SPEC.child('jobTemplate', 'spec');

export const cronJobResource: Resource<CronJob> = {
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  namespaced: true,
  shortNames: ['cj'],
  categories: ['all'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults,
    prepareForCreate: (cronJob, { features }) =>
      withGeneration(withEnabledFields({ ...cronJob, status: {} }, undefined, features), 1),
    validate: validateCronJob,
    warningsOnCreate: (cronJob) => [
      ...podNameWarnings(cronJob),
      ...jobSpecWarnings(cronJob.spec.jobTemplate.spec, JOB_SPEC),
    ],
    prepareForUpdate,
    validateUpdate: validateCronJobUpdate,
    warningsOnUpdate: (cronJob, old) => [
      ...(cronJob.metadata.generation === old.metadata.generation
        ? []
        : jobSpecWarnings(cronJob.spec.jobTemplate.spec, JOB_SPEC)),
      ...(cronJob.spec.schedule.includes('TZ') ? [ZONE_IN_SCHEDULE] : []),
    ],
  },
  subresources: {
    status: { prepareForUpdate: (cronJob, old) => ({ ...cronJob, spec: old.spec }) },
  },
};

function applyDefaults(cronJob: CronJob): CronJob {
  const { spec } = cronJob;
  return {
    ...cronJob,
    spec: {
      ...spec,
      concurrencyPolicy: spec.concurrencyPolicy || 'Allow',
      suspend: spec.suspend ?? false,
      jobTemplate: { ...spec.jobTemplate, spec: defaultJobTemplateSpec(spec.jobTemplate.spec) },
      successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit ?? DEFAULT_SUCCESSFUL_JOBS,
      failedJobsHistoryLimit: spec.failedJobsHistoryLimit ?? DEFAULT_FAILED_JOBS,
    },
  };
}

function withEnabledFields(cronJob: CronJob, old: CronJob | undefined, features: FeatureGates): CronJob {
  const { spec } = cronJob;
  const { jobTemplate } = spec;
  const oldTemplate = old?.spec.jobTemplate.spec.template;
  const template = dropDisabledTemplateFields(jobTemplate.spec.template, oldTemplate, features);
  if (template === jobTemplate.spec.template) return cronJob;
  return { ...cronJob, spec: { ...spec, jobTemplate: { ...jobTemplate, spec: { ...jobTemplate.spec, template } } } };
}

function prepareForUpdate(given: CronJob, old: CronJob, { features }: StrategyContext): CronJob {
  const cronJob = withEnabledFields({ ...given, status: old.status }, old, features);
  return equalValues(cronJob.spec, old.spec) ? cronJob : withNextGeneration(cronJob, old);
}
