// What the conditions of a Job say about how far it is.
// Behaviour: pkg/apis/batch/validation/validation.go (IsJobFinished and its like), Kubernetes v1.36.3.
import type { JobStatus } from '../../../schema/generated/types/batch-v1.ts';

export type JobConditionType = 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet' | 'Suspended';

export function isConditionTrue({ conditions }: JobStatus, type: JobConditionType): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

export function isConditionFalse({ conditions }: JobStatus, type: JobConditionType): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'False') ?? false;
}

export function isFinished(status: JobStatus): boolean {
  return isConditionTrue(status, 'Complete') || isConditionTrue(status, 'Failed');
}
