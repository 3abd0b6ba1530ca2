// How the pods of a plan get from their first state to their last: one entry for each change that a reader of a timeline wants to see.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { StoreEvent } from '../../apiserver/store/store.ts';
import { keyOf } from '../../apiserver/store/store.ts';
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import type { PodMoment, PodState } from './plan.ts';
import { secondOf } from './writes.ts';

/** The second at which a pod's first state stands when it was there before. */
export const BEFORE = -1;

export function timelineOf(writes: readonly StoreEvent[], startedAt: number): PodMoment[] {
  const last = new Map<string, PodMoment>();
  const first: PodMoment[] = [];
  const moments: PodMoment[] = [];
  for (const write of writes) {
    if (write.resource !== 'pods') continue;
    const key = keyOf(write.object);
    let known = last.get(key);
    if (!known && write.previous) {
      known = momentOf(write.previous, stateOf(write.previous as Pod), BEFORE);
      first.push(known);
    }
    const state = write.type === 'DELETED' ? 'gone' : stateOf(write.object as Pod);
    const moment = momentOf(write.object, state, secondOf(write, startedAt));
    last.set(key, moment);
    if (known?.state !== moment.state || known.node !== moment.node) moments.push(moment);
  }
  // A pod that was there and stays as it was is no news.
  const moved = new Set(moments.map(({ pod }) => `${pod.namespace}/${pod.name}`));
  return [...first.filter(({ pod }) => moved.has(`${pod.namespace}/${pod.name}`)), ...moments];
}

export function stateOf({ metadata, spec, status }: Pod): PodState {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return 'ended';
  if (!spec.nodeName) return 'waiting';
  if (status?.phase !== 'Running') return 'starting';
  const isReady = status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
  return isReady && metadata.deletionTimestamp === undefined ? 'ready' : 'unready';
}

function momentOf(object: KubeObject, state: PodState, at: number): PodMoment {
  const { metadata, spec } = object as Pod;
  const pod = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
  return { at, pod, state, ...(spec.nodeName ? { node: spec.nodeName } : {}) };
}
