// Runs one kubectl command line against a cluster. A new command is a line in COMMANDS.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/cmd.go, Kubernetes v1.36.3.
import { API_RESOURCES_FLAGS, apiResources, apiVersions } from './api-resources.ts';
import { COMMON_FLAGS, FlagError, type FlagSpecs, type ParsedArguments, parseArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { DELETE_FLAGS, deleteObjects } from './delete.ts';
import { describe } from './describe.ts';
import { DESCRIBE_FLAGS } from './describe-flags.ts';
import { events } from './events.ts';
import { EVENTS_FLAGS } from './events-flags.ts';
import { get } from './get.ts';
import { GET_FLAGS } from './get-flags.ts';
import { annotate, LABEL_FLAGS, label } from './label.ts';
import { cordon, DRAIN_FLAGS, drain, TAINT_FLAGS, taint, uncordon } from './node-verbs.ts';
import { KubectlError, type Outcome, Output } from './outcome.ts';
import { ROLLOUT_FLAGS, rollout } from './rollout.ts';
import { SCALE_FLAGS, scale } from './scale.ts';
import { SET_FLAGS, set } from './set-image.ts';
import { top } from './top.ts';
import { TOP_FLAGS } from './top-flags.ts';
import { WAIT_FLAGS, wait } from './wait.ts';

interface KubectlCommand {
  readonly flags: FlagSpecs;
  run(given: ParsedArguments, context: KubectlContext, output: Output): void;
}

export const COMMANDS: Readonly<Record<string, KubectlCommand>> = {
  get: { flags: GET_FLAGS, run: get },
  describe: { flags: DESCRIBE_FLAGS, run: describe },
  events: { flags: EVENTS_FLAGS, run: events },
  top: { flags: TOP_FLAGS, run: top },
  rollout: { flags: ROLLOUT_FLAGS, run: rollout },
  set: { flags: SET_FLAGS, run: set },
  wait: { flags: WAIT_FLAGS, run: wait },
  delete: { flags: DELETE_FLAGS, run: deleteObjects },
  scale: { flags: SCALE_FLAGS, run: scale },
  label: { flags: LABEL_FLAGS, run: label },
  annotate: { flags: LABEL_FLAGS, run: annotate },
  cordon: { flags: DRAIN_FLAGS, run: cordon },
  uncordon: { flags: DRAIN_FLAGS, run: uncordon },
  drain: { flags: DRAIN_FLAGS, run: drain },
  taint: { flags: TAINT_FLAGS, run: taint },
  'api-resources': { flags: API_RESOURCES_FLAGS, run: apiResources },
  'api-versions': { flags: COMMON_FLAGS, run: apiVersions },
};

export function runKubectl(argv: readonly string[], context: KubectlContext): Outcome {
  const [name = '', ...rest] = argv;
  const output = new Output();
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (!command) throw new KubectlError(`kubectl ${name} is not built in kubeplan`);
    command.run(parseArguments(rest, command.flags), context, output);
  } catch (error) {
    if (error instanceof FlagError) {
      output.fail(new KubectlError(`${error.message}\nSee 'kubectl ${name} --help' for usage.`));
    } else if (error instanceof KubectlError) output.fail(error);
    else throw error;
  }
  return output.outcome;
}
