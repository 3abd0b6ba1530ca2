// Whether the indexes that succeeded are enough for an Indexed Job.
// Behaviour: pkg/controller/job/success_policy.go, Kubernetes v1.36.3.
import type { SuccessPolicy } from '../../../schema/generated/types/batch-v1.ts';
import { countIndexes, type Indexes, overlap, parseIndexes } from './indexes.ts';

/** Which rule is met, in the words of the condition; undefined when none is. */
export function matchSuccessPolicy(
  policy: SuccessPolicy | undefined,
  completions: number,
  succeeded: Indexes,
): string | undefined {
  if (succeeded.length === 0) return undefined;
  const index = (policy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined)
      return succeededCount !== undefined && countIndexes(succeeded) >= succeededCount;
    const required = parseIndexes(succeededIndexes, completions);
    if (required.length === 0) return false;
    const found = overlap(required, succeeded);
    return found === countIndexes(required) || (succeededCount !== undefined && found >= succeededCount);
  });
  return index < 0 ? undefined : `Matched rules at index ${index}`;
}
