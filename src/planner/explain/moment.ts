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

const SCHEDULER = 'default-scheduler';

/** What the store's log tells about each pod, read once; nothing where the log has been cut. */
export class Histories {
  readonly #byPod = new Map<string, { bound?: Moment; preempted?: Moment }>();

  constructor(store: Store) {
    const events = store.events(store.compactedRevision);
    for (const event of events === 'expired' ? [] : events) {
      if (event.resource !== 'pods') continue;
      const { metadata } = event.object;
      const key = keyOf(metadata.namespace, metadata.name);
      if (isBind(event)) this.#entry(key).bound = before(event);
      const { who, object } = event.cause;
      if (who !== SCHEDULER || object === undefined || !isDeletion(event)) continue;
      const preemptor = keyOf(object.namespace, object.name);
      if (preemptor !== key) this.#entry(preemptor).preempted ??= before(event);
    }
  }

  of({ namespace, name }: PodRef): History {
    return this.#byPod.get(keyOf(namespace, name)) ?? {};
  }

  #entry(key: string): { bound?: Moment; preempted?: Moment } {
    let entry = this.#byPod.get(key);
    if (!entry) this.#byPod.set(key, (entry = {}));
    return entry;
  }
}

function keyOf(namespace: string | undefined, name: string | undefined): string {
  return `${namespace}/${name}`;
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
