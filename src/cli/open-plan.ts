// The terminal UI around a plan, loaded only when a person sits at the terminal.
import type { Plan } from '../planner/changes/plan.ts';

/** Opens the UI and comes back when the reader leaves it. */
export async function openPlan(plan: Plan): Promise<void> {
  const { openApp } = await import('../report/ink/open-app.tsx');
  await openApp(plan);
}
