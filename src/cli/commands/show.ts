// kubeplan show: a saved plan in any output.
import { reporters } from '../../report/reporters.ts';
import type { Command } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { targetsOf } from '../outputs.ts';
import { readPlan } from '../saved-plan/read-plan.ts';
import { showPlan } from '../show-plan.ts';

export const run: Command['run'] = async (given, io) => {
  const [file = ''] = given.arguments;
  const plan = await readPlan(file, io);
  return (await showPlan(plan, targetsOf(given, reporters), given, io)) ? ExitCode.ok : ExitCode.interrupted;
};
