// Whether the status of a Job may become what its controller says.
// Behaviour: pkg/registry/batch/job/strategy.go (getStatusValidationOptions), pkg/apis/batch/validation/validation.go
// (ValidateJobUpdateStatus), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  duplicate,
  type FieldError,
  GoValue,
  invalid,
  namedString,
  OMIT_VALUE,
  required,
} from '../../../apimachinery/field-error.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type { Job, JobStatus, UncountedTerminatedPods } from '../../../schema/generated/types/batch-v1.ts';
import { STATUS, validateNonnegativeFields } from '../../apps/workload-validation.ts';
import { commonIndex, countIndexes } from './index-intervals.ts';
import { isConditionFalse, isConditionTrue, isFinished, type JobConditionType } from './status-conditions.ts';

const EMPTY_UID = 'must not be empty';
const TIME_WITHOUT_COMPLETE = 'cannot set completionTime when there is no Complete=True condition';
const COMPLETE_WITHOUT_TIME = 'completionTime is required for Complete jobs';
const COMPLETED_BEFORE_START = 'must be equal to or after `startTime`';
const FINISHED_WITH_ACTIVE = 'active>0 is invalid for finished job';
const FINISHED_WITHOUT_START = 'startTime is required for finished job';
const FINISHED_WITH_UNCOUNTED = 'must be empty for finished job';
const FINISHED_WITH_TERMINATING = 'terminating>0 is invalid for finished job';
const COMPLETED_INDEXES_NOT_INDEXED = 'cannot set non-empty completedIndexes when non-indexed completion mode';
const FAILED_INDEXES_WITHOUT_LIMIT = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null';
const MORE_READY = 'cannot set more ready pods than active';
const FAILED_DECREASED = 'cannot decrease the failed counter';
const SUCCEEDED_DECREASED = 'cannot decrease the succeeded counter';
const START_TIME_IMMUTABLE = 'field is immutable for unsuspended job once set';

const COMPLETE_AND_FAILED = 'cannot set Complete=True and Failed=true conditions';
const COMPLETE_AND_FAILURE_TARGET = 'cannot set Complete=True and FailureTarget=true conditions';
const FAILED_WITHOUT_TARGET = 'cannot set Failed=True condition without the FailureTarget=true condition';
const COMPLETE_WITHOUT_CRITERIA = 'cannot set Complete=True condition without the SuccessCriteriaMet=true condition';
const CRITERIA_AND_FAILED = 'cannot set SuccessCriteriaMet=True and Failed=true conditions';
const CRITERIA_AND_FAILURE_TARGET = 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions';
const POLICY_WITHOUT_CRITERIA = 'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True';
const CRITERIA_DISABLED = 'cannot disable the SuccessCriteriaMet=True condition';
const CRITERIA_TOO_LATE = 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions';

const CONDITIONS = STATUS.child('conditions');

export function validateJobStatus(job: Job, old: Job): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { status } = job;
  errors.push(...validateNonnegativeFields(status, ['active', 'succeeded', 'failed', 'ready', 'terminating'], STATUS));
  validateUncounted(status.uncountedTerminatedPods, errors);
  validateCompletion(job, old, errors);
  validateFinished(job, old, errors);
  validateIndexes(job, old, errors);
  validateCounts(job, old, errors);
  validateCriteria(job, errors);
  validateTransitions(job, old, errors);
  return errors;
}

function conditionError(detail: string): FieldError {
  return invalid(CONDITIONS, OMIT_VALUE, detail);
}

function timeValue(time: string | undefined): GoValue {
  return namedString(time);
}

/** Most rules only look at what this update changes. */
function changedCondition({ status }: Job, old: Job, type: JobConditionType): boolean {
  return isConditionTrue(status, type) !== isConditionTrue(old.status, type);
}

function validateUncounted(pods: UncountedTerminatedPods | undefined, errors: FieldError[]): void {
  if (!pods) return;
  const seen = new Set<string>();
  for (const list of ['succeeded', 'failed'] as const) {
    pods[list]?.forEach((uid, i) => {
      const path = STATUS.child('uncountedTerminatedPods', list).index(i);
      if (uid === '') errors.push(invalid(path, namedString(uid), EMPTY_UID));
      else if (seen.has(uid)) errors.push(duplicate(path, namedString(uid)));
      seen.add(uid);
    });
  }
}

