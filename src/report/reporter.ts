// The shape of every output: the plan document in, text out. A reporter renders; it decides and computes nothing.
import type { Plan } from '../planner/changes/plan.ts';

export interface ReportOptions {
  /** Characters in a line; lines are cut, never wrapped. */
  readonly width: number;
  readonly color: boolean;
  /** Show every object and every field. */
  readonly full: boolean;
  /** Unchanged lines around a change; undefined leaves it to the output. */
  readonly context?: number;
}

export type Reporter = (plan: Plan, options: ReportOptions) => string;
