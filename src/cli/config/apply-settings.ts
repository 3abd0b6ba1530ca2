// The value of each setting and where it comes from: flag, then environment, then configuration file, then default.
import { UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { type Config, resolveFrom } from './find-config.ts';
import { SETTINGS, type Setting, variableOf } from './settings.ts';

export interface Resolved {
  readonly setting: Setting;
  readonly value: unknown;
  /** `flag`, `KUBEPLAN_CLUSTER`, `kubeplan.yaml:3` or `default`. */
  readonly from: string;
}

interface ParsedOptions {
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether an option stood on the command line. */
  isGiven(name: string): boolean;
}

/** The settings of a command that has these options. */
export function resolveSettings(
  command: string,
  hasOption: (name: string) => boolean,
  { values, isGiven }: ParsedOptions,
  config: Config | undefined,
  { env }: Io,
): Resolved[] {
  return SETTINGS.filter(
    ({ name, commands }) => hasOption(name) && (commands === undefined || commands.includes(command)),
  ).map((setting): Resolved => {
    const { name } = setting;
    if (isGiven(name)) return { setting, value: values[name], from: 'flag' };
    const variable = variableOf(setting);
    const text = env[variable];
    if (text !== undefined && text !== '') return { setting, value: fromText(text, setting, variable), from: variable };
    const value = config?.values[name];
    if (config && value !== undefined)
      return { setting, value: fromConfig(value, setting, config), from: config.places[name] ?? config.file };
    return { setting, value: values[name], from: 'default' };
  });
}

function fromText(text: string, { kind }: Setting, variable: string): unknown {
  switch (kind) {
    case 'flag':
      if (/^(1|true|yes)$/i.test(text)) return true;
      if (/^(0|false|no)$/i.test(text)) return false;
      throw new UsageError(`${variable}=${text} is neither true nor false`);
    case 'list':
    case 'paths':
    case 'outputs':
      return text.split(',').filter((part) => part !== '');
    default:
      return text;
  }
}

function fromConfig(value: unknown, { kind }: Setting, config: Config): unknown {
  const resolve = (path: string): string => resolveFrom(config, path);
  switch (kind) {
    case 'text':
      return String(value);
    case 'path':
      return resolve(String(value));
    case 'paths':
      return (value as readonly string[]).map(resolve);
    case 'outputs':
      return (value as readonly string[]).map((text) =>
        text.replace(/=(.*)$/, (_, file: string) => `=${resolve(file)}`),
      );
    case 'gates':
      return Object.entries(value as Readonly<Record<string, boolean>>)
        .map(([name, isOn]) => `${name}=${isOn}`)
        .join(',');
    default:
      return value;
  }
}