function validateCompletion(job: Job, old: Job, errors: FieldError[]): void {
  const { status } = job;
  const { completionTime, startTime } = status;
  const isComplete = isConditionTrue(status, 'Complete');
  const isFailed = isConditionTrue(status, 'Failed');
  const completeChanged = changedCondition(job, old, 'Complete');
  const failedChanged = changedCondition(job, old, 'Failed');
  const timeChanged = completionTime !== old.status.completionTime;
  const timePath = STATUS.child('completionTime');
  if ((completeChanged || failedChanged) && isComplete && isFailed) errors.push(conditionError(COMPLETE_AND_FAILED));
  const hasTarget = isConditionTrue(status, 'FailureTarget');
  if ((completeChanged || changedCondition(job, old, 'FailureTarget')) && isComplete && hasTarget) {
    errors.push(conditionError(COMPLETE_AND_FAILURE_TARGET));
  }
  if (completeChanged || timeChanged) {
    if (completionTime !== undefined && !isComplete) {
      errors.push(invalid(timePath, timeValue(completionTime), TIME_WITHOUT_COMPLETE));
    }
    if (completionTime === undefined && isComplete) errors.push(required(timePath, COMPLETE_WITHOUT_TIME));
  }
  if ((timeChanged || startTime !== old.status.startTime) && isBefore(completionTime, startTime)) {
    errors.push(invalid(timePath, timeValue(completionTime), COMPLETED_BEFORE_START));
  }
  const failedIndexesChanged = status.failedIndexes !== old.status.failedIndexes;
  if ((failedChanged || failedIndexesChanged) && isFailed && !hasTarget) {
    errors.push(conditionError(FAILED_WITHOUT_TARGET));
  }
  const criteriaChanged = changedCondition(job, old, 'SuccessCriteriaMet');
  if ((completeChanged || criteriaChanged) && isComplete && !isConditionTrue(status, 'SuccessCriteriaMet')) {
    errors.push(conditionError(COMPLETE_WITHOUT_CRITERIA));
  }
}

function isBefore(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return (parseTime(a) ?? 0) < (parseTime(b) ?? 0);
}

function validateFinished({ spec, status }: Job, old: Job, errors: FieldError[]): void {
  const finished = isFinished(status);
  const finishedChanged = finished !== isFinished(old.status);
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = status;
  if (!finished) return;
  if ((finishedChanged || active !== (old.status.active ?? 0)) && active > 0) {
    errors.push(invalid(STATUS.child('active'), active, FINISHED_WITH_ACTIVE));
  }
  // A Job of no pods can finish while suspended, without having started.
  const needsNoStart = spec.suspend === true && spec.completions === 0;
  if ((finishedChanged || startTime !== old.status.startTime) && !needsNoStart && startTime === undefined) {
    errors.push(required(STATUS.child('startTime'), FINISHED_WITHOUT_START));
  }
  const uncountedChanged = !semanticDeepEqual(uncounted, old.status.uncountedTerminatedPods);
  const count = (uncounted?.failed?.length ?? 0) + (uncounted?.succeeded?.length ?? 0);
  if ((finishedChanged || uncountedChanged) && uncounted && count > 0) {
    const value = { Succeeded: shownField(uncounted, 'succeeded'), Failed: shownField(uncounted, 'failed') };
    const path = STATUS.child('uncountedTerminatedPods');
    errors.push(invalid(path, new GoValue(goMarshalInOrder(value)), FINISHED_WITH_UNCOUNTED));
  }
}

