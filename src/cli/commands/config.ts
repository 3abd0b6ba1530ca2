// kubeplan config: every setting of a command with its value and origin.
import { type Command, optionName, textOption } from '../command.ts';
import { COMMANDS } from '../commands.ts';
import { resolveSettings } from '../config/apply-settings.ts';
import { variableOf } from '../config/settings.ts';
import { UsageError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

export const run: Command['run'] = async (given, io) => {
  const [name = 'plan'] = given.arguments;
  const entry = COMMANDS.find(({ command }) => command.name === name);
  if (!entry) throw new UsageError(`there is no command ${name}`, 'See kubeplan --help.');
  const defaults = Object.fromEntries(entry.command.options.map((option) => [optionName(option), option.default]));
  const parsed = { values: defaults, isGiven: () => false };
  const resolved = resolveSettings(name, (option) => Object.hasOwn(defaults, option), parsed, given.config, io);
  const rows = resolved.map(({ setting, value, from }) => [setting.name, shown(value), from, variableOf(setting)]);
  const header = ['SETTING', 'VALUE', 'FROM', 'VARIABLE'];
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('   ')
      .trimEnd();
  io.stdout.write(`${[header, ...rows].map(line).join('\n')}\n`);
  const file = given.config?.file ?? textOption(given, 'config');
  io.stdout.write(file ? `\nConfiguration file: ${file}\n` : '\nNo configuration file.\n');
  return ExitCode.ok;
};

function shown(value: unknown): string {
  if (value === undefined || value === '') return '-';
  return Array.isArray(value) ? value.join(',') : String(value);
}
