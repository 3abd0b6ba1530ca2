// What it costs to delete an object and create it anew: the pods that go, and how few are ready meanwhile.
import type { ObjectRef } from '../../../apimachinery/diagnostic.ts';
import { addressOf } from '../address.ts';
import type { PlanChange, PodMoment, Replacement } from '../plan.ts';
import { BEFORE } from './timeline.ts';

/** `because` by address of the object. */
export function withReplacements(
  changes: readonly PlanChange[],
  because: ReadonlyMap<string, readonly string[]>,
  timeline: readonly PodMoment[],
): readonly PlanChange[] {
  if (because.size === 0) return changes;
  const owners = new Map(changes.map(({ object, owner }) => [addressOf(object), owner && addressOf(owner)] as const));
  const rootOf = (address: string): string => {
    let at = address;
    for (let depth = 0; depth < 12; depth++) {
      const owner = owners.get(at);
      if (owner === undefined) return at;
      at = owner;
    }
    return at;
  };
  return changes.map((change) => {
    const reasons = because.get(addressOf(change.object));
    if (!reasons) return change;
    const address = addressOf(change.object);
    const isPart = (pod: Pick<ObjectRef, 'namespace' | 'name'>) =>
      rootOf(addressOf({ kind: 'Pod', ...pod })) === address;
    const podsDeleted = changes.filter(
      ({ action, object }) => object.kind === 'Pod' && action !== 'create' && action !== 'update' && isPart(object),
    ).length;
    return {
      ...change,
      replacement: { because: reasons, podsDeleted, ...readiness(timeline.filter(({ pod }) => isPart(pod))) },
    };
  });
}

function readiness(moments: readonly PodMoment[]): Pick<Replacement, 'readyBefore' | 'readyAtLeast'> {
  const ready = new Set<string>();
  let readyBefore = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const { at, pod, state } of moments) {
    const key = `${pod.namespace}/${pod.name}`;
    if (state === 'ready') ready.add(key);
    else ready.delete(key);
    if (at === BEFORE) readyBefore = ready.size;
    else least = Math.min(least, ready.size);
  }
  return { readyBefore, readyAtLeast: Math.min(readyBefore, least) };
}
