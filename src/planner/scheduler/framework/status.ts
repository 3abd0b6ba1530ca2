// What a plugin answers: whether a pod may go on, and if not, why.
// Behaviour: staging/src/k8s.io/kube-scheduler/framework/interface.go, Kubernetes v1.36.3.

export type StatusCode =
  | 'Success'
  | 'Error'
  | 'Unschedulable'
  | 'UnschedulableAndUnresolvable'
  | 'Wait'
  | 'Skip'
  | 'Pending';

export interface Status {
  readonly code: StatusCode;
  readonly reasons: readonly string[];
  /** The plugin that answered; filled in by the runtime. */
  readonly plugin?: string;
}

/** Success is the absence of a status, as upstream's nil. */
export type MaybeStatus = Status | undefined;

export const SKIP: Status = { code: 'Skip', reasons: [] };

/** The pod does not fit now; preemption may help. */
export function unschedulable(...reasons: string[]): Status {
  return { code: 'Unschedulable', reasons };
}

/** The pod does not fit and evicting others will not change that. */
export function unschedulableAndUnresolvable(...reasons: string[]): Status {
  return { code: 'UnschedulableAndUnresolvable', reasons };
}

export function errorStatus(message: string): Status {
  return { code: 'Error', reasons: [message] };
}

export function isSuccess(status: MaybeStatus): status is undefined {
  return status === undefined || status.code === 'Success';
}

export function isSkip(status: MaybeStatus): boolean {
  return status?.code === 'Skip';
}

export function isRejected(status: MaybeStatus): boolean {
  const code = status?.code;
  return code === 'Unschedulable' || code === 'UnschedulableAndUnresolvable' || code === 'Pending';
}

export function statusMessage(status: MaybeStatus): string {
  return status === undefined ? '' : status.reasons.join(', ');
}

/** Statuses without a plugin are mostly constants of plugins: each is written out once. */
const SIGNED = new WeakMap<Status, Status>();

export function withPlugin(status: Status, plugin: string): Status {
  if (status.plugin === plugin) return status;
  const known = SIGNED.get(status);
  if (known?.plugin === plugin) return known;
  const signed = { ...status, plugin };
  SIGNED.set(status, signed);
  return signed;
}
