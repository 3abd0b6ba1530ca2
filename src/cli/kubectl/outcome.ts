// What a kubectl command says and how it ends.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (checkErr), Kubernetes v1.36.3.

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

export function notFound(resource: string, name: string): KubectlError {
  return new KubectlError(`${resource} "${name}" not found`, { reason: 'NotFound' });
}

export function errorLine({ message, reason, isBare }: KubectlError): string {
  const prefix = isBare ? '' : reason === undefined ? 'error: ' : `Error from server (${reason}): `;
  return `${prefix}${message}${message.endsWith('\n') ? '' : '\n'}`;
}

/** What a command has printed so far. */
export class Output {
  stdout = '';
  stderr = '';
  exitCode = 0;

  fail(error: KubectlError): void {
    this.stderr += errorLine(error);
    this.exitCode = 1;
  }

  get outcome(): Outcome {
    const { stdout, stderr, exitCode } = this;
    return { stdout, stderr, exitCode };
  }
}
