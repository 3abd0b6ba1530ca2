// The conditions of a Job, their reasons and messages.
// Behaviour: pkg/controller/job/job_controller.go, [api]/batch/v1/types.go (JobReason…), Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { Job, JobCondition } from '../../../schema/generated/types/batch-v1.ts';

export const COMPLETE = 'Complete';
export const FAILED = 'Failed';
export const FAILURE_TARGET = 'FailureTarget';
export const SUCCESS_CRITERIA_MET = 'SuccessCriteriaMet';
export const SUSPENDED = 'Suspended';

type ConditionStatus = 'True' | 'False';

export function newCondition(
  type: string,
  status: ConditionStatus,
  reason: string,
  message: string,
  now: number,
): JobCondition {
  const time = formatTime(now);
  return { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message };
}

/** Failed jobs say first that they are going to fail: the pods are stopped in between. */
export function failureTarget(reason: string, message: string, now: number): JobCondition {
  return newCondition(FAILURE_TARGET, 'True', reason, message, now);
}

export function completionsReached(now: number): JobCondition {
  const message = 'Reached expected number of succeeded pods';
  return newCondition(SUCCESS_CRITERIA_MET, 'True', 'CompletionsReached', message, now);
}

/** The condition under another type, as of now. */
export function restated({ reason = '', message = '' }: JobCondition, type: string, now: number): JobCondition {
  return newCondition(type, 'True', reason, message, now);
}

export function trueCondition({ status }: Pick<Job, 'status'>, type: string): JobCondition | undefined {
  const condition = status.conditions?.find((candidate) => candidate.type === type);
  return condition?.status === 'True' ? condition : undefined;
}

/** The list with the condition as wanted; the very same list when it is so already or is false and absent. */
export function ensureCondition(list: readonly JobCondition[], wanted: JobCondition): readonly JobCondition[] {
  const at = list.findIndex(({ type }) => type === wanted.type);
  const current = list[at];
  if (current === undefined) return wanted.status === 'False' ? list : [...list, wanted];
  const isSame =
    current.status === wanted.status && current.reason === wanted.reason && current.message === wanted.message;
  return isSame ? list : list.with(at, wanted);
}
