// Brings counts into 0..100 by the greatest of them.
// Behaviour: pkg/scheduler/framework/plugins/helper/normalize_score.go, Kubernetes v1.36.3.
import { multiplyDivide } from './int64.ts';
import type { NodeScore } from './plugin.ts';

/** `reverse`: the lower the count the better. */
export function defaultNormalizeScore(maxPriority: number, reverse: boolean, scores: NodeScore[]): void {
  let max = 0;
  for (const { score } of scores) if (score > max) max = score;
  if (max === 0) {
    if (reverse) for (const entry of scores) entry.score = maxPriority;
    return;
  }
  for (const entry of scores) {
    const score = multiplyDivide(entry.score, maxPriority, max);
    entry.score = reverse ? maxPriority - score : score;
  }
}
