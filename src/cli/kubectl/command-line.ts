// A command line as pflag reads it, told to a parser that reads it otherwise: `--flag=true` and `--dry-run` without a value.
// Behaviour: github.com/spf13/pflag (NoOptDefVal).

/** Flags whose value stands behind `=` or is not there. */
const BARE: Readonly<Record<string, string>> = {
  '--dry-run': 'unchanged',
  '--validate': 'strict',
  '--cascade': 'background',
};

/** `verbs`: the commands whose flags are kubectl's. */
export function normalizedLine(
  argv: readonly string[],
  booleans: ReadonlySet<string>,
  verbs: ReadonlySet<string>,
): readonly string[] {
  const isVerb = verbs.has(argv[0] ?? '');
  const end = argv.indexOf('--');
  const head = end < 0 ? argv : argv.slice(0, end);
  const words = head.flatMap((word) => {
    const bare = isVerb ? BARE[word] : undefined;
    if (bare !== undefined) return [`${word}=${bare}`];
    const [, name, value] = /^--([a-z-]+)=(true|false)$/.exec(word) ?? [];
    if (name === undefined || !booleans.has(name)) return [word];
    return value === 'true' ? [`--${name}`] : [];
  });
  return end < 0 ? words : [...words, ...argv.slice(end)];
}

/** Number of words behind `--`. */
export function behindDash(argv: readonly string[]): number {
  const end = argv.indexOf('--');
  return end < 0 ? 0 : argv.length - end - 1;
}
