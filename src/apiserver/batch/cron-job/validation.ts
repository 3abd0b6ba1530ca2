// Whether a CronJob may be stored.
// Behaviour: pkg/apis/batch/validation/validation.go (ValidateCronJobCreate and what it calls), Kubernetes v1.36.3.
import { type FieldError, invalid, namedString, notSupported, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { CronJob, CronJobSpec } from '../../../schema/generated/types/batch-v1.ts';
import { labelSelectorValue } from '../../../selectors/label-selector-validation.ts';
import { SPEC, validateNonnegativeFields } from '../../apps/workload-validation.ts';
import { type PodValidationOptions, podTemplateValidationOptions } from '../../core/pod-spec/validation/options.ts';
import type { StrategyContext } from '../../resource.ts';
import { validateJobTemplateSpec } from '../job/validation.ts';
import { locationError, parseSchedule } from './schedule.ts';
import { timeZone } from './time-zone.ts';

const NAME_TOO_LONG = 'must be no more than 52 characters';
const TWO_ZONES = 'cannot use both timeZone field and TZ or CRON_TZ in schedule';
const ZONE_IN_SCHEDULE = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
const EMPTY_ZONE = 'timeZone must be nil or non-empty string';
const LOCAL_ZONE = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
const GENERATED_SELECTOR = '`selector` will be auto-generated';

/** A Job's name is that of its CronJob, a dash and ten digits. */
const MAX_NAME_LENGTH = 52;
const ZONE_PART = /^[A-Za-z.\-_0-9+]{1,14}$/;

const concurrencyPolicies = ['Allow', 'Forbid', 'Replace'];

export function validateCronJob(cronJob: CronJob, { features }: StrategyContext): readonly FieldError[] {
  const { spec, metadata } = cronJob;
  const options = podTemplateValidationOptions(spec.jobTemplate.spec.template, undefined, features);
  const errors = validateSpec(spec, undefined, options);
  const { name = '' } = metadata;
  if (name.length > MAX_NAME_LENGTH) errors.push(invalid(FieldPath.of('metadata', 'name'), name, NAME_TOO_LONG));
  return errors;
}

export function validateCronJobUpdate(
  { spec }: CronJob,
  { spec: old }: CronJob,
  { features }: StrategyContext,
): readonly FieldError[] {
  const { template } = spec.jobTemplate.spec;
  const options = podTemplateValidationOptions(template, old.jobTemplate.spec.template, features);
  return validateSpec(spec, old, options);
}

function validateSpec(spec: CronJobSpec, old: CronJobSpec | undefined, options: PodValidationOptions): FieldError[] {
  const errors: FieldError[] = [];
  validateSchedule(spec, old, SPEC.child('schedule'), errors);
  errors.push(...validateNonnegativeFields(spec, ['startingDeadlineSeconds'], SPEC));
  if (spec.timeZone !== undefined && (!old || old.timeZone !== spec.timeZone)) {
    validateTimeZone(spec.timeZone, SPEC.child('timeZone'), errors);
  }
  validateConcurrencyPolicy(spec.concurrencyPolicy ?? '', SPEC.child('concurrencyPolicy'), errors);
  validateJobTemplate(spec.jobTemplate, SPEC.child('jobTemplate', 'spec'), options, errors);
  errors.push(...validateNonnegativeFields(spec, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'], SPEC));
  return errors;
}

/** Only CronJobs that always had a zone in their schedule may keep it there. */
function validateSchedule(
  { schedule = '', timeZone }: CronJobSpec,
  old: CronJobSpec | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (schedule === '') {
    errors.push(required(path, ''));
    return;
  }
  const parsed = parseSchedule(schedule);
  if (!parsed.ok) errors.push(invalid(path, schedule, parsed.error));
  if (!schedule.includes('TZ')) return;
  if (!old?.schedule.includes('TZ')) errors.push(invalid(path, schedule, ZONE_IN_SCHEDULE));
  else if (timeZone !== undefined) errors.push(invalid(path, schedule, TWO_ZONES));
}

function validateTimeZone(name: string, path: FieldPath, errors: FieldError[]): void {
  const value = namedString(name);
  if (name === '') {
    errors.push(invalid(path, value, EMPTY_ZONE));
    return;
  }
  const isOdd = (part: string) => part === '.' || part === '..' || part.startsWith('-') || !ZONE_PART.test(part);
  if (name.split('/').some(isOdd)) {
    errors.push(invalid(path, value, `unknown time zone ${name}`));
    return;
  }
  const isLocal = name.toLowerCase() === 'local';
  if (isLocal) errors.push(invalid(path, value, LOCAL_ZONE));
  if (name !== 'Local' && !timeZone(name)) errors.push(invalid(path, value, locationError(name)));
}

function validateConcurrencyPolicy(policy: string, path: FieldPath, errors: FieldError[]): void {
  if (policy === '') errors.push(required(path, ''));
  else if (!concurrencyPolicies.includes(policy)) {
    errors.push(notSupported(path, namedString(policy), concurrencyPolicies));
  }
}

function validateJobTemplate(
  { spec }: CronJobSpec['jobTemplate'],
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  validateJobTemplateSpec(spec, path, options, errors);
  if (spec.selector) {
    errors.push(invalid(path.child('selector'), labelSelectorValue(spec.selector), GENERATED_SELECTOR));
  }
  if (spec.manualSelector) errors.push(notSupported(path.child('manualSelector'), true, ['nil', 'false']));
}
