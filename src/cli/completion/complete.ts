// What may stand where the cursor is, from the command table: commands, flags, values, documents; else files.
// Contract: one candidate a line with its help after a tab, then `:N` as cobra's completion (4: no files), which kubectl reads of plugins.
import type { CommandSpec, OptionSpec } from '../command.ts';
import { COMMANDS } from '../commands.ts';
import { CONFIG_OPTIONS } from '../options.ts';

interface Candidate {
  readonly text: string;
  readonly help?: string;
}

interface Completion {
  readonly candidates: readonly Candidate[];
  /** Whether files may stand there too. */
  readonly takesFiles: boolean;
}

const HELP: OptionSpec = { flags: '-h, --help', help: 'show examples and options' };
const NONE: Completion = { candidates: [], takesFiles: false };

/** `words` are those after the program's name; the last is the one at the cursor, perhaps empty. */
export async function complete(words: readonly string[]): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = commandOf(before);
  if (!command) return starting(nextWords(before), current);
  const options = [...command.options, ...CONFIG_OPTIONS, HELP];
  const equals = current.startsWith('--') ? current.indexOf('=') : -1;
  if (equals > 0) {
    const flag = current.slice(0, equals);
    const values = valuesOf(options.find((option) => flagsOf(option).includes(flag)));
    const candidates = values.candidates.map((one) => ({ ...one, text: `${flag}=${one.text}` }));
    return starting({ ...values, candidates }, current);
  }
  const previous = options.find((option) => flagsOf(option).includes(before.at(-1) ?? ''));
  if (previous && takesValue(previous)) return starting(valuesOf(previous), current);
  if (current.startsWith('-')) {
    const flags = options.flatMap((option) => flagsOf(option).map((text) => ({ text, help: option.help })));
    return starting({ candidates: flags, takesFiles: false }, current);
  }
  return starting(await argumentsOf(command), current);
}

export function completionText({ candidates, takesFiles }: Completion): string {
  const lines = candidates.map(({ text, help }) => (help ? `${text}\t${help}` : text));
  return `${[...lines, takesFiles ? ':0' : ':4'].join('\n')}\n`;
}

function starting({ candidates, takesFiles }: Completion, prefix: string): Completion {
  const seen = new Set<string>();
  const matching = candidates.filter(({ text }) => text.startsWith(prefix) && !seen.has(text) && seen.add(text));
  return { candidates: matching, takesFiles };
}

/** The command that the words before the cursor name: the longest, as `rollout status`. */
function commandOf(before: readonly string[]): CommandSpec | undefined {
  return COMMANDS.map(({ command }) => command)
    .filter(({ name }) => name.split(' ').every((word, i) => before[i] === word))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

function nextWords(before: readonly string[]): Completion {
  const candidates = COMMANDS.flatMap(({ command: { name, summary } }): Candidate[] => {
    const parts = name.split(' ');
    if (!before.every((word, i) => parts[i] === word)) return [];
    const text = parts[before.length];
    if (text === undefined) return [];
    return [parts.length === before.length + 1 ? { text, help: summary } : { text }];
  });
  const own = before.length === 0 ? [{ text: '--help' }, { text: '--version' }] : [];
  return { candidates: [...candidates, ...own], takesFiles: false };
}

function flagsOf({ flags }: OptionSpec): string[] {
  return flags.match(/(?<![\w-])--?[a-zA-Z][\w-]*/g) ?? [];
}

function takesValue({ flags }: OptionSpec): boolean {
  return /[<[]/.test(flags);
}

function valuesOf(option: OptionSpec | undefined): Completion {
  if (!option) return NONE;
  const values = option.choices ?? option.values ?? [];
  const takesFiles = values.length === 0 && /<(path|file)/.test(option.flags);
  return { candidates: values.map((text) => ({ text })), takesFiles };
}

/** What a command's arguments may be: a fixed set, kinds, or files. */
async function argumentsOf({ arguments: specs = [] }: CommandSpec): Promise<Completion> {
  const [first] = specs;
  if (!first) return NONE;
  switch (first.completes) {
    case 'files':
      return { candidates: [], takesFiles: true };
    case 'kinds': {
      const { loadResources } = await import('../../apiserver/groups.ts');
      const stable = (await loadResources()).filter(({ version }) => !version.includes('alpha'));
      const names = stable.map(({ plural, group }) => ({ text: plural, help: group || 'core' }));
      return { candidates: names.sort((a, b) => (a.text < b.text ? -1 : 1)), takesFiles: false };
    }
    case 'commands':
      return { candidates: COMMANDS.map(({ command: { name } }) => ({ text: name })), takesFiles: false };
    default:
      return { candidates: (first.completes ?? []).map((text) => ({ text })), takesFiles: false };
  }
}
