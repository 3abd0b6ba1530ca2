// kubeplan show: a saved plan in any output.

import type { Plan } from '../../planner/changes/plan.ts';
import { FORMAT_VERSION } from '../../planner/changes/plan.ts';
import { planSchema } from '../../report/json/plan-schema.ts';
import { reporters } from '../../report/reporters.ts';
import { compileSchema } from '../../schema/ajv.ts';
import type { Command } from '../command.ts';
import { ExternalError, UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { targetsOf } from '../outputs.ts';
import { showPlan } from './plan.ts';

export const run: Command['run'] = async (given, io) => {
  const [file = ''] = given.arguments;
  const plan = readPlan(file, io);
  return (await showPlan(plan, targetsOf(given, reporters), given, io)) ? ExitCode.ok : ExitCode.interrupted;
};

function readPlan(file: string, io: Io): Plan {
  if (file !== '-' && io.files.kind(file) === 'missing') throw new UsageError(`the path "${file}" does not exist`);
  let value: unknown;
  try {
    value = JSON.parse(file === '-' ? io.files.stdin() : io.files.read(file));
  } catch (error) {
    throw new ExternalError(`${file} is not a saved plan: ${error instanceof Error ? error.message : error}`);
  }
  const { kind, formatVersion } = (value ?? {}) as { readonly kind?: unknown; readonly formatVersion?: unknown };
  if (kind !== 'Plan') throw new ExternalError(`${file} is not a saved plan: its kind is not Plan`);
  const [major] = String(formatVersion).split('.');
  if (major !== FORMAT_VERSION.split('.')[0])
    throw new ExternalError(
      `${file} has plan format ${formatVersion}, and this kubeplan reads ${FORMAT_VERSION}: use the version that wrote it or a newer one`,
    );
  const [problem] = compileSchema(planSchema)(value);
  if (problem)
    throw new ExternalError(`${file} was changed or cut: ${problem.path ? `${problem.path}: ` : ''}${problem.message}`);
  return value as Plan;
}
