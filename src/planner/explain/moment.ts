// When the scheduler decided about a pod, and the cluster as it was at that moment.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Store, StoreEvent } from '../../apiserver/store/store.ts';
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import { SCHEDULED_BY } from '../scheduler/explain/object-set.ts';
import type { PodRef } from './pod-explanation.ts';

export interface Moment {
  /** Just before the decision was written. */
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface History {
  /** The scheduler bound the pod. */
  readonly bound?: Moment;
  /** The scheduler evicted others for the pod. */
  readonly preempted?: Moment;
}

/** The revision that stores begin with. */
const OLDEST = 1;

const SCHEDULER = 'default-scheduler';

/** What the store's log tells about a pod; nothing where the log has been cut. */
export function historyOf(store: Store, { namespace, name }: PodRef): History {
  const events = store.events(OLDEST);
  if (events === 'expired') return {};
  let bound: Moment | undefined;
  let preempted: Moment | undefined;
  for (const event of events) {
    if (event.resource !== 'pods') continue;
    if (isBind(event) && isPod(event.object, namespace, name)) bound = before(event);
    const { who, object } = event.cause;
    const isVictim = who === SCHEDULER && object?.namespace === namespace && object.name === name && isDeletion(event);
    if (isVictim && !isPod(event.object, namespace, name)) preempted ??= before(event);
  }
  return { ...(bound ? { bound } : {}), ...(preempted ? { preempted } : {}) };
}

/** Everything that the scheduler reads, as it was; 'expired' when that is no longer known. */
export function objectsAt(store: Store, revision: number): readonly KubeObject[] | 'expired' {
  const objects: KubeObject[] = [];
  for (const resource of SCHEDULED_BY) {
    const list = revision >= store.revision ? store.list(resource) : store.listAt(resource, revision);
    if (list === 'expired') return 'expired';
    for (const object of list) objects.push(object);
  }
  return objects;
}

function before({ revision, at }: StoreEvent): Moment {
  return { revision: revision - 1, at };
}

function isBind({ object, previous }: StoreEvent): boolean {
  const [now, then] = [object as Pod, previous as Pod | undefined]; // events of pods carry pods
  return then !== undefined && !then.spec.nodeName && Boolean(now.spec.nodeName);
}

function isDeletion({ type, object, previous }: StoreEvent): boolean {
  return (
    type === 'DELETED' || (object.metadata.deletionTimestamp !== undefined && !previous?.metadata.deletionTimestamp)
  );
}

function isPod({ metadata }: KubeObject, namespace: string, name: string): boolean {
  return metadata.namespace === namespace && metadata.name === name;
}
