// The flags of a kubectl command line.
// Behaviour: github.com/spf13/pflag, staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (GetDryRunStrategy, GetValidationDirective),
// Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type { FieldValidation } from '../../../../apiserver/request.ts';
import { CommandFailure } from '../failures.ts';
import type { Output } from '../output/output.ts';

type FlagKind = 'switch' | 'text' | 'list' | { readonly ifBare: string };

export interface FlagTable {
  readonly flags: Readonly<Record<string, FlagKind>>;
  /** Letters for flags. */
  readonly short: Readonly<Record<string, string>>;
}

export const COMMON_FLAGS: FlagTable = {
  flags: {
    filename: 'list',
    namespace: 'text',
    recursive: 'switch',
    output: 'text',
    template: 'text',
    'allow-missing-template-keys': 'switch',
    'show-managed-fields': 'switch',
    'field-manager': 'text',
    'dry-run': { ifBare: 'unchanged' },
    validate: { ifBare: 'strict' },
  },
  short: { f: 'filename', n: 'namespace', R: 'recursive', o: 'output', l: 'selector' },
};

export class Flags {
  readonly #values = new Map<string, string[]>();
  readonly others: readonly string[];

  constructor(args: readonly string[], { flags, short }: FlagTable) {
    const others: string[] = [];
    const rest = [...args];
    const set = (name: string, shown: string, given: string | undefined): void => {
      const kind = Object.hasOwn(flags, name) ? flags[name] : undefined;
      if (kind === undefined) throw new CommandFailure(`unknown flag: ${shown}`);
      const value = given ?? (kind === 'switch' ? 'true' : typeof kind === 'object' ? kind.ifBare : rest.shift());
      if (value === undefined) throw new CommandFailure(`flag needs an argument: ${shown}`);
      if (kind === 'switch' && parseBool(value) === undefined)
        throw new CommandFailure(
          `invalid argument ${goQuote(value)} for ${goQuote(shown)} flag: strconv.ParseBool: parsing ${goQuote(value)}: invalid syntax`,
        );
      this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
    };
    for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
      if (arg === '--') {
        others.push(...rest.splice(0));
      } else if (arg.startsWith('--')) {
        const equals = arg.indexOf('=');
        const shown = equals < 0 ? arg : arg.slice(0, equals);
        set(shown.slice(2), shown, equals < 0 ? undefined : arg.slice(equals + 1));
      } else if (arg.startsWith('-') && arg.length > 1) {
        const letter = arg[1] ?? '';
        const name = short[letter];
        if (name === undefined) throw new CommandFailure(`unknown shorthand flag: '${letter}' in ${arg}`);
        const value = arg.slice(2).replace(/^=/, '');
        set(name, `-${letter}, --${name}`, value === '' ? undefined : value);
      } else others.push(arg);
    }
    this.others = others;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string, fallback = ''): string {
    return this.#values.get(name)?.at(-1) ?? fallback;
  }

  isOn(name: string, fallback = false): boolean {
    const value = this.#values.get(name)?.at(-1);
    return value === undefined ? fallback : parseBool(value) === true;
  }

  list(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined;
}

export type DryRun = 'none' | 'client' | 'server';

export function dryRunOf(flags: Flags, output: Output): DryRun {
  const text = flags.text('dry-run', 'none');
  const asBool = parseBool(text);
  if (asBool !== undefined) {
    const instead = asBool ? 'client' : 'none';
    output.log(
      `helpers.go:${asBool ? 733 : 736}`,
      `--dry-run=${text} is deprecated (boolean value) and can be replaced with --dry-run=${instead}.`,
    );
    return instead;
  }
  if (text === 'unchanged') {
    output.log('helpers.go:719', '--dry-run is deprecated and can be replaced with --dry-run=client.');
    return 'client';
  }
  if (text === 'client' || text === 'server' || text === 'none') return text;
  throw new CommandFailure(`Invalid dry-run value (${text}). Must be "none", "server", or "client".`);
}

export function validationOf(flags: Flags): FieldValidation {
  const text = flags.text('validate', 'strict');
  const asBool = parseBool(text);
  if (asBool !== undefined) return asBool ? 'Strict' : 'Ignore';
  if (text === 'strict') return 'Strict';
  if (text === 'warn') return 'Warn';
  if (text === 'ignore') return 'Ignore';
  throw new CommandFailure(
    `invalid - validate option ${goQuote(text)}; must be one of: strict (or true), warn, ignore (or false)`,
  );
}
