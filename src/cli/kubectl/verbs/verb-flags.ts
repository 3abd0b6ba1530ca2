// The flags of kubectl's verbs. What has no words of help is read, but means nothing here.
import { COMMON_FLAGS, type FlagSpecs, type ParsedArguments } from '../arguments.ts';

const PRINT_FLAGS: FlagSpecs = {
  output: { kind: 'value', short: 'o' },
  template: { kind: 'value' },
  'allow-missing-template-keys': { kind: 'flag' },
  'show-managed-fields': { kind: 'flag' },
};

const FILE_FLAGS: FlagSpecs = {
  filename: { kind: 'list', short: 'f', help: 'files that name the objects' },
  recursive: { kind: 'flag', short: 'R', help: 'look into subfolders too' },
};

export const WRITE_FLAGS: FlagSpecs = {
  ...PRINT_FLAGS,
  'dry-run': { kind: 'value', bare: 'unchanged', help: 'client or server: only say what would be done' },
  'field-manager': { kind: 'value', help: 'who is said to manage the fields' },
};

/** What every verb on objects takes. */
const OBJECT_FLAGS: FlagSpecs = { ...COMMON_FLAGS, ...FILE_FLAGS, ...WRITE_FLAGS };
const SELECTOR: FlagSpecs = {
  selector: { kind: 'value', short: 'l', help: 'objects with these labels, as app=web,tier!=db' },
};
const ALL: FlagSpecs = { all: { kind: 'flag', help: 'all objects of the type' } };
const EVERYWHERE: FlagSpecs = {
  'field-selector': { kind: 'value', help: 'objects with these fields' },
  'all-namespaces': { kind: 'flag', short: 'A', help: 'in all namespaces' },
};

const OVERRIDE_FLAGS: FlagSpecs = {
  overrides: { kind: 'value', help: 'a patch of what the flags make, as JSON' },
  'override-type': { kind: 'value', help: 'how it is applied: json, merge or strategic' },
};

export const SCALE_FLAGS: FlagSpecs = {
  ...OBJECT_FLAGS,
  ...SELECTOR,
  ...ALL,
  replicas: { kind: 'value', help: 'how many there shall be' },
  'current-replicas': { kind: 'value', help: 'only where there are so many now' },
  'resource-version': { kind: 'value', help: 'only at this version of the object' },
  timeout: { kind: 'value' },
};

export const LABEL_FLAGS: FlagSpecs = {
  ...OBJECT_FLAGS,
  ...SELECTOR,
  ...ALL,
  ...EVERYWHERE,
  overwrite: { kind: 'flag', help: 'replace values that are there' },
  list: { kind: 'flag', help: 'show them' },
  local: { kind: 'flag' },
  'resource-version': { kind: 'value', help: 'only at this version of the object' },
};

export const DRAIN_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  ...WRITE_FLAGS,
  ...SELECTOR,
  force: { kind: 'flag', help: 'also pods that nothing would make again' },
  'ignore-daemonsets': { kind: 'flag', help: 'leave pods of daemon sets where they are' },
  'delete-emptydir-data': { kind: 'flag', help: 'also pods with local storage' },
  'disable-eviction': { kind: 'flag', help: 'delete instead of evicting: past disruption budgets' },
  'grace-period': { kind: 'value', help: 'seconds that pods get to end' },
  'pod-selector': { kind: 'value', help: 'only pods with these labels' },
  'chunk-size': { kind: 'value' },
  timeout: { kind: 'value' },
  'skip-wait-for-delete-timeout': { kind: 'value' },
};

export const TAINT_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  ...WRITE_FLAGS,
  ...SELECTOR,
  ...ALL,
  overwrite: { kind: 'flag', help: 'replace taints that are there' },
};

const REVISION: FlagSpecs = { revision: { kind: 'value', help: 'the revision meant, for status and history' } };
const MANAGER: FlagSpecs = { 'field-manager': WRITE_FLAGS['field-manager']! };

/** What each command of `rollout` takes. */
const ROLLOUT_COMMAND_FLAGS: Readonly<Record<string, FlagSpecs>> = {
  status: { ...REVISION, watch: { kind: 'flag', short: 'w' }, timeout: { kind: 'value' } },
  history: { ...PRINT_FLAGS, ...REVISION },
  pause: { ...PRINT_FLAGS, ...MANAGER },
  resume: { ...PRINT_FLAGS, ...MANAGER },
  restart: { ...PRINT_FLAGS, ...MANAGER },
  undo: {
    ...PRINT_FLAGS,
    'dry-run': WRITE_FLAGS['dry-run']!,
    'to-revision': { kind: 'value', help: 'the revision to go back to, for undo' },
  },
};

