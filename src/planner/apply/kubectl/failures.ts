// What a kubectl command fails with, and the words in which it says so.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (checkErr, AddSourceToErr, MultilineError),
// [apimachinery]/pkg/util/errors (aggregate), Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { Status } from '../../../apimachinery/status.ts';

/** A refusal of the API server. */
export class ApiFailure extends Error {
  readonly status: Status;
  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }
}

/** A failure of kubectl's own. */
export class CommandFailure extends Error {}

export class Failures extends Error {
  readonly failures: readonly Error[];
  constructor(failures: readonly Error[]) {
    super(failuresText(failures));
    this.failures = failures;
  }
}

/** One error, several as one, or none. */
export function aggregate(failures: readonly Error[]): Failures | undefined {
  return failures.length > 0 ? new Failures(failures) : undefined;
}

function failuresText(failures: readonly Error[]): string {
  if (failures.length === 1) return failures[0]?.message ?? '';
  const texts = new Set(flatten(failures).map(({ message }) => message));
  const [only = ''] = texts;
  return texts.size === 1 ? only : `[${[...texts].join(', ')}]`;
}

function flatten(failures: readonly Error[]): Error[] {
  return failures.flatMap((each) => (each instanceof Failures ? flatten(each.failures) : [each]));
}

/** The same failure with the file that it comes from. */
export function withSource(failure: Error, verb: string, source: string): Error {
  if (source === '') return failure;
  const message = `error when ${verb} ${goQuote(source)}: ${failure.message}`;
  return failure instanceof ApiFailure ? new ApiFailure({ ...failure.status, message }) : new CommandFailure(message);
}

export function isConflict(failure: unknown): boolean {
  return failure instanceof ApiFailure && failure.status.reason === 'Conflict';
}

export function isInvalid(failure: unknown): boolean {
  return failure instanceof ApiFailure && failure.status.reason === 'Invalid';
}

export function isNotFound(failure: unknown): boolean {
  return failure instanceof ApiFailure && failure.status.reason === 'NotFound';
}

/** What the command prints at its end. */
export function failureText(given: Error): string {
  const failure = given instanceof Failures && given.failures.length === 1 ? (given.failures[0] as Error) : given;
  const text =
    failure instanceof ApiFailure && failure.status.reason === 'Invalid'
      ? invalidText(failure.status)
      : failure instanceof Failures
        ? failure.failures.map((each) => `${textOf(each)}\n`).join('')
        : standardText(failure);
  return text.endsWith('\n') ? text : `${text}\n`;
}

function standardText(failure: Error): string {
  if (failure instanceof ApiFailure) return textOf(failure);
  return failure.message.startsWith('error: ') ? failure.message : `error: ${failure.message}`;
}

function textOf(failure: Error): string {
  if (!(failure instanceof ApiFailure)) return failure.message;
  const { reason, message } = failure.status;
  if (reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`;
  return reason === '' ? `Error from server: ${message}` : `Error from server (${reason}): ${message}`;
}

const INVALID = 'The request is invalid';

function invalidText({ message, details }: Status): string {
  if (!details) return message === '' ? INVALID : `${INVALID}: ${message}`;
  const { kind = '', name = '', causes = [] } = details;
  if (causes.length === 0) {
    if (kind !== '' || name !== '') return `The ${kind} ${goQuote(name)} is invalid`;
    return message === '' ? INVALID : `${INVALID}: ${message}`;
  }
  const head = kind !== '' || name !== '' ? `The ${kind} ${goQuote(name)} is invalid` : INVALID;
  const texts = [...new Set(causes.map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`))];
  if (texts.length === 1) return `${head}: ${texts[0]}\n`;
  return `${head}: \n${texts.map((text) => `* ${text}\n`).join('')}`;
}
