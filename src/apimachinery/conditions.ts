// Finding and setting conditions in a status.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/api/meta/conditions.go, Kubernetes v1.36.3.

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
}

interface TypedStatus {
  readonly type: string;
  readonly status: string;
}

export function findCondition<C extends { readonly type: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(conditions: readonly TypedStatus[] | undefined, type: string): boolean {
  return isConditionStatus(conditions, type, 'True');
}

function isConditionStatus(conditions: readonly TypedStatus[] | undefined, type: string, status: string): boolean {
  return findCondition(conditions, type)?.status === status;
}

/** The list with the condition added or brought up to date; the transition time moves only when the status changes. */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  next: Condition,
  now: string,
): readonly Condition[] {
  const list = conditions ?? [];
  const at = list.findIndex((condition) => condition.type === next.type);
  const existing = list[at];
  if (existing === undefined) return [...list, { ...next, lastTransitionTime: next.lastTransitionTime ?? now }];
  const time = existing.status === next.status ? existing.lastTransitionTime : (next.lastTransitionTime ?? now);
  const { lastTransitionTime: _given, ...rest } = next;
  return list.with(at, time === undefined ? rest : { ...rest, lastTransitionTime: time });
}