export const ROLLOUT_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  ...FILE_FLAGS,
  ...SELECTOR,
  ...Object.assign({}, ...Object.values(ROLLOUT_COMMAND_FLAGS)),
};

/** A flag of `rollout` that the command does not take. */
export function unknownRolloutFlag(command: string, given: ParsedArguments): string | undefined {
  const own = ROLLOUT_COMMAND_FLAGS[command];
  if (!own) return undefined;
  const known = { ...COMMON_FLAGS, ...FILE_FLAGS, ...SELECTOR, ...own };
  return given.names.find((name) => !Object.hasOwn(known, name));
}

export const SET_FLAGS: FlagSpecs = {
  ...OBJECT_FLAGS,
  ...SELECTOR,
  ...ALL,
  local: { kind: 'flag' },
  containers: { kind: 'value', short: 'c', help: 'containers meant, with * for any text' },
  limits: { kind: 'value', help: 'limits, as cpu=200m,memory=512Mi' },
  requests: { kind: 'value', help: 'requests, as cpu=100m' },
  env: { kind: 'list', short: 'e', help: 'a variable, as NAME=value' },
  list: { kind: 'flag', help: 'show the environment' },
  overwrite: { kind: 'flag' },
  prefix: { kind: 'value', help: 'what the names of all variables begin with' },
  from: { kind: 'value', help: 'a config map or secret whose keys become variables' },
  keys: { kind: 'list', help: 'only these keys, with --from' },
  resolve: { kind: 'flag', help: 'show values instead of where they come from, with --list' },
  'resource-version': { kind: 'value', help: 'only at this version of the object' },
  user: { kind: 'list', help: 'a user to bind' },
  group: { kind: 'list', help: 'a group to bind' },
  serviceaccount: { kind: 'list', help: 'a service account to bind, as namespace:name' },
};

export const WAIT_FLAGS: FlagSpecs = {
  ...OBJECT_FLAGS,
  ...SELECTOR,
  ...ALL,
  ...EVERYWHERE,
  for: { kind: 'list' },
  timeout: { kind: 'value' },
};

export const DELETE_FLAGS: FlagSpecs = {
  ...OBJECT_FLAGS,
  ...SELECTOR,
  ...ALL,
  ...EVERYWHERE,
  force: { kind: 'flag', help: 'delete at once, with --grace-period=0' },
  'grace-period': { kind: 'value', help: 'seconds that pods get to end' },
  now: { kind: 'flag', help: 'the shortest grace period' },
  wait: { kind: 'flag' },
  'ignore-not-found': { kind: 'flag', help: 'say nothing of what is not there' },
  cascade: { kind: 'value', bare: 'background', help: 'background, foreground or orphan' },
  timeout: { kind: 'value' },
};

export const PATCH_FLAGS: FlagSpecs = {
  ...OBJECT_FLAGS,
  patch: { kind: 'value', short: 'p', help: 'the patch, as JSON or YAML' },
  'patch-file': { kind: 'value', help: 'a file with the patch' },
  type: { kind: 'value', help: 'json, merge or strategic' },
  subresource: { kind: 'value', help: 'status, scale or resize' },
  local: { kind: 'flag' },
};

export const RUN_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  ...WRITE_FLAGS,
  image: { kind: 'value', help: 'image of the container' },
  'image-pull-policy': { kind: 'value', help: 'Always, IfNotPresent or Never' },
  env: { kind: 'list', help: 'a variable, as NAME=value' },
  port: { kind: 'value', help: 'port of the container' },
  labels: { kind: 'value', short: 'l', help: 'labels, as app=web,tier=front' },
  annotations: { kind: 'list', help: 'an annotation, as KEY=VALUE' },
  restart: { kind: 'value', help: 'Always, OnFailure or Never' },
  command: { kind: 'flag', help: 'what stands behind -- is the command, not its arguments' },
  expose: { kind: 'flag', help: 'make a service for the port too' },
  stdin: { kind: 'flag', short: 'i' },
  tty: { kind: 'flag', short: 't' },
  attach: { kind: 'flag' },
  rm: { kind: 'flag' },
  privileged: { kind: 'flag', help: 'run privileged' },
  quiet: { kind: 'flag', short: 'q' },
  'leave-stdin-open': { kind: 'flag' },
  ...OVERRIDE_FLAGS,
  'save-config': { kind: 'flag' },
};

