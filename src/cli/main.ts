// From arguments to an exit code: finds the command, runs it, turns what went wrong into a message.
import { Command as Commander, CommanderError, Option } from 'commander';
import type { CommandInput, CommandSpec } from './command.ts';
import { VERB_SPECS } from './commands/verbs.spec.ts';
import { COMMAND_GROUPS, COMMANDS, type CommandEntry } from './commands.ts';
import { runWithSettings } from './config/run-with-settings.ts';
import { ExternalError, UsageError } from './errors.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { behindDash, normalizedLine } from './kubectl/command-line.ts';
import { CONFIG_OPTIONS } from './options.ts';
import { VERSION } from './version.ts';

const NAME = 'kubeplan';
const VERBS: ReadonlySet<string> = new Set(VERB_SPECS.map(({ name }) => name.split(' ')[0] ?? ''));
/** Flags that kubectl's users write as `--flag=true`. */
const BOOLEANS: ReadonlySet<string> = new Set(
  COMMANDS.flatMap(({ command }) => command.options.map(({ flags }) => /--([a-z-]+)$/.exec(flags)?.[1] ?? '')),
);

/** What a new user wants to see first. */
const START = [
  'plan -f deploy/ --cluster cluster.yaml',
  'validate -f deploy/',
  'get pods -o wide -f deploy/ --cluster cluster.yaml',
];

/** Runs one command line; never throws and never ends the process. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  if (argv[0] === '__complete') {
    const { complete, completionText } = await import('./completion/complete.ts');
    io.stdout.write(completionText(await complete(argv.slice(1))));
    return ExitCode.ok;
  }
  let exitCode: ExitCode = ExitCode.ok;
  const program = new Commander(NAME)
    .description('Shows what applying manifests would do to a cluster: terraform plan for Kubernetes, offline.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .helpCommand(false)
    .addHelpText('before', `Examples:\n${START.map((example) => `  ${NAME} ${example}`).join('\n')}\n`);
  for (const command of COMMANDS) {
    addCommand(program, command, argv, async (input, isGiven) => {
      exitCode = await runWithSettings(command, input, isGiven, io);
    });
  }
  try {
    await program.parseAsync(normalizedLine(argv, BOOLEANS, VERBS), { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, io);
  }
}

function addCommand(
  program: Commander,
  { command }: CommandEntry,
  argv: readonly string[],
  run: (input: CommandInput, isGiven: (name: string) => boolean) => Promise<void>,
): void {
  const words = command.name.split(' ');
  const parent = words
    .slice(0, -1)
    .reduce((above, word) => above.commands.find((c) => c.name() === word) ?? addGroup(above, word), program);
  const built = parent
    .command(words.at(-1)!)
    .summary(command.summary)
    .description(command.summary)
    .enablePositionalOptions();
  // Only the command that is meant needs its options.
  if (!argv.includes(words[0]!)) return;
  for (const { name, help } of command.arguments ?? []) built.argument(name, help);
  for (const { flags, help, default: fallback, choices, repeats } of command.options) {
    const option = new Option(flags, help);
    if (fallback !== undefined) option.default(fallback);
    if (choices) option.choices(choices);
    if (repeats) option.argParser((value: string, before?: readonly string[]) => [...(before ?? []), value]);
    built.addOption(option);
  }
  for (const { flags, help } of CONFIG_OPTIONS) built.addOption(new Option(flags, help));
  built.addHelpText('beforeAll', examplesOf(command));
  built.action(async (...given: unknown[]) => {
    const options = built.opts();
    const isGiven = (name: string): boolean => built.getOptionValueSource(name) === 'cli';
    const parameters = given
      .slice(0, -2)
      .flatMap((value) => (Array.isArray(value) ? value : value === undefined ? [] : [value]));
    await run({ arguments: parameters.map(String), options, behindDash: behindDash(argv) }, isGiven);
  });
}

function addGroup(above: Commander, word: string): Commander {
  const summary = COMMAND_GROUPS[word] ?? '';
  return above.command(word).summary(summary).description(summary);
}

function examplesOf({ examples }: CommandSpec): string {
  return examples.length === 0 ? '' : `Examples:\n${examples.map((example) => `  ${NAME} ${example}`).join('\n')}\n`;
}

function report(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.failed;
  if (error instanceof UsageError) {
    io.stderr.write(`error: ${error.message}\n${error.nextStep ? `${error.nextStep}\n` : ''}`);
    return ExitCode.failed;
  }
  if (error instanceof ExternalError) {
    io.stderr.write(`error: ${error.message}\n`);
    return ExitCode.failed;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(
    `error: this is a bug in ${NAME} ${VERSION}; please report it with the input that led here.\n${text}\n`,
  );
  return ExitCode.failed;
}
