// kubeplan validate: reads the input, asks the API server, shows its answers.

import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { describedWorld } from '../../planner/make-plan.ts';
import { loadValidationParts } from '../../planner/parts.ts';
import { validateManifests } from '../../planner/validation/validate-manifests.ts';
import { type Command, flagOption, textOption } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { loadInput } from '../load-input.ts';
import { inputExitCode, writeDiagnostics } from './plan.ts';

const MODES = { strict: 'Strict', warn: 'Warn', ignore: 'Ignore' } as const;

export const run: Command['run'] = async (given, io) => {
  const { input, diagnostics } = await loadInput(given, io);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  writeDiagnostics(diagnostics, given, io);
  if (errors.length > 0 && inputExitCode(diagnostics) === ExitCode.failed) return ExitCode.failed;

  const groups = input.manifests.map(({ apiVersion }) =>
    apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
  );
  const parts = await loadValidationParts(input.cluster ? undefined : groups);
  const found: Diagnostic[] = [];
  const world = describedWorld({ ...input, cluster: input.cluster ?? { objects: [] }, parts }, found);
  const mode = textOption(given, 'validate') ?? 'strict';
  const report = validateManifests(world, input.manifests, {
    kubernetesVersion: input.kubernetes.version,
    defaultNamespace: input.defaultNamespace,
    fieldValidation: MODES[mode as keyof typeof MODES],
    ignoreMissingSchemas: flagOption(given, 'ignoreMissingSchemas'),
    errors: errors.length,
  });
  if (textOption(given, 'output') === 'json') io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else io.stdout.write((await import('../../report/validation/text.ts')).validationText(report));
  return report.summary.invalid + report.summary.errors > 0 ? ExitCode.invalid : ExitCode.ok;
};
