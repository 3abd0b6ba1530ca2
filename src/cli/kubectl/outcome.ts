// What a kubectl command says and how it ends.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (checkErr), Kubernetes v1.36.3.
import { failure as apiStatus, type StatusReason } from '../../apimachinery/status.ts';
import { ApiFailure, aggregate, CommandFailure, Failures, failureText } from '../../planner/apply/kubectl/failures.ts';
import { Output as KubectlOutput } from '../../planner/apply/kubectl/output/output.ts';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** One thing that went wrong, as kubectl prints it. */
export class KubectlError extends Error {
  /** The reason of the API server's answer; absent for kubectl's own complaints. */
  readonly reason: string | undefined;
  /** Whether the text stands for itself, without `error: ` before it. */
  readonly isBare: boolean;

  constructor(message: string, options: { readonly reason?: string; readonly isBare?: boolean } = {}) {
    super(message);
    this.reason = options.reason;
    this.isBare = options.isBare ?? false;
  }
}

/** kubectl gives up with a line of its log; `place` is the line of its source that does. */
export class FatalLog extends Error {
  readonly place: string;

  constructor(place: string, message: string) {
    super(message);
    this.place = place;
  }
}

export function notFound(resource: string, name: string): KubectlError {
  return new KubectlError(`${resource} "${name}" not found`, { reason: 'NotFound' });
}

/** A misused command line: kubectl names the command whose help tells more. */
export function usageError(command: string, message: string): KubectlError {
  return new KubectlError(`${message}\nSee 'kubectl ${command} -h' for help and examples`);
}

/** What a command may fail with; everything else is a fault of this program. */
export function isFailure(error: unknown): error is Error {
  return (
    error instanceof KubectlError ||
    error instanceof FatalLog ||
    error instanceof ApiFailure ||
    error instanceof CommandFailure ||
    error instanceof Failures
  );
}

/** All that went wrong as one; a single failure stands for itself. */
function failuresOf(errors: readonly Error[]): Error | undefined {
  const [only] = errors;
  if (only && errors.length === 1) return only;
  return aggregate(errors.map(asFailure));
}

export function throwAll(errors: readonly Error[]): void {
  const failed = failuresOf(errors);
  if (failed) throw failed;
}

function asFailure(error: Error): Error {
  if (!(error instanceof KubectlError) || error.reason === undefined) return error;
  return new ApiFailure(apiStatus(0, error.reason as StatusReason, error.message));
}

/** What a command has printed so far. */
export class Output extends KubectlOutput {
  exitCode = 0;

  constructor(now: () => number = () => 0) {
    super(now);
  }

  fail(error: Error): void {
    this.exitCode = 1;
    if (error instanceof FatalLog) {
      this.log(error.place, error.message, 'F');
      return;
    }
    if (error instanceof KubectlError && error.isBare) {
      this.stderr += error.message.endsWith('\n') ? error.message : `${error.message}\n`;
    } else this.stderr += failureText(asFailure(error));
  }

  get outcome(): Outcome {
    const { stdout, stderr, exitCode } = this;
    return { stdout, stderr, exitCode };
  }
}
