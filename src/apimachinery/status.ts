// The answers of the apiserver that say no: a metav1.Status for each reason, worded as upstream words it.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go, Kubernetes v1.36.3.
import { aggregateMessage } from './aggregate-error.ts';
import { type FieldError, fieldErrorBody, fieldErrorMessage } from './field-error.ts';
import { goQuote } from './go/quote.ts';
import { type GroupKind, type GroupResource, groupKindText, groupResourceText } from './group-version-kind.ts';

export type StatusReason =
  | ''
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'ServerTimeout'
  | 'StoreReadError'
  | 'Timeout'
  | 'TooManyRequests'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'Expired'
  | 'ServiceUnavailable';

/** Empty strings stand for absent fields, as in the Go type; statusDocument leaves them out. */
interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

interface StatusDetails {
  readonly name: string;
  readonly group: string;
  /** The resource for most reasons, the kind for Invalid. */
  readonly kind: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface Status {
  readonly status: 'Success' | 'Failure';
  readonly code: number;
  readonly reason: StatusReason;
  readonly message: string;
  readonly details?: StatusDetails;
}

const NO_RESOURCE: GroupResource = { group: '', resource: '' };

export function notFound(resource: GroupResource, name: string): Status {
  return failure(404, 'NotFound', `${named(resource, name)} not found`, detailsOf(resource, name));
}

export function alreadyExists(resource: GroupResource, name: string): Status {
  return failure(409, 'AlreadyExists', `${named(resource, name)} already exists`, detailsOf(resource, name));
}

export function generateNameConflict(resource: GroupResource, name: string, retryAfterSeconds: number): Status {
  const message = `${named(resource, name)} already exists, the server was not able to generate a unique name for the object`;
  return failure(409, 'AlreadyExists', message, withRetry(detailsOf(resource, name), retryAfterSeconds));
}

export function forbidden(resource: GroupResource, name: string, text: string): Status {
  let message: string;
  if (resource.group === '' && resource.resource === '') message = `forbidden: ${text}`;
  else if (name === '') message = `${groupResourceText(resource)} is forbidden: ${text}`;
  else message = `${named(resource, name)} is forbidden: ${text}`;
  return failure(403, 'Forbidden', message, detailsOf(resource, name));
}

export function conflict(resource: GroupResource, name: string, text: string): Status {
  const message = `Operation cannot be fulfilled on ${named(resource, name)}: ${text}`;
  return failure(409, 'Conflict', message, detailsOf(resource, name));
}

export function applyConflict(causes: readonly StatusCause[], message: string): Status {
  return failure(409, 'Conflict', message, { ...detailsOf(NO_RESOURCE, ''), causes });
}

/** Every error becomes a cause; in the message a repeated one is said once. */
export function newInvalid(kind: GroupKind, name: string, errors: readonly FieldError[]): Status {
  const subject = `${groupKindText(kind)} ${goQuote(name)} is invalid`;
  const reasons = aggregateMessage(errors.map(fieldErrorMessage));
  return failure(422, 'Invalid', reasons === undefined ? subject : `${subject}: ${reasons}`, {
    name,
    group: kind.group,
    kind: kind.kind,
    causes: errors.map((e) => ({ reason: e.type, message: fieldErrorBody(e), field: e.field })),
  });
}

export function badRequest(message: string): Status {
  return failure(400, 'BadRequest', message);
}

export function tooManyRequests(message: string, retryAfterSeconds: number): Status {
  return failure(429, 'TooManyRequests', message, withRetry(detailsOf(NO_RESOURCE, ''), retryAfterSeconds));
}

export function methodNotSupported(resource: GroupResource, action: string): Status {
  const message = `${action} is not supported on resources of kind ${goQuote(groupResourceText(resource))}`;
  return failure(405, 'MethodNotAllowed', message, detailsOf(resource, ''));
}

export function internalError(text: string): Status {
  return failure(500, 'InternalError', `Internal error occurred: ${text}`, {
    ...detailsOf(NO_RESOURCE, ''),
    causes: [{ reason: '', message: text, field: '' }],
  });
}

export function requestEntityTooLarge(message: string): Status {
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`);
}

export function unsupportedMediaType(message: string): Status {
  return failure(415, 'UnsupportedMediaType', message);
}

const GENERIC: ReadonlyMap<number, readonly [StatusReason, string]> = new Map([
  [404, ['NotFound', 'the server could not find the requested resource']],
  [400, ['BadRequest', 'the server rejected our request for an unknown reason']],
  [401, ['Unauthorized', 'the server has asked for the client to provide credentials']],
  [405, ['MethodNotAllowed', 'the server does not allow this method on the requested resource']],
  [422, ['Invalid', 'the server rejected our request due to an error in our request']],
  [503, ['ServiceUnavailable', 'the server is currently unable to handle the request']],
  [
    504,
    [
      'Timeout',
      'the server was unable to return a response in the time allotted, but may still be processing the request',
    ],
  ],
  [429, ['TooManyRequests', 'the server has received too many requests and has asked us to try again later']],
]);

interface GenericResponse {
  readonly verb?: string;
  readonly resource?: GroupResource;
  readonly name?: string;
  readonly serverMessage?: string;
  readonly retryAfterSeconds?: number;
  readonly isUnexpectedResponse?: boolean;
}

/** What upstream says when it only knows the HTTP code; a JSON patch that does not apply ends here, for example. */
export function genericServerResponse(code: number, response: GenericResponse): Status {
  const { verb = '', resource = NO_RESOURCE, name = '', serverMessage = '', retryAfterSeconds = 0 } = response;
  const [reason, text] = genericReason(code, verb, serverMessage);
  let message = text;
  if (resource.group !== '' || resource.resource !== '') {
    const target = `${verb.toLowerCase()} ${groupResourceText(resource)}`;
    message = `${text} (${name === '' ? target : `${target} ${name}`})`;
  }
  const details = withRetry(detailsOf(resource, name), retryAfterSeconds);
  if (!response.isUnexpectedResponse) return failure(code, reason, message, details);
  const causes = [{ reason: 'UnexpectedServerResponse', message: serverMessage, field: '' }];
  return failure(code, reason, message, { ...details, causes });
}

function genericReason(code: number, verb: string, serverMessage: string): readonly [StatusReason, string] {
  const known = GENERIC.get(code);
  if (known !== undefined) return known;
  switch (code) {
    case 409:
      return [verb === 'POST' ? 'AlreadyExists' : 'Conflict', 'the server reported a conflict'];
    case 403:
      return ['Forbidden', serverMessage];
    case 415:
      return ['UnsupportedMediaType', serverMessage];
    case 406: {
      const silent = serverMessage === '' || serverMessage === 'unknown';
      const text = 'the server was unable to respond with a content type that the client supports';
      return ['NotAcceptable', silent ? text : serverMessage];
    }
    default:
      if (code < 500) {
        return ['', `the server responded with the status code ${code} but did not return more information`];
      }
      return [
        'InternalError',
        `an error on the server (${goQuote(serverMessage)}) has prevented the request from succeeding`,
      ];
  }
}

/** Any other failure: the status code alone decides what the client is told. */
export function failure(code: number, reason: StatusReason, message: string, details?: StatusDetails): Status {
  const status: Status = { status: 'Failure', code, reason, message };
  return details === undefined ? status : { ...status, details };
}

export function success(details?: StatusDetails): Status {
  const status: Status = { status: 'Success', code: 0, reason: '', message: '' };
  return details === undefined ? status : { ...status, details };
}

/** Adds a cause, as admission does when it explains a refusal (NamespaceTerminating, for example). */
export function withCause(status: Status, cause: StatusCause): Status {
  const details = status.details ?? detailsOf(NO_RESOURCE, '');
  return { ...status, details: { ...details, causes: [...(details.causes ?? []), cause] } };
}

export function hasStatusCause(status: Status, reason: string): boolean {
  return status.details?.causes?.some((cause) => cause.reason === reason) ?? false;
}

/** The Status as the apiserver writes it: an API object without its empty fields. */
export function statusDocument(status: Status): Readonly<Record<string, unknown>> {
  const document: Record<string, unknown> = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: status.status };
  if (status.message !== '') document['message'] = status.message;
  if (status.reason !== '') document['reason'] = status.reason;
  if (status.details !== undefined) document['details'] = detailsDocument(status.details);
  if (status.code !== 0) document['code'] = status.code;
  return document;
}

function detailsDocument(details: StatusDetails): Readonly<Record<string, unknown>> {
  const document: Record<string, unknown> = {};
  if (details.name !== '') document['name'] = details.name;
  if (details.group !== '') document['group'] = details.group;
  if (details.kind !== '') document['kind'] = details.kind;
  if (details.uid !== undefined && details.uid !== '') document['uid'] = details.uid;
  if (details.causes !== undefined && details.causes.length > 0) document['causes'] = details.causes.map(causeDocument);
  if (details.retryAfterSeconds) document['retryAfterSeconds'] = details.retryAfterSeconds;
  return document;
}

function causeDocument(cause: StatusCause): Readonly<Record<string, unknown>> {
  const document: Record<string, unknown> = {};
  if (cause.reason !== '') document['reason'] = cause.reason;
  if (cause.message !== '') document['message'] = cause.message;
  if (cause.field !== '') document['field'] = cause.field;
  return document;
}

function named(resource: GroupResource, name: string): string {
  return `${groupResourceText(resource)} ${goQuote(name)}`;
}

function detailsOf(resource: GroupResource, name: string): StatusDetails {
  return { name, group: resource.group, kind: resource.resource };
}

function withRetry(details: StatusDetails, retryAfterSeconds: number): StatusDetails {
  return retryAfterSeconds === 0 ? details : { ...details, retryAfterSeconds };
}
