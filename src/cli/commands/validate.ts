// kubeplan validate: reads the input, asks the API server (of one version or several), shows its answers.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { listFiles, nothingIn, readListed } from '../../manifests/read.ts';
import { describedWorld } from '../../planner/described-world.ts';
import { groupsOf, loadValidationParts } from '../../planner/parts.ts';
import { mergeReports, validateManifests } from '../../planner/validation/validate-manifests.ts';
import type { ValidationReport } from '../../planner/validation/validation-report.ts';
import { validationReporters } from '../../report/validation/reporters.ts';
import { type Command, type CommandInput, flagOption, listOption, textOption } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { validationExitCode, withSuppressedResults } from '../gate/judge-run.ts';
import type { Suppressing } from '../gate/suppressions.ts';
import type { Io } from '../io.ts';
import { type LoadedInput, loadInput, pathsOf, readOnce, withSurroundings } from '../load-input.ts';
import { targetsOf, writeOutputs } from '../outputs.ts';
import type { JudgeOptions } from '../threads/share.ts';
import { threadsFor } from '../threads/threads-for.ts';
import { inputExitCode, writeDiagnostics } from './plan.ts';

const MODES = { strict: 'Strict', warn: 'Warn', ignore: 'Ignore' } as const;

export const run: Command['run'] = async (given, io) => {
  const targets = targetsOf(given, validationReporters) ?? [{ format: 'text' }];
  const loaded = await read(given, io);
  const { diagnostics } = loaded;
  writeDiagnostics(diagnostics, given, io);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0 && inputExitCode(diagnostics) === ExitCode.failed) {
    await loaded.end();
    return ExitCode.failed;
  }

  const mode = textOption(given, 'validate') ?? 'strict';
  const options: JudgeOptions = {
    fieldValidation: MODES[mode as keyof typeof MODES],
    ignoreMissingSchemas: flagOption(given, 'ignoreMissingSchemas'),
    ignoreMissingReferences: flagOption(given, 'ignoreMissingReferences'),
    errors,
  };
  const versions = listOption(given, 'kubernetesVersion');
  const reports: ValidationReport[] = [];
  for (const version of versions.length > 0 ? versions : [undefined])
    reports.push(await loaded.judge(options, version));
  await loaded.end();
  const report = withSuppressedResults(mergeReports(reports), loaded.suppressing, given, io);
  await writeOutputs(targets, async (format) => (await validationReporters[format]!())(report), io);
  return validationExitCode(report, given, io);
};

interface Readout {
  readonly diagnostics: readonly Diagnostic[];
  /** What may say that findings are known. */
  readonly suppressing: Suppressing;
  judge(options: JudgeOptions, version: string | undefined): Promise<ValidationReport>;
  end(): Promise<void>;
}

/** Reads the input, with several threads where there is much of it. */
async function read(given: CommandInput, io: Io): Promise<Readout> {
  const paths = pathsOf(given);
  if (
    io.threads === undefined ||
    paths.length === 0 ||
    paths.includes('-') ||
    textOption(given, 'kustomize') !== undefined
  )
    return readHere(await loadInput(given, io), given, io);
  const listed = listFiles(paths, flagOption(given, 'recursive'), io.files);
  const { files, diagnostics } = listed;
  const threads = threadsFor(files.length, io.threads);
  if (threads <= 1) return readHere(await withSurroundings(readListed(paths, listed, io.files), given, io), given, io);
  const { readInThreads } = await import('../threads/judge-in-threads.ts');
  const { common, manifests, ...shared } = await readInThreads(files, threads, given, io);
  const found = [...diagnostics, ...shared.diagnostics];
  return {
    ...shared,
    diagnostics: manifests === 0 && found.length === 0 ? [nothingIn(paths, files)] : found,
    suppressing: { manifests: common, defaultNamespace: textOption(given, 'namespace') ?? 'default' },
  };
}

function readHere(loaded: LoadedInput, given: CommandInput, io: Io): Readout {
  const { manifests } = loaded.input;
  return {
    diagnostics: loaded.diagnostics,
    suppressing: loaded.input,
    async judge(options, kubernetesVersion) {
      if (kubernetesVersion === undefined) return judge(loaded, options);
      const chosen = { ...given, options: { ...given.options, kubernetesVersion } };
      return judge(await withSurroundings({ manifests, diagnostics: [] }, chosen, io), options);
    },
    end: async () => {},
  };
}

async function judge({ input }: LoadedInput, options: JudgeOptions): Promise<ValidationReport> {
  const parts = await loadValidationParts(groupsOf(input), input.cluster !== undefined);
  const found: Diagnostic[] = [];
  const world = describedWorld({ ...input, cluster: readOnce(input).cluster ?? { objects: [] }, parts }, found);
  return validateManifests(world, input.manifests, {
    ...options,
    kubernetesVersion: input.kubernetes.version,
    defaultNamespace: input.defaultNamespace,
    isClusterDescribed: input.cluster !== undefined,
  });
}
