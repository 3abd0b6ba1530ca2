// What the API server warns about in a valid Job.
// Behaviour: pkg/api/job/warnings.go, Kubernetes v1.36.3.
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import type { JobSpec } from '../../../schema/generated/types/batch-v1.ts';
import { podTemplateWarnings } from '../../core/pod-spec/warnings.ts';

const TOO_LARGE =
  'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';

const MAX_COMPLETIONS = 100_000;
const MAX_PARALLELISM = 10_000;

export function jobSpecWarnings(spec: JobSpec, path: FieldPath): readonly string[] {
  const { completionMode, completions = 0, parallelism = 0, template } = spec;
  const isTooLarge = completionMode === 'Indexed' && completions > MAX_COMPLETIONS && parallelism > MAX_PARALLELISM;
  return [...(isTooLarge ? [`${path}: ${TOO_LARGE}`] : []), ...podTemplateWarnings(template, path.child('template'))];
}
