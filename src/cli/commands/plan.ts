// kubeplan plan: reads the input, makes the plan, shows it.
import { styleText } from 'node:util';
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { makePlan } from '../../planner/make-plan.ts';
import { groupsOf, loadParts } from '../../planner/parts.ts';
import { reporters } from '../../report/reporters.ts';
import { diagnosticLines } from '../../report/text/diagnostics.ts';
import { applyFlagsOf, tellingMisuse } from '../apply-flags.ts';
import { type Command, type CommandInput, flagOption, textOption } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { planExitCode, withSuppressed } from '../gate/judge-run.ts';
import { loadBootstrapPolicy, requestedIdentity } from '../identity.ts';
import type { Io } from '../io.ts';
import { loadInput, readOnce } from '../load-input.ts';
import { isColored, saveClusterIfAsked, savePlan, targetsOf } from '../outputs.ts';
import { progressOn } from '../progress.ts';
import { showPlan } from '../show-plan.ts';

export const run: Command['run'] = async (given, io) => {
  const targets = targetsOf(given, reporters);
  const { input, diagnostics, schedulerManifest } = await loadInput(given, io);
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    writeDiagnostics(diagnostics, given, io);
    return inputExitCode(diagnostics);
  }
  const user = requestedIdentity(given);
  const identity = user ? { user, policy: await loadBootstrapPolicy(input.kubernetes) } : {};
  const apply = applyFlagsOf(given);
  const parts = await loadParts(groupsOf(input));
  const progress = progressOn(io.stderr, io);
  const asked = { ...(apply ? { apply } : {}), replace: flagOption(given, 'replace'), onProgress: progress.say };
  const { plan: made, world } = tellingMisuse(() => makePlan({ ...readOnce(input), ...identity, ...asked, parts }));
  progress.clear();
  const plan = withSuppressed({ ...made, diagnostics: [...diagnostics, ...made.diagnostics] }, input, given, io);
  await savePlan(plan, textOption(given, 'out'), io);
  await saveClusterIfAsked(given, world, input, schedulerManifest, io);
  if (!(await showPlan(plan, targets, given, io))) return ExitCode.interrupted;
  return planExitCode(plan, given, io);
};

/** Files that are not there are misuse; files that say something wrong are invalid input. */
export function inputExitCode(diagnostics: readonly Diagnostic[]): ExitCode {
  const misuse = ['MissingFile', 'NoManifests', 'UnreadableFile', 'NoNetwork', 'EmptyInput'];
  return diagnostics.every(({ code, severity }) => severity !== 'error' || misuse.includes(code))
    ? ExitCode.failed
    : ExitCode.invalid;
}

export function writeDiagnostics(diagnostics: readonly Diagnostic[], given: CommandInput, io: Io): void {
  const color = isColored(textOption(given, 'color'), io.stderr, io);
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  for (const diagnostic of diagnostics) io.stderr.write(`${diagnosticLines(diagnostic, paint).join('\n')}\n`);
}
