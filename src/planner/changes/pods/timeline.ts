// How the pods of a plan get from their first state to their last: one entry for each change that a reader of a timeline wants to see.
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { type History, type ObjectHistory, secondOf } from '../history.ts';
import type { PodMoment, PodState } from '../plan.ts';

/** The second at which a pod's first state stands when it was there before. */
export const BEFORE = -1;

export function timelineOf(history: History, startedAt: number): PodMoment[] {
  const pods = history.of('pods');
  const states = pods.map(({ writes: [first] }) => (first!.previous ? stateOf(first!.previous as Pod) : undefined));
  const nodes = pods.map(({ writes: [first] }) => nodeOf(first!.previous as Pod | undefined));
  const hasMoved = new Uint8Array(pods.length);
  const moments: PodMoment[] = [];
  const of = history.historiesOfWrites('pods');
  history.writesOf('pods').forEach((write, i) => {
    const { index } = of[i]!;
    const pod = write.object as Pod;
    const state = write.type === 'DELETED' ? 'gone' : stateOf(pod);
    const node = nodeOf(pod);
    if (states[index] === state && nodes[index] === node) return;
    states[index] = state;
    nodes[index] = node;
    hasMoved[index] = 1;
    moments.push(momentOf(of[i]!, state, node, secondOf(write, startedAt)));
  });
  // A pod that was there and stays as it was is no news.
  const first = pods.flatMap((each): PodMoment[] => {
    const before = each.writes[0]!.previous as Pod | undefined;
    return before && hasMoved[each.index] ? [momentOf(each, stateOf(before), nodeOf(before), BEFORE)] : [];
  });
  return [...first, ...moments];
}

export function stateOf({ metadata, spec, status }: Pod): PodState {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return 'ended';
  if (!spec.nodeName) return 'waiting';
  if (status?.phase !== 'Running') return 'starting';
  const isReady = status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
  return isReady && metadata.deletionTimestamp === undefined ? 'ready' : 'unready';
}

/** An empty name is no node. */
function nodeOf(pod: Pod | undefined): string | undefined {
  return pod?.spec.nodeName || undefined;
}

function momentOf({ ref }: ObjectHistory, state: PodState, node: string | undefined, at: number): PodMoment {
  return node === undefined ? { at, pod: ref, state } : { at, pod: ref, state, node };
}
