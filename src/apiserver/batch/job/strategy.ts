// How Jobs are created and updated.
// Behaviour: pkg/registry/batch/job/strategy.go, Kubernetes v1.36.3.
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import { podNameWarnings } from '../../apps/pod-name-warnings.ts';
import { SPEC } from '../../apps/workload-validation.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { dropDisabledTemplateFields } from '../../core/pod-spec/disabled-fields.ts';
import type { FeatureGates, Resource, StrategyContext } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { defaultJob, withTemplateLabels } from './defaults.ts';
import { withGeneratedSelector } from './selector.ts';
import { validateJobStatus } from './status-validation.ts';
import { validateJob, validateJobUpdate } from './update-validation.ts';
import { jobSpecWarnings } from './warnings.ts';

export const jobResource: Resource<Job> = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  namespaced: true,
  categories: ['all'],
  strategy: {
    allowUnconditionalUpdate: true,
    // For compatibility with the first clients of batch/v1.
    defaultPropagation: 'Orphan',
    applyDefaults: defaultJob,
    prepareForCreate: (job, { features }) =>
      withGeneration(withEnabledFields({ ...withGeneratedSelector(job), status: {} }, undefined, features), 1),
    // Labels that only its template gets are the job's own from the next read on.
    isStoredWithoutDefaults: ({ metadata, spec }) => !metadata.labels && !spec.manualSelector,
    validate: validateJob,
    warningsOnCreate: (job) => [...podNameWarnings(job), ...jobSpecWarnings(job.spec, SPEC)],
    // What is stored is read with defaults again: by now the template has labels.
    canonicalize: withTemplateLabels,
    prepareForUpdate,
    validateUpdate: validateJobUpdate,
    warningsOnUpdate: (job, old) =>
      job.metadata.generation === old.metadata.generation ? [] : jobSpecWarnings(job.spec, SPEC),
  },
  subresources: {
    status: {
      prepareForUpdate: (job, old) => ({ ...job, spec: old.spec }),
      validateUpdate: validateJobStatus,
      canonicalize: withTemplateLabels,
    },
  },
};

function withEnabledFields(job: Job, old: Job | undefined, features: FeatureGates): Job {
  const { spec } = job;
  const template = dropDisabledTemplateFields(spec.template, old?.spec.template, features);
  return template === spec.template ? job : { ...job, spec: { ...spec, template } };
}

function prepareForUpdate(given: Job, old: Job, { features }: StrategyContext): Job {
  const job = withEnabledFields({ ...given, status: old.status }, old, features);
  return equalValues(job.spec, old.spec) ? job : withNextGeneration(job, old);
}
