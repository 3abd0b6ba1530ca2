// Where the outputs of a command go: the first without a file to standard output, the others into their files.
import type { Manifest } from '../manifests/manifest.ts';
import type { Plan } from '../planner/changes/plan.ts';
import type { PlanInput } from '../planner/plan-input.ts';
import type { World } from '../planner/world.ts';
import type { ReportOptions } from '../report/reporter.ts';
import { reporters } from '../report/reporters.ts';
import { type CommandInput, flagOption, listOption, textOption } from './command.ts';
import { ExternalError, systemReason, UsageError } from './errors.ts';
import type { Io, Output } from './io.ts';

interface Target {
  readonly format: string;
  readonly file?: string;
}

/** The outputs asked for; undefined when none is, so that the terminal decides. */
export function targetsOf(
  given: CommandInput,
  known: Readonly<Record<string, unknown>>,
): readonly Target[] | undefined {
  const asked = listOption(given, 'output');
  if (asked.length === 0) return undefined;
  return asked.map((text) => {
    const [format = '', ...file] = text.split('=');
    if (!Object.hasOwn(known, format))
      throw new UsageError(`unknown output ${format}`, `Known are ${Object.keys(known).join(', ')}.`);
    return { format, ...(file.length > 0 ? { file: file.join('=') } : {}) };
  });
}

export async function writePlan(plan: Plan, targets: readonly Target[], given: CommandInput, io: Io): Promise<void> {
  const render = async (format: string, file: string | undefined): Promise<string> => {
    const reporter = await reporters[format]!();
    return reporter(plan, reportOptions(given, file === undefined ? io.stdout : undefined, io));
  };
  await writeOutputs(targets, render, io);
}

/** What has no file goes to standard output. */
export async function writeOutputs(
  targets: readonly Target[],
  render: (format: string, file: string | undefined) => Promise<string>,
  io: Io,
): Promise<void> {
  for (const { format, file } of targets) {
    const rendered = await render(format, file);
    if (file === undefined) io.stdout.write(rendered);
    else writeFile(file, rendered, io);
  }
}

export function writeFile(file: string, content: string | Iterable<string>, io: Io): void {
  try {
    io.writeFile(file, content);
  } catch (error) {
    throw new ExternalError(`cannot write ${file}: ${systemReason(error)}`);
  }
}

/** What --save-cluster asks for. */
export async function saveClusterIfAsked(
  given: CommandInput,
  world: World,
  input: Pick<PlanInput, 'cluster' | 'kubernetes'>,
  scheduler: Manifest | undefined,
  io: Io,
): Promise<void> {
  const path = textOption(given, 'saveCluster');
  if (path === undefined) return;
  const { clusterPieces } = await import('./save-cluster.ts');
  writeFile(path, clusterPieces(path, world, input, scheduler), io);
}

/** Saves the plan for `kubeplan show`, where that is asked for. */
export async function savePlan(plan: Plan, file: string | undefined, io: Io): Promise<void> {
  if (file === undefined) return;
  const { sealedPlan } = await import('./saved-plan/layout.ts');
  writeFile(file, sealedPlan(plan), io);
}

function reportOptions(given: CommandInput, output: Output | undefined, io: Io): ReportOptions {
  const context = textOption(given, 'context');
  if (context !== undefined && !/^\d{1,6}$/.test(context)) throw new UsageError(`--context ${context} is not a number`);
  return {
    width: output?.columns ?? 80,
    color: output !== undefined && isColored(textOption(given, 'color'), output, io),
    full: flagOption(given, 'full'),
    ...(context === undefined ? {} : { context: Number(context) }),
  };
}

/** --color, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, then whether a person looks at it. */
export function isColored(when: string | undefined, output: Output, { env }: Io): boolean {
  if (when === 'always') return true;
  if (when === 'never') return false;
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0';
  if (env['CLICOLOR_FORCE'] && env['CLICOLOR_FORCE'] !== '0') return true;
  return output.isTerminal && env['TERM'] !== 'dumb';
}
