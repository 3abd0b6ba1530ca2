// Whether a Job, or the template of a CronJob, may be stored.
// Behaviour: pkg/apis/batch/validation/validation.go (ValidateJob, ValidateJobSpec), Kubernetes v1.36.3.
// Differs: an indexed Job with a success policy and without completions makes upstream panic; here completions count as 0.
import {
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
  tooLong,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { isDns1123Label, isDomainPrefixedPath } from '../../../apimachinery/validation/names.ts';
import { givenEmpty } from '../../../schema/decode/given-empty.ts';
import type { Job, JobSpec } from '../../../schema/generated/types/batch-v1.ts';
import { labelSelectorAsSelector } from '../../../selectors/label-selector.ts';
import { validateLabelSelector } from '../../../selectors/label-selector-validation.ts';
import { SPEC, validateNonnegativeFields } from '../../apps/workload-validation.ts';
import type { PodValidationOptions } from '../../core/pod-spec/validation/options.ts';
import { validatePodTemplateSpec } from '../../core/pod-spec/validation/pod-spec.ts';
import { successPolicyValue, validatePodFailurePolicy, validateSuccessPolicy } from './policy-validation.ts';
import { validateGeneratedSelector } from './selector.ts';

const WITH_MAX_FAILED_INDEXES = 'when maxFailedIndexes is specified';
const WITH_INDEXED = 'when completion mode is Indexed';
const NEEDS_INDEXED = 'requires indexed completion mode';
const AT_MOST_COMPLETIONS = 'must be less than or equal to completions';
const RESTART_POLICY = 'valid values: "OnFailure", "Never"';
const NEVER_WITH_POLICY = 'only "Never" is supported when podFailurePolicy is specified';
const SELECTOR_DIFFERS = '`selector` does not match template `labels`';

const MAX_INDEXED_PARALLELISM = 100_000;
const MAX_FAILED_INDEXES = 100_000;
const HIGH_COMPLETIONS = 100_000;
const MAX_WITH_HIGH_COMPLETIONS = 10_000;
const MAX_MANAGED_BY_LENGTH = 63;

const completionModes = ['NonIndexed', 'Indexed'];
const replacementPolicies = ['Failed', 'TerminatingOrFailed'];
const restartPolicies = ['OnFailure', 'Never'];

const NAME = FieldPath.of('metadata', 'name');

export interface JobValidationOptions {
  readonly pod: PodValidationOptions;
  readonly requirePrefixedLabels: boolean;
}

export function validateJobObject(job: Job, options: JobValidationOptions): FieldError[] {
  const errors: FieldError[] = [];
  validateGeneratedSelector(job, options.requirePrefixedLabels, errors);
  errors.push(...validateJobSpec(job.spec, options.pod));
  validateIndexedName(job, errors);
  return errors;
}

/** The host name of an indexed Job's pod is the Job's name and an index; the longest must be one. */
function validateIndexedName({ metadata, spec }: Job, errors: FieldError[]): void {
  const { completions = 0, completionMode } = spec;
  if (completionMode !== 'Indexed' || completions <= 0) return;
  const { name = '' } = metadata;
  const hostname = `${name}-${completions - 1}`;
  if (isDns1123Label(hostname).length === 0) return;
  errors.push(invalid(NAME, name, `will not able to create pod with invalid DNS label: ${hostname}`));
}

export function validateJobSpec(spec: JobSpec, options: PodValidationOptions): FieldError[] {
  const { selector, template } = spec;
  const { allowInvalidLabelValueInSelector } = options;
  const errors: FieldError[] = [];
  validateJobTemplateSpec(spec, SPEC, options, errors);
  const selectorPath = SPEC.child('selector');
  if (!selector) errors.push(required(selectorPath, ''));
  else errors.push(...validateLabelSelector(selector, { allowInvalidLabelValueInSelector }, selectorPath));
  const read = labelSelectorAsSelector(selector);
  const { labels } = template.metadata;
  if (read.ok && !read.value.matches(labels)) {
    errors.push(
      invalid(
        SPEC.child('template', 'metadata', 'labels'),
        labels ?? givenEmpty(template.metadata, 'labels') ?? null,
        SELECTOR_DIFFERS,
      ),
    );
  }
  return errors;
}

const numbers = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const satisfies readonly (keyof JobSpec)[];

/** What a JobSpec must be wherever it stands; its selector is left out. */
export function validateJobTemplateSpec(
  spec: JobSpec,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  errors.push(...validateNonnegativeFields(spec, numbers, path));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(path.child('backoffLimitPerIndex'), WITH_MAX_FAILED_INDEXES));
  }
  if (spec.managedBy !== undefined) validateManagedBy(spec.managedBy, path.child('managedBy'), errors);
  validateCompletionMode(spec, path, errors);
  if (spec.podFailurePolicy) validatePodFailurePolicy(spec, path.child('podFailurePolicy'), errors);
  if (spec.successPolicy) {
    const policyPath = path.child('successPolicy');
    if (spec.completionMode === 'Indexed') validateSuccessPolicy(spec, policyPath, errors);
    else errors.push(invalid(policyPath, successPolicyValue(spec.successPolicy), NEEDS_INDEXED));
  }
  validateReplacementPolicy(spec, path.child('podReplacementPolicy'), errors);
  const templatePath = path.child('template');
  errors.push(...validatePodTemplateSpec(spec.template, templatePath, options));
  validateRestartPolicy(spec, templatePath.child('spec', 'restartPolicy'), errors);
}

