// The sums of a plan.
import type { Action, PlanChange, PlanSummary } from './plan.ts';

export function summarize(changes: readonly PlanChange[], pending: number, refused: number): PlanSummary {
  const submitted = (action: Action): number =>
    changes.filter((change) => change.origin === 'submitted' && change.action === action).length;
  return {
    create: submitted('create'),
    update: submitted('update'),
    replace: submitted('replace'),
    delete: submitted('delete'),
    derived: changes.filter(({ origin, action }) => origin === 'derived' && action !== 'no-op').length,
    pending,
    refused,
  };
}
