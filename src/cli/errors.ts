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
