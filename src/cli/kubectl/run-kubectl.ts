// Runs one kubectl command line against a cluster. A new command is a line in COMMANDS.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/cmd.go, Kubernetes v1.36.3.
import { runKubectl as runOnFiles } from '../../planner/apply/kubectl/kubectl.ts';
import { COMMON_FLAGS, FlagError, type FlagSpecs, type ParsedArguments, parseArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { isFailure, KubectlError, type Outcome, Output } from './outcome.ts';
import { openFormat } from './print-object.ts';
import { API_RESOURCES_FLAGS, apiResources, apiVersions } from './questions/api-resources.ts';
import { auth } from './questions/auth.ts';
import { describe } from './questions/describe.ts';
import { DESCRIBE_FLAGS } from './questions/describe-flags.ts';
import { events } from './questions/events.ts';
import { EVENTS_FLAGS } from './questions/events-flags.ts';
import { get } from './questions/get.ts';
import { GET_FLAGS } from './questions/get-flags.ts';
import { rollout } from './questions/rollout.ts';
import { top } from './questions/top.ts';
import { TOP_FLAGS } from './questions/top-flags.ts';
import { wait } from './questions/wait.ts';
import { autoscale } from './verbs/autoscale.ts';
import { createCommand, createGroup } from './verbs/create/create.ts';
import { deleteObjects } from './verbs/delete.ts';
import { edit } from './verbs/edit.ts';
import { expose } from './verbs/expose.ts';
import { annotate, label } from './verbs/label.ts';
import { cordon, drain, uncordon } from './verbs/node-verbs.ts';
import { patch } from './verbs/patch.ts';
import { run } from './verbs/run.ts';
import { scale } from './verbs/scale.ts';
import { set } from './verbs/set/set.ts';
import { taint } from './verbs/taint.ts';
import {
  AUTH_FLAGS,
  AUTOSCALE_FLAGS,
  DELETE_FLAGS,
  DRAIN_FLAGS,
  EDIT_FLAGS,
  EXPOSE_FLAGS,
  LABEL_FLAGS,
  PATCH_FLAGS,
  ROLLOUT_FLAGS,
  RUN_FLAGS,
  SCALE_FLAGS,
  SET_FLAGS,
  TAINT_FLAGS,
  WAIT_FLAGS,
} from './verbs/verb-flags.ts';

interface KubectlCommand {
  readonly flags: FlagSpecs;
  run(given: ParsedArguments, context: KubectlContext, output: Output): void;
}

const COMMANDS: Readonly<Record<string, KubectlCommand>> = {
  get: { flags: GET_FLAGS, run: get },
  describe: { flags: DESCRIBE_FLAGS, run: describe },
  events: { flags: EVENTS_FLAGS, run: events },
  top: { flags: TOP_FLAGS, run: top },
  rollout: { flags: ROLLOUT_FLAGS, run: rollout },
  set: { flags: SET_FLAGS, run: set },
  wait: { flags: WAIT_FLAGS, run: wait },
  delete: { flags: DELETE_FLAGS, run: deleteObjects },
  scale: { flags: SCALE_FLAGS, run: scale },
  autoscale: { flags: AUTOSCALE_FLAGS, run: autoscale },
  edit: { flags: EDIT_FLAGS, run: edit },
  expose: { flags: EXPOSE_FLAGS, run: expose },
  run: { flags: RUN_FLAGS, run },
  patch: { flags: PATCH_FLAGS, run: patch },
  label: { flags: LABEL_FLAGS, run: label },
  annotate: { flags: LABEL_FLAGS, run: annotate },
  cordon: { flags: DRAIN_FLAGS, run: cordon },
  uncordon: { flags: DRAIN_FLAGS, run: uncordon },
  drain: { flags: DRAIN_FLAGS, run: drain },
  taint: { flags: TAINT_FLAGS, run: taint },
  auth: { flags: AUTH_FLAGS, run: auth },
  'api-resources': { flags: API_RESOURCES_FLAGS, run: apiResources },
  'api-versions': { flags: COMMON_FLAGS, run: apiVersions },
};

const ERR_TOKEN =
  'error: kubeplan cannot create a token: the API server signs it with a key that no description of a cluster holds\n';

/** Commands on objects that files hold; delete only where it names files, create where no kind follows it. */
const ON_FILES = new Set(['apply', 'create', 'delete', 'diff', 'replace']);

export function runKubectl(argv: readonly string[], context: KubectlContext): Outcome {
  const [name = '', ...rest] = argv;
  const made = name === 'create' ? createCommand(rest) : undefined;
  if (made) return runCommand(made, made.name, rest.slice(made.words), context);
  if (name === 'create' && rest[0] === 'token') return { stdout: '', stderr: ERR_TOKEN, exitCode: 1 };
  const group = name === 'create' ? createGroup(rest) : undefined;
  if (group) return runCommand(group, group.name, rest.slice(1), context);
  if (ON_FILES.has(name) && (name !== 'delete' || namesFiles(rest))) return runWithFiles(argv, context);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return runCommand(command, name, rest, context);
}

function runCommand(
  command: KubectlCommand | undefined,
  name: string,
  argv: readonly string[],
  context: KubectlContext,
): Outcome {
  const output = new Output(() => context.now);
  try {
    if (!command) throw new KubectlError(`kubectl ${name} is not built in kubeplan`);
    command.run(parseArguments(argv, command.flags), context, output);
  } catch (error) {
    if (error instanceof FlagError) {
      output.fail(new KubectlError(`${error.message}\nSee 'kubectl ${name} --help' for usage.`));
    } else if (isFailure(error)) output.fail(error);
    else throw error;
  }
  return output.outcome;
}

function namesFiles(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  return flags.some((word) => /^(?:-[A-Za-z]*f|--filename)(?:=|$)/.test(word) || /^-f./.test(word));
}

function runWithFiles(argv: readonly string[], { files, env, cluster }: KubectlContext): Outcome {
  const set = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const command = { args: argv, files, env: Object.fromEntries(set), openFormat };
  const { code, stdout, stderr } = runOnFiles(command, cluster());
  return { stdout, stderr, exitCode: code };
}
