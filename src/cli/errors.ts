// The two failures that are nobody's bug; everything else that is thrown is one.

/** The command line is wrong: shown with a hint at the help. */
export class UsageError extends Error {
  readonly nextStep: string | undefined;
  constructor(message: string, nextStep?: string) {
    super(message);
    this.nextStep = nextStep;
  }
}

/** Something outside failed: a file, a child process. */
export class ExternalError extends Error {}

/** What the system says of a file, without its code and the call: `no such file or directory`. */
export function systemReason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^[A-Z]+: |, \w+( '.*')?$/g, '') : String(error);
}
