// Options that several commands share.
import { OUTPUT_FORMATS } from '../report/formats.ts';
import type { OptionSpec } from './command.ts';

export const FILE_OPTIONS: readonly OptionSpec[] = [
  { flags: '-f, --filename <path...>', help: 'files, folders or patterns with manifests; - reads standard input' },
  { flags: '-R, --recursive', help: 'look into subfolders too' },
  { flags: '-k, --kustomize <folder>', help: 'a kustomization, built by your own kustomize or kubectl' },
  { flags: '-n, --namespace <name>', help: 'namespace of objects that name none', default: 'default' },
];

/** Every command has these. */
export const CONFIG_OPTIONS: readonly OptionSpec[] = [
  { flags: '--config <file>', help: 'the configuration file; else kubeplan.yaml here or above, up to the repository' },
  { flags: '--no-config', help: 'use no configuration file' },
];

export const KUBERNETES_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--kubernetes-version <version>',
    help: 'Kubernetes version to decide as',
    choices: ['1.34', '1.35', '1.36'],
  },
];

export const CLUSTER_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--cluster <path>',
    help: 'the described cluster: a file or folder of objects, or of kind Cluster (kubeplan.dev/v1)',
  },
  { flags: '--feature-gates <gates>', help: 'feature gates that differ from the default, as Name=true,Other=false' },
  {
    flags: '--runtime-config <apis>',
    help: 'APIs that the API server serves besides its defaults or not, as scheduling.k8s.io/v1alpha2=true',
  },
];

export const GATE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--fail-on <list...>',
    help: 'also fail on these, with exit code 4: changes, create, update, replace, delete, warnings, unknown; none never fails',
    values: ['changes', 'create', 'update', 'replace', 'delete', 'warnings', 'unknown', 'none'],
  },
  { flags: '--baseline <file>', help: 'known problems, which are counted and fail nothing' },
  { flags: '--write-baseline <file>', help: 'write the problems of this run as a baseline' },
];

export const SAVE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--save-cluster <file>',
    help: 'write the cluster as it is then, as a file for --cluster; values of Secrets included',
  },
];

export const IDENTITY_OPTIONS: readonly OptionSpec[] = [
  { flags: '--as <user>', help: 'the identity that acts: a user, or system:serviceaccount:NAMESPACE:NAME' },
  { flags: '--as-group <group>', help: 'a group of it; repeatable', repeats: true },
];

export const APPLY_OPTIONS: readonly OptionSpec[] = [
  { flags: '--server-side', help: 'apply on the server, where each field has an owner' },
  { flags: '--force-conflicts', help: 'take over fields that others own; with --server-side' },
  { flags: '--field-manager <name>', help: 'whose the applied fields are' },
  {
    flags: '--prune',
    help: 'delete what apply made before and the manifests no longer hold; with -l, --all or --applyset',
  },
  { flags: '-l, --selector <labels>', help: 'apply and prune only what these labels take' },
  { flags: '--all', help: 'prune among all objects that apply made' },
  {
    flags: '--prune-allowlist <kind>',
    help: 'prune only these kinds, as group/version/kind; repeatable',
    repeats: true,
  },
  { flags: '--applyset <parent>', help: 'the ApplySet that knows what was applied: NAME of a Secret, or TYPE/NAME' },
];

export const OUTPUT_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '-o, --output <format...>',
    help: `${OUTPUT_FORMATS.slice(0, -1).join(', ')} or ${OUTPUT_FORMATS.at(-1)}, with =FILE to write a file; repeatable`,
    values: OUTPUT_FORMATS,
  },
  { flags: '--color <when>', help: 'colour in text', choices: ['auto', 'always', 'never'], default: 'auto' },
  { flags: '--full', help: 'show every object and every field' },
  { flags: '--context <lines>', help: 'unchanged lines around each change, in text and diff' },
];
