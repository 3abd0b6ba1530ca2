// The writes that a plan is made of, filed once by resource and object: each part of the plan looks only at what it is about.
import { type ResourceName, type Store, type StoreEvent, storageKey } from '../../apiserver/store/store.ts';

/** All writes of one key of a resource, oldest first; it may have been deleted and made anew on the way. */
export interface ObjectHistory {
  readonly resource: ResourceName;
  /** `namespace/name`, or `/name` for what has no namespace. */
  readonly key: string;
  /** Place among the histories of the resource, by first write. */
  readonly index: number;
  /** Namespace and name as the parts of a plan refer to them. */
  readonly ref: { readonly namespace: string; readonly name: string };
  readonly writes: readonly StoreEvent[];
}

interface Filed {
  readonly byKey: Map<string, ObjectHistory>;
  readonly histories: ObjectHistory[];
  readonly writes: StoreEvent[];
  /** The history of each write. */
  readonly of: ObjectHistory[];
}

const NOTHING: Filed = { byKey: new Map(), histories: [], writes: [], of: [] };

export class History {
  /** Every write, oldest first. */
  readonly writes: readonly StoreEvent[];
  readonly #filed = new Map<ResourceName, Filed>();
  readonly #all: ObjectHistory[] = [];

  constructor(writes: readonly StoreEvent[]) {
    this.writes = writes;
    for (const write of writes) {
      let filed = this.#filed.get(write.resource);
      if (!filed) this.#filed.set(write.resource, (filed = { byKey: new Map(), histories: [], writes: [], of: [] }));
      const history = this.#historyOf(filed, write);
      (history.writes as StoreEvent[]).push(write);
      filed.writes.push(write);
      filed.of.push(history);
    }
  }

  static since(store: Store, revision: number): History {
    const writes = store.events(revision);
    if (writes === 'expired')
      throw new Error(`events after revision ${revision} were compacted before the plan was made`);
    return new History(writes);
  }

  /** Of all resources, by first write. */
  get all(): readonly ObjectHistory[] {
    return this.#all;
  }

  /** Of one resource, by first write. */
  of(resource: ResourceName): readonly ObjectHistory[] {
    return this.#filedOf(resource).histories;
  }

  find(resource: ResourceName, namespace: string | undefined, name: string): ObjectHistory | undefined {
    return this.#filed.get(resource)?.byKey.get(storageKey(namespace, name));
  }

  /** The writes of one resource, oldest first. */
  writesOf(resource: ResourceName): readonly StoreEvent[] {
    return this.#filedOf(resource).writes;
  }

  /** The history of each of `writesOf`. */
  historiesOfWrites(resource: ResourceName): readonly ObjectHistory[] {
    return this.#filedOf(resource).of;
  }

  #filedOf(resource: ResourceName): Filed {
    return this.#filed.get(resource) ?? NOTHING;
  }

  #historyOf({ byKey, histories }: Filed, { resource, object }: StoreEvent): ObjectHistory {
    const { namespace, name = '' } = object.metadata;
    const key = storageKey(namespace, name);
    const known = byKey.get(key);
    if (known) return known;
    const ref = { namespace: namespace ?? '', name };
    const history = { resource, key, index: histories.length, ref, writes: [] };
    byKey.set(key, history);
    histories.push(history);
    this.#all.push(history);
    return history;
  }
}

/** Simulated seconds since the manifests were applied. */
export function secondOf({ at }: Pick<StoreEvent, 'at'>, startedAt: number): number {
  return Math.max(0, Math.round((at - startedAt) / 1000));
}