function validateManagedBy(managedBy: string, path: FieldPath, errors: FieldError[]): void {
  errors.push(...isDomainPrefixedPath(path, managedBy));
  if (byteLength(managedBy) > MAX_MANAGED_BY_LENGTH) errors.push(tooLong(path, MAX_MANAGED_BY_LENGTH));
}

function validateCompletionMode(spec: JobSpec, path: FieldPath, errors: FieldError[]): void {
  const { completionMode: mode, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (mode === 'Indexed') {
    validateIndexed(spec, path, errors);
    return;
  }
  if (mode !== undefined && mode !== 'NonIndexed') {
    errors.push(notSupported(path.child('completionMode'), namedString(mode), completionModes));
    return;
  }
  if (backoffLimitPerIndex !== undefined) {
    errors.push(invalid(path.child('backoffLimitPerIndex'), backoffLimitPerIndex, NEEDS_INDEXED));
  }
  if (maxFailedIndexes !== undefined) {
    errors.push(invalid(path.child('maxFailedIndexes'), maxFailedIndexes, NEEDS_INDEXED));
  }
}

function validateIndexed(spec: JobSpec, path: FieldPath, errors: FieldError[]): void {
  const { completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec;
  const parallelismPath = path.child('parallelism');
  const failedPath = path.child('maxFailedIndexes');
  if (completions === undefined) errors.push(required(path.child('completions'), WITH_INDEXED));
  if (parallelism > MAX_INDEXED_PARALLELISM) {
    const detail = `must be less than or equal to ${MAX_INDEXED_PARALLELISM} ${WITH_INDEXED}`;
    errors.push(invalid(parallelismPath, parallelism, detail));
  }
  if (maxFailedIndexes !== undefined && completions !== undefined && maxFailedIndexes > completions) {
    errors.push(invalid(failedPath, maxFailedIndexes, AT_MOST_COMPLETIONS));
  }
  if (maxFailedIndexes !== undefined && maxFailedIndexes > MAX_FAILED_INDEXES) {
    errors.push(invalid(failedPath, maxFailedIndexes, `must be less than or equal to ${MAX_FAILED_INDEXES}`));
  }
  if (completions === undefined || completions <= HIGH_COMPLETIONS || backoffLimitPerIndex === undefined) return;
  const tooHigh = `must be less than or equal to ${MAX_WITH_HIGH_COMPLETIONS} when completions are above ${HIGH_COMPLETIONS} and used with backoff limit per index`;
  if (maxFailedIndexes === undefined) {
    errors.push(required(failedPath, `must be specified when completions is above ${HIGH_COMPLETIONS}`));
  }
  if (parallelism > MAX_WITH_HIGH_COMPLETIONS) errors.push(invalid(parallelismPath, parallelism, tooHigh));
  if (maxFailedIndexes !== undefined && maxFailedIndexes > MAX_WITH_HIGH_COMPLETIONS) {
    errors.push(invalid(failedPath, maxFailedIndexes, tooHigh));
  }
}

function validateReplacementPolicy(
  { podReplacementPolicy: policy, podFailurePolicy }: JobSpec,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (policy === undefined) return;
  const supported = podFailurePolicy ? ['Failed'] : replacementPolicies;
  if (!supported.includes(policy)) errors.push(notSupported(path, namedString(policy), supported));
}

/** Always is the default of pods, so a Job must say what it wants. */
function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, path: FieldPath, errors: FieldError[]): void {
  const { restartPolicy = '' } = template.spec;
  if (restartPolicy === 'Always' || restartPolicy === '') errors.push(required(path, RESTART_POLICY));
  else if (!restartPolicies.includes(restartPolicy)) {
    errors.push(notSupported(path, namedString(restartPolicy), restartPolicies));
  } else if (podFailurePolicy && restartPolicy !== 'Never') {
    errors.push(invalid(path, namedString(restartPolicy), NEVER_WITH_POLICY));
  }
}
