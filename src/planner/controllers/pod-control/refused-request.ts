// What becomes of a sync when the API server refuses one of its requests: it ends, and is tried again later.
// Behaviour: the `if err != nil { return err }` of every pkg/controller sync with AddRateLimited, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Status } from '../../../apimachinery/status.ts';
import type { Answer } from '../../../apiserver/request.ts';
import type { SyncContext, SyncResult } from '../../engine/controller.ts';

/** Ends a sync; the message is the text of the Go error. */
export class SyncError extends Error {}

export class RefusedRequest extends SyncError {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }
}

/** The object of an answer that says yes; else the end of the sync. */
export function accepted<T extends KubeObject>(answer: Answer<T>): T {
  if (answer.ok) return answer.object;
  throw new RefusedRequest(answer.status);
}

/** As `accepted`, but an object that is gone is no error. */
export function acceptedOrGone<T extends KubeObject>(answer: Answer<T>): T | undefined {
  return !answer.ok && answer.status.reason === 'NotFound' ? undefined : accepted(answer);
}

type Sync = (key: string, context: SyncContext) => SyncResult | undefined;

interface RetryOptions {
  /** How often a key is tried again before it is left alone; without end when absent. */
  readonly maxRetries?: number;
  /** Whether a failure is worth another try; each is when absent. */
  isWorthRetry?(error: SyncError): boolean;
}

/** The sync, tried again with growing delay when it ends with a refused request. */
export function retryWhenRefused(sync: Sync, { maxRetries, isWorthRetry }: RetryOptions = {}): Sync {
  const retries = new Map<string, number>();
  return (key, context) => {
    try {
      const result = sync(key, context);
      retries.delete(key);
      return result;
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      const count = retries.get(key) ?? 0;
      if (isWorthRetry?.(error) === false || (maxRetries !== undefined && count >= maxRetries)) {
        retries.delete(key);
        return undefined;
      }
      if (maxRetries !== undefined) retries.set(key, count + 1);
      return { retry: true };
    }
  };
}

const NAMESPACE_TERMINATING = 'NamespaceTerminating';

/** Creating is pointless, because the namespace is being deleted: nobody reports this or tries again. */
export function isNamespaceTerminating({ details }: Status): boolean {
  return details?.causes?.some(({ reason }) => reason === NAMESPACE_TERMINATING) ?? false;
}

export function isNamespaceTerminatingError(error: SyncError): boolean {
  return error instanceof RefusedRequest && isNamespaceTerminating(error.status);
}