export const EXPOSE_FLAGS: FlagSpecs = {
  ...OBJECT_FLAGS,
  protocol: { kind: 'value', help: 'TCP, UDP or SCTP' },
  port: { kind: 'value', help: 'port of the service' },
  type: { kind: 'value', help: 'ClusterIP, NodePort or LoadBalancer' },
  'load-balancer-ip': { kind: 'value' },
  selector: { kind: 'value', help: 'pods meant, as app=web' },
  labels: { kind: 'value', short: 'l', help: 'labels of the service' },
  'target-port': { kind: 'value', help: 'port of the pods, by number or name' },
  'external-ip': { kind: 'value', help: 'a further address' },
  name: { kind: 'value', help: 'name of the service' },
  'session-affinity': { kind: 'value', help: 'None or ClientIP' },
  'cluster-ip': { kind: 'value', help: 'an address of your own, or None' },
  ...OVERRIDE_FLAGS,
  'save-config': { kind: 'flag' },
};

export const AUTOSCALE_FLAGS: FlagSpecs = {
  ...OBJECT_FLAGS,
  min: { kind: 'value', help: 'the fewest pods' },
  max: { kind: 'value', help: 'the most pods' },
  'cpu-percent': { kind: 'value' },
  cpu: { kind: 'value', help: 'wished use of CPU, as 70% or 500m' },
  memory: { kind: 'value', help: 'wished use of memory, as 60% or 200Mi' },
  name: { kind: 'value', help: 'name of the autoscaler' },
  'save-config': { kind: 'flag' },
};

export const AUTH_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  'all-namespaces': { kind: 'flag', short: 'A' },
  quiet: { kind: 'flag', short: 'q' },
  subresource: { kind: 'value' },
  'no-headers': { kind: 'flag' },
};

export const EDIT_FLAGS: FlagSpecs = {
  ...OBJECT_FLAGS,
  ...SELECTOR,
  validate: { kind: 'value', bare: 'strict', help: 'strict, warn or ignore: what becomes of unknown fields' },
};

const MANIFEST_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  ...FILE_FLAGS,
  ...WRITE_FLAGS,
  validate: { kind: 'value', bare: 'strict', help: 'strict, warn or ignore: what becomes of unknown fields' },
  selector: { kind: 'value', short: 'l', help: 'only objects with these labels' },
};

export const CREATE_FILE_FLAGS: FlagSpecs = {
  ...MANIFEST_FLAGS,
  'save-config': { kind: 'flag', help: 'remember the configuration for a later apply' },
};

export const REPLACE_FLAGS: FlagSpecs = {
  ...CREATE_FILE_FLAGS,
  force: { kind: 'flag', help: 'delete and create again' },
  'grace-period': { kind: 'value', help: 'seconds that pods get to end, with --force' },
  cascade: { kind: 'value', bare: 'background', help: 'background, foreground or orphan, with --force' },
};

export const APPLY_FLAGS: FlagSpecs = {
  ...MANIFEST_FLAGS,
  'server-side': { kind: 'flag', help: 'let the API server merge, by owners of fields' },
  'force-conflicts': { kind: 'flag', help: 'take fields over from others, with --server-side' },
  force: { kind: 'flag', help: 'delete and create again where a field cannot change' },
  overwrite: { kind: 'flag' },
  prune: { kind: 'flag', help: 'delete what is applied no longer' },
  'prune-allowlist': { kind: 'list', help: 'kinds to prune, as GROUP/VERSION/KIND' },
  all: { kind: 'flag', help: 'prune in the whole namespace' },
  applyset: { kind: 'value', help: 'the set that remembers what was applied' },
  'grace-period': { kind: 'value' },
  cascade: { kind: 'value', bare: 'background', help: 'background, foreground or orphan' },
};

export const KUBECTL_DIFF_FLAGS: FlagSpecs = {
  ...COMMON_FLAGS,
  ...FILE_FLAGS,
  selector: { kind: 'value', short: 'l', help: 'only objects with these labels' },
  'server-side': { kind: 'flag', help: 'compare with what a server-side apply would store' },
  'force-conflicts': { kind: 'flag', help: 'as if conflicts were forced' },
  'field-manager': { kind: 'value' },
  'show-managed-fields': { kind: 'flag', help: 'show who manages which field' },
  'show-secrets': { kind: 'flag', help: 'show values of secrets' },
  prune: { kind: 'flag', help: 'show what would be pruned' },
  'prune-allowlist': { kind: 'list', help: 'kinds to prune' },
};
