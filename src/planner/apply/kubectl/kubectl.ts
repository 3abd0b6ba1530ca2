// Runs a kubectl command line against an API server: apply, diff, create, replace and delete, with what they print.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd, Kubernetes v1.36.3.
import { APPLY_FLAGS, apply, applyFlags, isApplySetEnabled } from './apply/apply.ts';
import { CREATE_FLAGS, create, DELETE_FLAGS, deleteObjects, REPLACE_FLAGS, replace } from './create.ts';
import { DIFF_FLAGS, diff } from './diff/diff.ts';
import { CommandFailure, failureText } from './failures.ts';
import type { FlagTable } from './input/flags.ts';
import { Output } from './output/output.ts';
import { type KubectlCluster, type KubectlCommand, Session } from './session.ts';

interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Verb {
  readonly flags: FlagTable;
  /** Whether the command found something that its exit code tells. */
  readonly run: (session: Session) => boolean | undefined;
  /** Exit code of a failure: 1 of diff means that there are differences. */
  readonly failureCode: number;
}

const plain = (flags: FlagTable, run: (session: Session) => void): Verb => ({
  flags,
  failureCode: 1,
  run: (session) => {
    run(session);
    return undefined;
  },
});

const VERBS: Readonly<Record<string, Verb>> = {
  apply: plain(APPLY_FLAGS, apply),
  create: plain(CREATE_FLAGS, create),
  replace: plain(REPLACE_FLAGS, replace),
  delete: plain(DELETE_FLAGS, deleteObjects),
  diff: { flags: DIFF_FLAGS, run: diff, failureCode: 2 },
};

export function runKubectl(command: KubectlCommand, cluster: KubectlCluster): KubectlResult {
  const [name = ''] = command.args;
  const output = new Output(cluster.server.options.now);
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!verb) return { code: 1, stdout: '', stderr: `error: unknown command "${name}" for "kubectl"\n` };
  const fail = (failure: Error): KubectlResult => {
    output.error(failureText(failure));
    return { code: verb.failureCode, stdout: output.stdout, stderr: output.stderr };
  };
  const flags = name === 'apply' ? applyFlags(isApplySetEnabled(command.env)) : verb.flags;
  let session: Session;
  try {
    session = new Session(command, cluster, output, flags);
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown;
    const help =
      name === 'diff' ? "See 'kubectl diff -h' for help and examples" : `See 'kubectl ${name} --help' for usage.`;
    return fail(new CommandFailure(`${thrown.message}\n${help}`));
  }
  try {
    const isDifferent = verb.run(session);
    return { code: isDifferent ? 1 : 0, stdout: output.stdout, stderr: output.stderr };
  } catch (thrown) {
    if (!(thrown instanceof Error) || isBug(thrown)) throw thrown;
    return fail(thrown);
  }
}

/** What no command fails with is a fault of this program. */
function isBug(thrown: Error): boolean {
  return thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof ReferenceError;
}
