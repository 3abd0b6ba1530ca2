// The writes that a plan is made of: every event of the store since the manifests were applied.
import type { Store, StoreEvent } from '../../apiserver/store/store.ts';

export function writesSince(store: Store, since: number): readonly StoreEvent[] {
  const writes = store.events(since);
  if (writes === 'expired') throw new Error(`events after revision ${since} were compacted before the plan was made`);
  return writes;
}

/** Simulated seconds since the manifests were applied. */
export function secondOf({ at }: Pick<StoreEvent, 'at'>, startedAt: number): number {
  return Math.max(0, Math.round((at - startedAt) / 1000));
}
