// What may change in a Job, and what may change in its template while it is suspended.
// Behaviour: pkg/registry/batch/job/strategy.go (validationOptionsForJob), pkg/apis/batch/validation/validation.go
// (ValidateJobSpecUpdate), Kubernetes v1.36.3.
import { type FieldError, GoValue, invalid, namedString } from '../../../apimachinery/field-error.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type { Job, JobSpec } from '../../../schema/generated/types/batch-v1.ts';
import type { Affinity, Container, PodSpec, PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import { labelSelectorHasInvalidLabelValue, labelSelectorValue } from '../../../selectors/label-selector-validation.ts';
import { SPEC } from '../../apps/workload-validation.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { internalPodSpec } from '../../core/pod-spec/internal-value.ts';
import { podTemplateValidationOptions } from '../../core/pod-spec/validation/options.ts';
import type { FeatureGates, StrategyContext } from '../../resource.ts';
import { podFailurePolicyValue, successPolicyValue } from './policy-validation.ts';
import { CONTROLLER_UID_LABEL, JOB_NAME_LABEL } from './selector.ts';
import { isConditionTrue } from './status-conditions.ts';
import { type JobValidationOptions, validateJobObject, validateJobSpec } from './validation.ts';

const TANDEM = 'can only be modified in tandem with spec.parallelism';

interface UpdateOptions extends JobValidationOptions {
  readonly mutableScheduling: boolean;
  readonly mutableResources: boolean;
}

export function validateJob(job: Job, { features }: StrategyContext): readonly FieldError[] {
  const pod = podTemplateValidationOptions(job.spec.template, undefined, features);
  return validateJobObject(job, { pod, requirePrefixedLabels: true });
}

/** The spec is validated on its own as well, as upstream does: its errors come twice. */
export function validateJobUpdate(job: Job, old: Job, { features }: StrategyContext): readonly FieldError[] {
  const options = updateOptions(job, old, features);
  const own = validateJobObject(job, options);
  return [
    ...own,
    ...(own.length > 0 ? validateJobSpec(job.spec, options.pod) : []),
    ...validateChanges(job.spec, old.spec, options),
  ];
}

function updateOptions(job: Job, old: Job, features: FeatureGates): UpdateOptions {
  const pod = podTemplateValidationOptions(job.spec.template, old.spec.template, features);
  const { labels } = old.spec.template.metadata;
  const isMutable = isTemplateMutable(old);
  return {
    pod: labelSelectorHasInvalidLabelValue(old.spec.selector)
      ? { ...pod, allowInvalidLabelValueInSelector: true }
      : pod,
    requirePrefixedLabels: labels?.[JOB_NAME_LABEL] !== undefined && labels[CONTROLLER_UID_LABEL] !== undefined,
    mutableScheduling: features.isEnabled('MutableSchedulingDirectivesForSuspendedJobs')
      ? isMutable
      : old.spec.suspend === true && old.status.startTime === undefined,
    mutableResources: features.isEnabled('MutablePodResourcesForSuspendedJobs') && isMutable,
  };
}

/** A suspended Job without pods, which never ran or has come to rest. */
function isTemplateMutable({ spec, status }: Job): boolean {
  const isAtRest = status.startTime === undefined || isConditionTrue(status, 'Suspended');
  return spec.suspend === true && isAtRest && (status.active ?? 0) === 0;
}

function validateChanges(spec: JobSpec, old: JobSpec, options: UpdateOptions): FieldError[] {
  const errors: FieldError[] = [];
  const immutable = <K extends keyof JobSpec>(field: K, print: (value: JobSpec[K]) => unknown) => {
    if (equalValues(spec[field], old[field])) return;
    errors.push(invalid(SPEC.child(field), print(spec[field]), FIELD_IMMUTABLE));
  };
  validateCompletions(spec, old, errors);
  immutable('selector', labelSelectorValue);
  validateTemplateChange(spec, old, options, errors);
  immutable('completionMode', namedString);
  immutable('podFailurePolicy', podFailurePolicyValue);
  immutable('backoffLimitPerIndex', (value) => value ?? null);
  immutable('managedBy', namedString);
  immutable('successPolicy', successPolicyValue);
  return errors;
}

/** An indexed Job can be made larger or smaller. */
function validateCompletions(
  { completions, completionMode, parallelism }: JobSpec,
  old: JobSpec,
  errors: FieldError[],
) {
  if (completions === old.completions) return;
  const path = SPEC.child('completions');
  if (completionMode !== 'Indexed') errors.push(invalid(path, completions ?? null, FIELD_IMMUTABLE));
  else if (completions !== undefined && completions !== parallelism) errors.push(invalid(path, completions, TANDEM));
}

function validateTemplateChange(spec: JobSpec, old: JobSpec, options: UpdateOptions, errors: FieldError[]): void {
  const { template } = spec;
  const expected = options.mutableScheduling ? withScheduling(old.template, template) : old.template;
  if (old.suspend && options.mutableResources) {
    const expectedSpec = withResources(expected.spec, template.spec);
    if (equalValues(template.spec, expectedSpec)) return;
    const value = new GoValue(goMarshalInOrder(internalPodSpec(template.spec)));
    errors.push(invalid(SPEC.child('template.spec'), value, FIELD_IMMUTABLE));
  } else if (!equalValues(template, expected)) {
    errors.push(invalid(SPEC.child('template'), templateValue(template), FIELD_IMMUTABLE));
  }
}

function withScheduling({ metadata, spec: oldSpec, ...rest }: PodTemplateSpec, next: PodTemplateSpec): PodTemplateSpec {
  const { labels: _1, annotations: _2, ...others } = metadata;
  const { labels, annotations } = next.metadata;
  const { nodeSelector: _3, tolerations: _4, schedulingGates: _5, affinity: oldAffinity, ...oldOthers } = oldSpec;
  const { nodeSelector, tolerations, schedulingGates } = next.spec;
  const affinity = withNodeAffinity(oldAffinity, next.spec.affinity);
  return {
    ...rest,
    metadata: { ...others, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    spec: {
      ...oldOthers,
      ...(nodeSelector ? { nodeSelector } : {}),
      ...(tolerations ? { tolerations } : {}),
      ...(schedulingGates ? { schedulingGates } : {}),
      ...(affinity ? { affinity } : {}),
    },
  };
}

function withNodeAffinity(old: Affinity | undefined, next: Affinity | undefined): Affinity | undefined {
  if (!old && !next) return undefined;
  const { nodeAffinity: _, ...others } = old ?? {};
  if (!next) return Object.keys(others).length > 0 ? others : undefined;
  return next.nodeAffinity ? { ...others, nodeAffinity: next.nodeAffinity } : others;
}

function withResources(old: PodSpec, next: PodSpec): PodSpec {
  const { containers, initContainers } = old;
  return {
    ...old,
    ...(containers ? { containers: sameResources(containers, next.containers) } : {}),
    ...(initContainers ? { initContainers: sameResources(initContainers, next.initContainers) } : {}),
  };
}

function sameResources(old: readonly Container[], next: readonly Container[] | undefined): readonly Container[] {
  if (old.length !== next?.length) return old;
  return old.map((container, i) => {
    const other = next[i];
    return other && other.name === container.name ? { ...container, resources: other.resources } : container;
  });
}

/** The internal template: its metadata is embedded. */
function templateValue({ metadata, spec }: PodTemplateSpec): GoValue {
  const maps: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(metadata)) {
    maps[key] = key === 'labels' || key === 'annotations' ? new Map(Object.entries(value as object)) : value;
  }
  return new GoValue(goMarshalInOrder({ ...maps, Spec: internalPodSpec(spec) }));
}
