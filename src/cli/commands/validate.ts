// kubeplan validate: reads the input, asks the API server (of one version or several), shows its answers.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { describedWorld } from '../../planner/make-plan.ts';
import { groupsOf, loadValidationParts } from '../../planner/parts.ts';
import { mergeReports, validateManifests } from '../../planner/validation/validate-manifests.ts';
import type { ValidationReport } from '../../planner/validation/validation-report.ts';
import { validationReporters } from '../../report/validation/reporters.ts';
import { type Command, type CommandInput, flagOption, listOption, textOption } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { validationExitCode, withSuppressedResults } from '../gate/judge-run.ts';
import type { Io } from '../io.ts';
import { type LoadedInput, loadInput } from '../load-input.ts';
import { targetsOf, writeOutputs } from '../outputs.ts';
import { inputExitCode, writeDiagnostics } from './plan.ts';

const MODES = { strict: 'Strict', warn: 'Warn', ignore: 'Ignore' } as const;

export const run: Command['run'] = async (given, io) => {
  const targets = targetsOf(given, validationReporters) ?? [{ format: 'text' }];
  const loaded = await loadInput(given, io);
  const { diagnostics } = loaded;
  writeDiagnostics(diagnostics, given, io);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0 && inputExitCode(diagnostics) === ExitCode.failed) return ExitCode.failed;

  const versions = listOption(given, 'kubernetesVersion');
  const reports: ValidationReport[] = [];
  for (const version of versions.length > 0 ? versions : [undefined])
    reports.push(await judge(version === undefined ? loaded : await versionOf(given, version, io), given, errors));
  const report = withSuppressedResults(mergeReports(reports), loaded.input, given, io);
  await writeOutputs(targets, async (format) => (await validationReporters[format]!())(report), io);
  return validationExitCode(report, given, io);
};

function versionOf(given: CommandInput, kubernetesVersion: string, io: Io): Promise<LoadedInput> {
  return loadInput({ ...given, options: { ...given.options, kubernetesVersion } }, io);
}

async function judge({ input }: LoadedInput, given: CommandInput, errors: number): Promise<ValidationReport> {
  const parts = await loadValidationParts(groupsOf(input), input.cluster !== undefined);
  const found: Diagnostic[] = [];
  const world = describedWorld({ ...input, cluster: input.cluster ?? { objects: [] }, parts }, found);
  const mode = textOption(given, 'validate') ?? 'strict';
  return validateManifests(world, input.manifests, {
    kubernetesVersion: input.kubernetes.version,
    defaultNamespace: input.defaultNamespace,
    fieldValidation: MODES[mode as keyof typeof MODES],
    ignoreMissingSchemas: flagOption(given, 'ignoreMissingSchemas'),
    errors,
  });
}
