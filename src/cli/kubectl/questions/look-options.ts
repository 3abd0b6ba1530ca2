// Options of the commands that look at a cluster: which cluster, at which moment, and kubectl's own flags.
import { type CommandInput, listOption, type OptionSpec, optionKey } from '../../command.ts';
import { CLUSTER_OPTIONS, KUBERNETES_OPTIONS } from '../../options.ts';
import { type FlagSpecs, ParsedArguments } from '../arguments.ts';

/** Which cluster: the one that the manifests lead to, or the described one. */
export const LOOK_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '-f, --filename <path>',
    help: 'manifests to plan first, several joined by commas; without any the described cluster is shown',
  },
  { flags: '-R, --recursive', help: 'look into subfolders too' },
  ...CLUSTER_OPTIONS,
  ...KUBERNETES_OPTIONS,
  { flags: '--current', help: 'show the cluster before the manifests are applied' },
  { flags: '--at <duration>', help: 'show the cluster so long after the manifests were applied, as 30s or 5m' },
  { flags: '-n, --namespace <name>', help: 'namespace to look into, and of manifests that name none' },
];

/** kubectl's flags of a command as options, beside those every such command has. */
export function kubectlOptions(specs: FlagSpecs): readonly OptionSpec[] {
  const known = new Set(['namespace', 'filename']);
  return Object.entries(specs).flatMap(([name, { kind, short, help }]) => {
    // What has no words of help means nothing here.
    if (known.has(name) || help === undefined) return [];
    const value = kind === 'flag' ? '' : ' <value>';
    return [{ flags: `${short ? `-${short}, ` : ''}--${name}${value}`, help }];
  });
}

/** What commander read, in the form the kubectl commands take. */
export function kubectlArguments(given: CommandInput, specs: FlagSpecs): ParsedArguments {
  const flags = new Map<string, readonly string[]>();
  for (const name of Object.keys(specs)) {
    // commander keeps `--no-x` as a false x.
    const isNegated = name.startsWith('no-');
    const value = given.options[optionKey(isNegated ? name.slice(3) : name)];
    if (isNegated ? value === false : value === true) flags.set(name, ['true']);
    else if (!isNegated && value !== undefined && value !== false) {
      flags.set(name, listOption({ ...given, options: { value } }, 'value'));
    }
  }
  return new ParsedArguments(given.arguments, flags, undefined);
}
