// Runs one kubectl command line against a cluster. A new command is a line in COMMANDS.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/cmd.go, Kubernetes v1.36.3.
import { FlagError, type FlagSpecs, type ParsedArguments, parseArguments } from './arguments.ts';
import type { KubectlContext } from './context.ts';
import { DESCRIBE_FLAGS, describe } from './describe.ts';
import { GET_FLAGS, get } from './get.ts';
import { KubectlError, type Outcome, Output } from './outcome.ts';

interface KubectlCommand {
  readonly flags: FlagSpecs;
  run(given: ParsedArguments, context: KubectlContext, output: Output): void;
}

export const COMMANDS: Readonly<Record<string, KubectlCommand>> = {
  get: { flags: GET_FLAGS, run: get },
  describe: { flags: DESCRIBE_FLAGS, run: describe },
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
