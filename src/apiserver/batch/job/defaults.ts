// What a Job is when its manifest does not say.
// Behaviour: pkg/apis/batch/v1/defaults.go, Kubernetes v1.36.3.
import type {
  Job,
  JobSpec,
  PodFailurePolicy,
  PodFailurePolicyOnPodConditionsPattern,
} from '../../../schema/generated/types/batch-v1.ts';
import { defaultPodTemplate } from '../../core/pod-spec/defaults.ts';

const DEFAULT_BACKOFF_LIMIT = 6;
const UNLIMITED = 2 ** 31 - 1;

export function defaultJob(job: Job): Job {
  const spec = defaultJobTemplateSpec(job.spec);
  return withTemplateLabels({
    ...job,
    spec: {
      ...spec,
      ...(spec.completions === undefined && spec.parallelism === undefined ? { completions: 1 } : {}),
      parallelism: spec.parallelism ?? 1,
      backoffLimit: spec.backoffLimit ?? (spec.backoffLimitPerIndex === undefined ? DEFAULT_BACKOFF_LIMIT : UNLIMITED),
      completionMode: spec.completionMode ?? 'NonIndexed',
      suspend: spec.suspend ?? false,
      podReplacementPolicy: spec.podReplacementPolicy ?? (spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'),
      manualSelector: spec.manualSelector ?? false,
    },
  });
}

/** A Job without labels has its template's own object: what selector.ts adds to one appears in both, as it does upstream. */
export function withTemplateLabels(job: Job): Job {
  const { labels } = job.spec.template.metadata;
  return labels && !job.metadata.labels ? { ...job, metadata: { ...job.metadata, labels } } : job;
}

/** The defaults below a JobSpec, which the template of a CronJob has too. */
export function defaultJobTemplateSpec(spec: JobSpec): JobSpec {
  const { podFailurePolicy } = spec;
  return {
    ...spec,
    template: defaultPodTemplate(spec.template),
    ...(podFailurePolicy ? { podFailurePolicy: defaultPodFailurePolicy(podFailurePolicy) } : {}),
  };
}

function defaultPodFailurePolicy(policy: PodFailurePolicy): PodFailurePolicy {
  if (!policy.rules?.some(({ onPodConditions }) => onPodConditions?.some(lacksStatus))) return policy;
  const rules = policy.rules.map((rule) =>
    rule.onPodConditions ? { ...rule, onPodConditions: rule.onPodConditions.map(withStatus) } : rule,
  );
  return { ...policy, rules };
}

function lacksStatus({ status }: PodFailurePolicyOnPodConditionsPattern): boolean {
  return !status;
}

function withStatus(pattern: PodFailurePolicyOnPodConditionsPattern): PodFailurePolicyOnPodConditionsPattern {
  return pattern.status ? pattern : { ...pattern, status: 'True' };
}
