// Runs a command with what the environment and the configuration file add to its options.
import { diagnosticLines } from '../../report/text/diagnostics.ts';
import { type CommandInput, type CommandSpec, optionName } from '../command.ts';
import type { CommandEntry } from '../commands.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type Resolved, resolveSettings } from './apply-settings.ts';
import { findConfig } from './find-config.ts';

/** `isGiven` says whether an option stood on the command line. */
export async function runWithSettings(
  { command, load }: CommandEntry,
  given: CommandInput,
  isGiven: (name: string) => boolean,
  io: Io,
): Promise<ExitCode> {
  const { options } = given;
  const found = options['config'] === false ? undefined : await findConfig(configFile(given, io), io);
  if (found && !found.ok) {
    const plain = (_: unknown, text: string): string => text;
    for (const diagnostic of found.diagnostics) io.stderr.write(`${diagnosticLines(diagnostic, plain).join('\n')}\n`);
    return ExitCode.failed;
  }
  const config = found?.config;
  const known = new Set(command.options.map(optionName));
  const resolved = resolveSettings(command.name, (name) => known.has(name), { values: options, isGiven }, config, io);
  checkChoices(command, resolved);
  const set = Object.fromEntries(resolved.map(({ setting, value }) => [setting.name, value]));
  return (await load()).run({ ...given, options: { ...options, ...set }, ...(config ? { config } : {}) }, io);
}

/** The parser has checked what stood on the command line. */
function checkChoices({ options }: CommandSpec, resolved: readonly Resolved[]): void {
  for (const { setting, value, from } of resolved) {
    const { choices } = options.find((option) => optionName(option) === setting.name) ?? {};
    if (from === 'flag' || !choices || typeof value !== 'string' || choices.includes(value)) continue;
    throw new UsageError(`${from}: ${setting.name} is ${value}`, `It may be ${choices.join(', ')}.`);
  }
}

function configFile({ options }: CommandInput, { env }: Io): string | undefined {
  const { config } = options;
  return typeof config === 'string' ? config : env['KUBEPLAN_CONFIG'] || undefined;
}
