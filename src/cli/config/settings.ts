// What can be set for every run: by a flag, else by an environment variable, else by the configuration file. A new setting is a line here.

export type SettingKind = 'text' | 'path' | 'flag' | 'list' | 'paths' | 'outputs' | 'gates';

export interface Setting {
  /** The option's camelCase name, and the key in the configuration file. */
  readonly name: string;
  readonly kind: SettingKind;
  readonly help: string;
  /** Only for these commands; every command that has the option when absent. */
  readonly commands?: readonly string[];
}

const WITH_MANIFESTS = ['plan', 'validate'];

export const SETTINGS: readonly Setting[] = [
  { name: 'filename', kind: 'paths', help: 'files, folders or patterns with manifests', commands: WITH_MANIFESTS },
  { name: 'recursive', kind: 'flag', help: 'look into subfolders too', commands: WITH_MANIFESTS },
  { name: 'cluster', kind: 'path', help: 'the described cluster: a file or folder' },
  { name: 'namespace', kind: 'text', help: 'namespace of objects that name none' },
  { name: 'kubernetesVersion', kind: 'text', help: 'Kubernetes version to decide as' },
  { name: 'featureGates', kind: 'gates', help: 'feature gates that differ from the default' },
  { name: 'runtimeConfig', kind: 'gates', help: 'APIs that the API server serves besides its defaults, or not' },
  {
    name: 'output',
    kind: 'outputs',
    help: 'outputs, as FORMAT or FORMAT=FILE',
    commands: ['plan', 'validate', 'show'],
  },
  { name: 'color', kind: 'text', help: 'auto, always or never' },
  { name: 'full', kind: 'flag', help: 'show every object and every field' },
  { name: 'context', kind: 'text', help: 'unchanged lines around each change' },
  { name: 'failOn', kind: 'list', help: 'what else makes a run fail' },
  { name: 'detailedExitcode', kind: 'flag', help: 'exit with 2 when there are changes' },
  { name: 'baseline', kind: 'path', help: 'known problems' },
  { name: 'validate', kind: 'text', help: 'what to do with unknown and duplicate fields: strict, warn or ignore' },
  { name: 'ignoreMissingReferences', kind: 'flag', help: 'say nothing of objects that are named and not there' },
  { name: 'ignoreMissingSchemas', kind: 'flag', help: 'skip kinds that are not served, and count them' },
  { name: 'interactive', kind: 'flag', help: 'whether a terminal gets the view to walk through' },
];

/** `KUBEPLAN_FAIL_ON` */
export function variableOf({ name }: Setting): string {
  return `KUBEPLAN_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
