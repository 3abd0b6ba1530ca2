// The cluster at a second of the timeline: in which state the pods of the plan stand then.
import type { Plan, PodState } from '../../planner/changes/plan.ts';

/** From what waits to what is over. */
const ORDER: readonly PodState[] = ['waiting', 'starting', 'unready', 'ready', 'ended', 'gone'];

/** Counts of states by second, each second that something happens in, in order. */
export type Moments = ReadonlyMap<number, ReadonlyMap<PodState, number>>;

export function momentsOf({ timeline }: Plan): Moments {
  const states = new Map<string, PodState>();
  const counts = new Map<PodState, number>();
  const moments = new Map<number, ReadonlyMap<PodState, number>>();
  let second: number | undefined;
  for (const { at, pod, state } of timeline) {
    if (second !== undefined && at !== second) moments.set(second, new Map(counts));
    second = at;
    const key = `${pod.namespace}/${pod.name}`;
    const before = states.get(key);
    if (before !== undefined) counts.set(before, (counts.get(before) ?? 0) - 1);
    counts.set(state, (counts.get(state) ?? 0) + 1);
    states.set(key, state);
  }
  if (second !== undefined) moments.set(second, new Map(counts));
  return moments;
}

/** `12 ready, 3 starting`; the newest state that is known at that second. */
export function momentText(moments: Moments, at: number): string {
  let found: ReadonlyMap<PodState, number> | undefined;
  for (const [second, counts] of moments) if (second <= at) found = counts;
  return ORDER.flatMap((state) => {
    const count = found?.get(state) ?? 0;
    return count > 0 ? [`${count} ${state}`] : [];
  }).join(', ');
}
