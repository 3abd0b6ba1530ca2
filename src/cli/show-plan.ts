// How a plan is shown: in the outputs asked for, else in the terminal view where a person sits, else as text.
import type { Plan } from '../planner/changes/plan.ts';
import type { CommandInput } from './command.ts';
import type { Io } from './io.ts';
import { type targetsOf, writePlan } from './outputs.ts';

/** False when the reader broke off. */
export async function showPlan(
  plan: Plan,
  targets: ReturnType<typeof targetsOf>,
  given: CommandInput,
  io: Io,
): Promise<boolean> {
  if (targets === undefined && io.isInteractive && given.options['interactive'] !== false) {
    const { openPlan } = await import('./open-plan.ts');
    if (await openPlan(plan)) return false;
  }
  await writePlan(plan, targets ?? [{ format: 'text' }], given, io);
  return true;
}
