// Command lines as kubectl reads them: long and short flags anywhere between the arguments.
// Behaviour: github.com/spf13/pflag, and staging/src/k8s.io/kubectl/pkg/cmd, Kubernetes v1.36.3.

/** `value` takes one, `list` may be given several times, `flag` is a boolean. */
type FlagKind = 'value' | 'list' | 'flag';

interface FlagSpec {
  readonly kind: FlagKind;
  readonly short?: string;
  /** What a bare `--flag` of a value flag means. */
  readonly bare?: string;
  /** For kubeplan's own help. */
  readonly help?: string;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

export class ParsedArguments {
  readonly arguments: readonly string[];
  readonly #flags: ReadonlyMap<string, readonly string[]>;
  /** Number of arguments before `--`; undefined without one. */
  readonly argumentsBeforeDash: number | undefined;

  constructor(args: readonly string[], flags: ReadonlyMap<string, readonly string[]>, beforeDash: number | undefined) {
    this.arguments = args;
    this.#flags = flags;
    this.argumentsBeforeDash = beforeDash;
  }

  value(name: string): string | undefined {
    return this.#flags.get(name)?.at(-1);
  }

  list(name: string): readonly string[] {
    return this.#flags.get(name) ?? [];
  }

  flag(name: string): boolean {
    return this.value(name) === 'true';
  }

  has(name: string): boolean {
    return this.#flags.has(name);
  }

  /** The flags that are there, in the order in which they came. */
  get names(): readonly string[] {
    return [...this.#flags.keys()];
  }

  /** The same command line without some of its flags. */
  without(names: readonly string[]): ParsedArguments {
    const left = [...this.#flags].filter(([name]) => !names.includes(name));
    return new ParsedArguments(this.arguments, new Map(left), this.argumentsBeforeDash);
  }
}

/** The namespace meant where none is named. */
export function namespaceOf(given: ParsedArguments): string {
  return given.value('namespace') ?? 'default';
}

/** The command line is not one that the command takes. */
export class FlagError extends Error {}

export const COMMON_FLAGS: FlagSpecs = {
  namespace: { kind: 'value', short: 'n' },
};

/** Throws FlagError. */
export function parseArguments(argv: readonly string[], specs: FlagSpecs): ParsedArguments {
  const flags = new Map<string, string[]>();
  const rest: string[] = [];
  let beforeDash: number | undefined;
  const add = (name: string, value: string): void => {
    flags.set(name, [...(flags.get(name) ?? []), value]);
  };
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === '--') {
      beforeDash = rest.length;
      rest.push(...argv.slice(i + 1));
      break;
    }
    if (argument.startsWith('--')) {
      const equals = argument.indexOf('=');
      const name = equals < 0 ? argument.slice(2) : argument.slice(2, equals);
      const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
      if (!spec) throw new FlagError(`unknown flag: --${name}`);
      if (equals >= 0) add(name, argument.slice(equals + 1));
      else if (spec.kind === 'flag') add(name, 'true');
      else if (spec.bare !== undefined) add(name, spec.bare);
      else {
        i++;
        if (i >= argv.length) throw new FlagError(`flag needs an argument: --${name}`);
        add(name, argv[i]!);
      }
    } else if (argument.startsWith('-') && argument !== '-') {
      const letters = argument.slice(1);
      for (let at = 0; at < letters.length; at++) {
        const letter = letters[at]!;
        const name = Object.keys(specs).find((key) => specs[key]!.short === letter);
        if (name === undefined) throw new FlagError(`unknown shorthand flag: '${letter}' in ${argument}`);
        if (specs[name]!.kind === 'flag') {
          add(name, 'true');
          continue;
        }
        const inline = letters.slice(at + 1);
        if (inline !== '') add(name, inline.startsWith('=') ? inline.slice(1) : inline);
        else {
          i++;
          if (i >= argv.length) throw new FlagError(`flag needs an argument: '${letter}' in ${argument}`);
          add(name, argv[i]!);
        }
        break;
      }
    } else rest.push(argument);
  }
  return new ParsedArguments(rest, flags, beforeDash);
}