function validateIndexes({ spec, status }: Job, { status: old }: Job, errors: FieldError[]): void {
  const { completions, backoffLimitPerIndex: limitPerIndex, completionMode } = spec;
  const { completedIndexes: completed = '', failedIndexes: failed } = status;
  const completedChanged = completed !== (old.completedIndexes ?? '');
  const failedChanged = failed !== old.failedIndexes;
  const completedPath = STATUS.child('completedIndexes');
  const failedPath = STATUS.child('failedIndexes');
  if (completedChanged && completions !== undefined) {
    const counted = countIndexes(completed, completions);
    if (typeof counted === 'string') {
      errors.push(invalid(completedPath, completed, `error parsing completedIndexes: ${counted}`));
    }
  }
  if (failedChanged && completions !== undefined && limitPerIndex !== undefined && failed !== undefined) {
    const counted = countIndexes(failed, completions);
    if (typeof counted === 'string') {
      errors.push(invalid(failedPath, namedString(failed), `error parsing failedIndexes: ${counted}`));
    }
  }
  if (completedChanged && completed !== '' && completionMode !== 'Indexed') {
    errors.push(invalid(completedPath, completed, COMPLETED_INDEXES_NOT_INDEXED));
  }
  if (failedChanged && limitPerIndex === undefined && failed !== undefined) {
    errors.push(invalid(failedPath, failed, FAILED_INDEXES_WITHOUT_LIMIT));
  }
  if ((failedChanged || completedChanged) && completions !== undefined && failed !== undefined) {
    const common = commonIndex(completed, failed, completions);
    if (common !== undefined) {
      errors.push(invalid(failedPath, failed, `failedIndexes and completedIndexes overlap at index: ${common}`));
    }
  }
}

function validateCounts({ status }: Job, { status: old }: Job, errors: FieldError[]): void {
  const { terminating, ready, active = 0 } = status;
  const finished = isFinished(status);
  const finishedChanged = finished !== isFinished(old);
  if ((finishedChanged || terminating !== old.terminating) && finished && (terminating ?? 0) > 0) {
    errors.push(invalid(STATUS.child('terminating'), terminating, FINISHED_WITH_TERMINATING));
  }
  const changed = ready !== old.ready || active !== (old.active ?? 0);
  if (changed && ready !== undefined && ready > active) errors.push(invalid(STATUS.child('ready'), ready, MORE_READY));
}

function validateCriteria({ spec, status }: Job, errors: FieldError[]): void {
  const isMet = isConditionTrue(status, 'SuccessCriteriaMet');
  if (isMet && isConditionTrue(status, 'Failed')) errors.push(conditionError(CRITERIA_AND_FAILED));
  if (isMet && isConditionTrue(status, 'FailureTarget')) errors.push(conditionError(CRITERIA_AND_FAILURE_TARGET));
  if (spec.successPolicy && !isMet && isConditionTrue(status, 'Complete')) {
    errors.push(conditionError(POLICY_WITHOUT_CRITERIA));
  }
}

function validateTransitions({ spec, status }: Job, { status: old }: Job, errors: FieldError[]): void {
  for (const type of ['Failed', 'Complete', 'FailureTarget'] as const) {
    if (isConditionTrue(old, type) && !isConditionTrue(status, type)) {
      errors.push(conditionError(`cannot disable the terminal ${type}=True condition`));
    }
  }
  if (isLess(status, old, 'failed')) errors.push(invalid(STATUS.child('failed'), status.failed ?? 0, FAILED_DECREASED));
  const mayShrink = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (!mayShrink && isLess(status, old, 'succeeded')) {
    errors.push(invalid(STATUS.child('succeeded'), status.succeeded ?? 0, SUCCEEDED_DECREASED));
  }
  const { completionTime, startTime } = status;
  const hadTime = completionTime !== undefined && old.completionTime !== undefined;
  if (hadTime && completionTime !== old.completionTime) {
    errors.push(invalid(STATUS.child('completionTime'), timeValue(completionTime), FIELD_IMMUTABLE));
  }
  const isResuming = isConditionTrue(old, 'Suspended') && isConditionFalse(status, 'Suspended');
  const startChanged = old.startTime !== undefined && old.startTime !== startTime;
  if (startChanged && !isResuming && !spec.suspend) {
    errors.push(invalid(STATUS.child('startTime'), timeValue(startTime), START_TIME_IMMUTABLE));
  }
  const wasMet = isConditionTrue(old, 'SuccessCriteriaMet');
  const isMet = isConditionTrue(status, 'SuccessCriteriaMet');
  if (wasMet && !isMet) errors.push(conditionError(CRITERIA_DISABLED));
  if (isConditionTrue(old, 'Complete') && !wasMet && isMet) errors.push(conditionError(CRITERIA_TOO_LATE));
}

function isLess(status: JobStatus, old: JobStatus, field: 'failed' | 'succeeded'): boolean {
  return (status[field] ?? 0) < (old[field] ?? 0);
}
