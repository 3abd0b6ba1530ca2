// The shape of a command: data for help and completion, and a handler. commands.ts is the table of all.
import type { Config } from './config/find-config.ts';
import type { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

export interface OptionSpec {
  /** As commander reads it: `-f, --filename <path...>`. */
  readonly flags: string;
  readonly help: string;
  readonly default?: string | boolean | readonly string[];
  readonly choices?: readonly string[];
  /** What completion offers where more than these may stand. */
  readonly values?: readonly string[];
  /** May stand several times, one value each: unlike `<path...>` it leaves what follows to the arguments. */
  readonly repeats?: boolean;
}

interface ArgumentSpec {
  /** `<plan>`, `[name...]` */
  readonly name: string;
  readonly help: string;
  /** What completion offers for it. */
  readonly completes?: 'files' | 'kinds' | 'commands' | readonly string[];
}

export interface Command {
  /** `plan`, or `set image` for a command below a command. */
  readonly name: string;
  readonly summary: string;
  /** Command lines without the program's name; they open the help. */
  readonly examples: readonly string[];
  readonly arguments?: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  run(input: CommandInput, io: Io): Promise<ExitCode>;
}

/** A command without its handler: what help and completion need. */
export type CommandSpec = Omit<Command, 'run'>;

export interface CommandInput {
  readonly arguments: readonly string[];
  /** Options by commander's camelCase name. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How many of the arguments stand behind `--`. */
  readonly behindDash?: number;
  /** The configuration file of the run; its settings are among the options already. */
  readonly config?: Config;
}

/** The camelCase name under which an option is read: `--fail-on` is `failOn`, `--no-headers` is `headers`. */
export function optionName({ flags }: OptionSpec): string {
  const long = /--(?:no-)?([a-z-]+)/.exec(flags)?.[1] ?? '';
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function textOption({ options }: CommandInput, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function listOption({ options }: CommandInput, name: string): readonly string[] {
  const value = options[name];
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? [value] : [];
}

export function flagOption({ options }: CommandInput, name: string): boolean {
  return options[name] === true;
}

/** The key under which commander keeps a flag's value. */
export function optionKey(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
