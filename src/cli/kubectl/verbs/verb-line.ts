// The command line that kubectl would get: the verb's own flags out of all that were given.
import { type CommandInput, optionKey } from '../../command.ts';
import type { VerbSpec } from '../../commands/verbs.spec.ts';

interface LineOptions {
  /** Whether -o is kubectl's, not the plan's. */
  readonly withOutput: boolean;
}

export function commandLine(
  { name, verbFlags }: Pick<VerbSpec, 'name' | 'verbFlags'>,
  given: CommandInput,
  { withOutput }: LineOptions,
): readonly string[] {
  const names = new Set([...Object.keys(verbFlags), 'namespace', ...(withOutput ? ['output'] : [])]);
  if (!withOutput) names.delete('output');
  const flags = [...names].flatMap((flag) => flagWords(flag, given.options[optionKey(flag)]));
  const args = given.arguments;
  const behind = given.behindDash ?? 0;
  const words = args.slice(0, args.length - behind);
  const rest = behind > 0 ? ['--', ...args.slice(args.length - behind)] : [];
  return [...name.split(' '), ...words, ...flags, ...rest];
}

function flagWords(flag: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (value === true) return [`--${flag}`];
  if (flag === 'filename') return listOf(value).flatMap((path) => ['-f', path]);
  if (Array.isArray(value)) return value.map((each) => `--${flag}=${each}`);
  return [`--${flag}=${value}`];
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
