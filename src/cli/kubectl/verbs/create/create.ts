// `kubectl create KIND NAME`: an object made of flags. Objects in files are created by planner/apply/kubectl.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/create, Kubernetes v1.36.3.
// Differs: `create token` is not built: tokens are the cluster's secret.
import type { JsonMap } from '../../../../apimachinery/json.ts';
import { annotatedConfiguration } from '../../../../planner/apply/kubectl/patching/last-applied-configuration.ts';
import { COMMON_FLAGS, type FlagSpecs, type ParsedArguments } from '../../arguments.ts';
import type { KubectlContext } from '../../context.ts';
import { isFailure, KubectlError, type Output, usageError } from '../../outcome.ts';
import { encoded, VerbRun } from '../requests.ts';
import { WRITE_FLAGS } from '../verb-flags.ts';
import { clusterRole, clusterRoleBinding, role, roleBinding } from './access.ts';
import { configMap, namespace, podDisruptionBudget, priorityClass, quota, serviceAccount } from './configuration.ts';
import type { Generator } from './generator.ts';
import { dockerSecret, genericSecret, tlsSecret } from './secrets.ts';
import { clusterIpService, externalNameService, ingress, loadBalancerService, nodePortService } from './services.ts';
import { cronJob, deployment, job } from './workloads.ts';

type Entry = Generator | Readonly<Record<string, Generator>>;

const SECRETS = { generic: genericSecret, 'docker-registry': dockerSecret, tls: tlsSecret };
const SERVICES = {
  clusterip: clusterIpService,
  nodeport: nodePortService,
  loadbalancer: loadBalancerService,
  externalname: externalNameService,
};

/** By name; a table where there is a second word. */
const GENERATORS: Readonly<Record<string, Entry>> = {
  namespace,
  quota,
  secret: SECRETS,
  configmap: configMap,
  serviceaccount: serviceAccount,
  service: SERVICES,
  deployment,
  clusterrole: clusterRole,
  clusterrolebinding: clusterRoleBinding,
  role,
  rolebinding: roleBinding,
  poddisruptionbudget: podDisruptionBudget,
  priorityclass: priorityClass,
  job,
  cronjob: cronJob,
  ingress,
};

const ALIASES: Readonly<Record<string, string>> = {
  ns: 'namespace',
  resourcequota: 'quota',
  cm: 'configmap',
  sa: 'serviceaccount',
  svc: 'service',
  deploy: 'deployment',
  pdb: 'poddisruptionbudget',
  pc: 'priorityclass',
  cj: 'cronjob',
  ing: 'ingress',
};

interface CreateCommand {
  /** `create secret tls`, as its complaints name it. */
  readonly name: string;
  readonly flags: FlagSpecs;
  /** Words of the command line that name the command. */
  readonly words: number;
  run(given: ParsedArguments, context: KubectlContext, output: Output): void;
}

/** The subcommand that the words behind `create` name; undefined where they name none. */
export function createCommand(words: readonly string[]): CreateCommand | undefined {
  const [first = '', second = ''] = words;
  const kind = Object.hasOwn(ALIASES, first) ? (ALIASES[first] ?? first) : first;
  const entry = Object.hasOwn(GENERATORS, kind) ? GENERATORS[kind] : undefined;
  if (!entry) return undefined;
  if (isGenerator(entry)) return commandOf(`create ${kind}`, entry, 1);
  const generator = Object.hasOwn(entry, second) ? entry[second] : undefined;
  return generator && commandOf(`create ${kind} ${second}`, generator, 2);
}

/** `create secret` and `create service` with no kind that they know. */
export function createGroup(words: readonly string[]): CreateCommand | undefined {
  const [first = ''] = words;
  const kind = Object.hasOwn(ALIASES, first) ? (ALIASES[first] ?? first) : first;
  const entry = Object.hasOwn(GENERATORS, kind) ? GENERATORS[kind] : undefined;
  if (!entry || isGenerator(entry)) return undefined;
  const name = `create ${kind}`;
  const run: CreateCommand['run'] = (given) => {
    const kinds = Object.keys(entry).join(', ');
    if (given.arguments.length > 0) throw usageError(name, `unknown command "${given.arguments.join(' ')}"`);
    throw usageError(name, `one of ${kinds} is required`);
  };
  return { name, flags: COMMON_FLAGS, words: 1, run };
}

function isGenerator(entry: Entry): entry is Generator {
  return typeof entry['build'] === 'function';
}

function commandOf(name: string, generator: Generator, words: number): CreateCommand {
  const flags: FlagSpecs = {
    ...COMMON_FLAGS,
    ...WRITE_FLAGS,
    'save-config': { kind: 'flag' },
    validate: { kind: 'value', bare: 'strict' },
    ...generator.flags,
  };
  return { name, flags, words, run: (given, context, output) => create(name, generator, { given, context, output }) };
}

interface Run {
  readonly given: ParsedArguments;
  readonly context: KubectlContext;
  readonly output: Output;
}

function create(command: string, generator: Generator, { given, context, output }: Run): void {
  const missing = (generator.required ?? []).filter((flag) => !given.has(flag));
  if (missing.length > 0)
    throw new KubectlError(`required flag(s) ${missing.map((flag) => `"${flag}"`).join(', ')} not set`);
  const count = given.argumentsBeforeDash ?? given.arguments.length;
  if (count !== 1) throw usageError(command, `exactly one NAME is required, got ${count}`);
  const [name = '', ...rest] = given.arguments;
  const run = new VerbRun(given, context, output, { isTyped: true });
  const built = generator.build({ given, context, output, name, rest });
  const typed = encoded(inNamespace(built, run), run.version);
  const object = given.flag('save-config') ? annotatedConfiguration(typed) : typed;
  if (run.isClientOnly) {
    run.printTyped(object, 'created');
    return;
  }
  run.printTyped(send(object, generator, run), 'created');
}

/** The object is placed where the command line says a namespace. */
function inNamespace(object: JsonMap, { given, context }: VerbRun): JsonMap {
  const place = given.value('namespace');
  const resource = context.view.resources.byKind(String(object['apiVersion']), String(object['kind']));
  if (place === undefined || !resource?.namespaced) return object;
  return { ...object, metadata: { ...(object['metadata'] as JsonMap), namespace: place } };
}

function send(object: JsonMap, { failure }: Generator, run: VerbRun): JsonMap {
  try {
    return run.create(object, { manager: 'kubectl-create', fieldValidation: run.validation });
  } catch (error) {
    if (failure === undefined || !isFailure(error)) throw error;
    throw new KubectlError(`${failure}${error.message}`);
  }
}
