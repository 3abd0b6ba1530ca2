// Suppression, baseline and gates of one run, for a plan and for a validation alike.
import type { Plan } from '../../planner/changes/plan.ts';
import type { ValidationReport } from '../../planner/validation/validation-report.ts';
import { type Finding, findingsOfPlan, findingsOfValidation } from '../../report/findings/findings.ts';
import { type CommandInput, flagOption, listOption, textOption } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { LoadedInput } from '../load-input.ts';
import { readBaseline, writeBaseline } from './baseline.ts';
import { gatesOf, judge } from './gates.ts';
import { type Suppressed, type Suppressing, suppress } from './suppressions.ts';

/** The plan with what the input, the configuration and the baseline declare known. */
export function withSuppressed(plan: Plan, input: LoadedInput['input'], given: CommandInput, io: Io): Plan {
  const { suppressed, diagnostics } = declared(findingsOfPlan(plan).all, input, given, io);
  if (suppressed.length === 0 && diagnostics.length === 0) return plan;
  return {
    ...plan,
    diagnostics: [...plan.diagnostics, ...diagnostics],
    ...(suppressed.length > 0 ? { suppressed } : {}),
  };
}

export function withSuppressedResults(
  report: ValidationReport,
  input: Suppressing,
  given: CommandInput,
  io: Io,
): ValidationReport {
  const { suppressed, diagnostics } = declared(findingsOfValidation(report).all, input, given, io);
  for (const { severity, message } of diagnostics) io.stderr.write(`${severity}: ${message}\n`);
  return suppressed.length === 0 ? report : { ...report, suppressed };
}

/** Also writes the baseline that the run asks for, and refuses gates that do not exist before anything is shown. */
function declared(found: readonly Finding[], input: Suppressing, given: CommandInput, io: Io): Suppressed {
  gatesOf(listOption(given, 'failOn'));
  const path = textOption(given, 'baseline');
  const problems = found.filter(({ severity }) => severity !== 'info');
  const written = textOption(given, 'writeBaseline');
  if (written !== undefined) writeBaseline(written, problems, io);
  const { manifests, defaultNamespace } = input;
  return suppress(problems, {
    manifests,
    defaultNamespace,
    rules: given.config?.suppressions ?? [],
    ...(path === undefined ? {} : { baseline: readBaseline(path, io) }),
  });
}

export function planExitCode(plan: Plan, given: CommandInput, io: Io): ExitCode {
  const code = gateCode(findingsOfPlan(plan).all, given, io, plan);
  if (code !== ExitCode.ok) return code;
  return flagOption(given, 'detailedExitcode') && plan.hasChanges ? ExitCode.changes : ExitCode.ok;
}

export function validationExitCode(report: ValidationReport, given: CommandInput, io: Io): ExitCode {
  const code = gateCode(findingsOfValidation(report).all, given, io);
  return code !== ExitCode.invalid && report.summary.errors > 0 ? ExitCode.invalid : code;
}

function gateCode(found: readonly Finding[], given: CommandInput, io: Io, plan?: Plan): ExitCode {
  const { code, reasons } = judge(found, gatesOf(listOption(given, 'failOn')), plan);
  for (const reason of reasons) io.stderr.write(`${reason}\n`);
  return code;
}
