// Two lists of tolerations as one, without those that another of them covers.
// Behaviour: pkg/util/tolerations/tolerations.go, Kubernetes v1.36.3.
import type { Toleration } from '../../../schema/generated/types/core-v1.ts';
import { matchToleration } from '../../../selectors/toleration.ts';

export function mergeTolerations(
  first: readonly Toleration[] = [],
  second: readonly Toleration[] = [],
): readonly Toleration[] {
  const all = [...first, ...second];
  const merged: Toleration[] = [];
  for (const [i, toleration] of all.entries()) {
    const isCovered =
      merged.some((kept) => covers(kept, toleration)) ||
      all.slice(i + 1).some((later) => !isEqual(toleration, later) && covers(later, toleration));
    if (!isCovered) merged.push(toleration);
  }
  return merged;
}

/** Whether `wide` tolerates everything that `narrow` does. */
function covers(wide: Toleration, narrow: Toleration): boolean {
  if (isEqual(wide, narrow)) return true;
  const matchesAllKeys = !wide.key && wide.operator === 'Exists';
  if ((wide.key ?? '') !== (narrow.key ?? '') && !matchesAllKeys) return false;
  if (wide.effect && wide.effect !== (narrow.effect ?? '')) return false;
  const { tolerationSeconds } = wide;
  if (wide.effect === 'NoExecute' && tolerationSeconds !== undefined)
    if (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > tolerationSeconds) return false;
  if (wide.operator === 'Exists') return true;
  if (wide.operator && wide.operator !== 'Equal') return false;
  // An operator that is left out on this side counts as none, although it means Equal.
  return narrow.operator === 'Equal' && (narrow.value ?? '') === (wide.value ?? '');
}

function isEqual(a: Toleration, b: Toleration): boolean {
  return a.tolerationSeconds === b.tolerationSeconds && matchToleration(a, b);
}
