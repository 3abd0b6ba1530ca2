// The terminal UI around a plan, loaded only when a person sits at the terminal.
import type { Plan } from '../planner/changes/plan.ts';

/** Opens the UI and comes back when the reader leaves it; true when with Ctrl-C. */
export async function openPlan(plan: Plan): Promise<boolean> {
  const { openApp } = await import('../report/ink/open-app.tsx');
  return openApp(plan);
}
