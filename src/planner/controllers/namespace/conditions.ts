// What a terminating namespace says about its emptying.
// Behaviour: pkg/controller/namespace/deletion/status_condition_utils.go, Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { NamespaceCondition } from '../../../schema/generated/types/core-v1.ts';

/** In the order in which they are added, with what they say when nothing is wrong. */
const OK_CONDITIONS: readonly NamespaceCondition[] = [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    status: 'False',
    reason: 'ResourcesDiscovered',
    message: 'All resources successfully discovered',
  },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    status: 'False',
    reason: 'ParsedGroupVersions',
    message: 'All legacy kube types successfully parsed',
  },
  {
    type: 'NamespaceDeletionContentFailure',
    status: 'False',
    reason: 'ContentDeleted',
    message: 'All content successfully deleted, may be waiting on finalization',
  },
  {
    type: 'NamespaceContentRemaining',
    status: 'False',
    reason: 'ContentRemoved',
    message: 'All content successfully removed',
  },
  {
    type: 'NamespaceFinalizersRemaining',
    status: 'False',
    reason: 'ContentHasNoFinalizers',
    message: 'All content-preserving finalizers finished',
  },
];

/** How much is left of each resource, by `resource.group`, and how many objects each finalizer holds. */
interface ContentTotals {
  readonly remaining: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
}

/** Conditions that say that something is left, or that deletions were refused. */
export function problemConditions(
  { remaining, finalizers }: ContentTotals,
  errors: readonly string[],
): readonly NamespaceCondition[] {
  const conditions: NamespaceCondition[] = [];
  if (remaining.size > 0) {
    const counts = [...remaining].map(([resource, count]) => `${resource} has ${count} resource instances`).sort();
    conditions.push({
      type: 'NamespaceContentRemaining',
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${counts.join(', ')}`,
    });
  }
  if (finalizers.size > 0) {
    const counts = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
    conditions.push({
      type: 'NamespaceFinalizersRemaining',
      status: 'True',
      reason: 'SomeFinalizersRemain',
      message: `Some content in the namespace has finalizers remaining: ${counts.join(', ')}`,
    });
  }
  if (errors.length > 0)
    conditions.push({
      type: 'NamespaceDeletionContentFailure',
      status: 'True',
      reason: 'ContentDeletionFailed',
      message: `Failed to delete all resource types, ${errors.length} remaining: ${[...errors].sort().join(', ')}`,
    });
  return conditions;
}

/** All five conditions brought up to date; the very same list when nothing changed. */
export function withNamespaceConditions(
  before: readonly NamespaceCondition[],
  problems: readonly NamespaceCondition[],
  now: number,
): readonly NamespaceCondition[] {
  const next = [...before];
  let changed = false;
  for (const ok of OK_CONDITIONS) {
    const wanted = problems.find(({ type }) => type === ok.type) ?? ok;
    const at = next.findIndex(({ type }) => type === ok.type);
    const old = next[at];
    if (old?.status === wanted.status && old.reason === wanted.reason && old.message === wanted.message) continue;
    changed = true;
    const since = old?.status === wanted.status ? (old.lastTransitionTime ?? formatTime(now)) : formatTime(now);
    const condition = { ...wanted, lastTransitionTime: since };
    if (at < 0) next.push(condition);
    else next[at] = condition;
  }
  return changed ? next : before;
}
