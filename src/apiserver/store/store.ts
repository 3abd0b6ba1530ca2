// What the cluster holds: every object by resource and key, a revision for every write, and the log of writes.
// Role: etcd v3 behind [apiserver]/pkg/storage (etcd3 store and watch cache), Kubernetes v1.36.3.
//
// Contract (test/apiserver/store proves it against a naive model):
// - a write raises `revision` by one and stamps it on the object as metadata.resourceVersion (decimal text);
// - objects handed in and out are shared and must never be changed;
// - `expected` on update and delete is compared with the stored resourceVersion; a difference is a conflict and writes nothing;
// - lists come back in key order: namespace, then name, by code unit;
// - `events(since)` gives every write after that revision, in order, or `expired` when they were compacted away; what the store begins
//   with (`restore`) is no write that anybody can ask for;
// - `fork()` shares everything; both sides go on independently, each copying the table of a resource at its first write to it.
import { type KubeObject, type MutableMeta, withMetadata } from '../../apimachinery/object.ts';
import type { Cause } from '../request.ts';
import { EventLog } from './event-log.ts';
import { ResourceTable } from './resource-table.ts';

/** `plural` or `plural.group`, as in `pods` and `deployments.apps`. */
export type ResourceName = string;

export type StoreEventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface StoreEvent {
  readonly revision: number;
  readonly type: StoreEventType;
  readonly resource: ResourceName;
  readonly object: KubeObject;
  /** The object as it was before; absent when it was added. */
  readonly previous?: KubeObject;
  readonly cause: Cause;
  /** Simulated time in milliseconds since the epoch. */
  readonly at: number;
}

export type WriteResult =
  | { readonly ok: true; readonly object: KubeObject }
  | { readonly ok: false; readonly error: 'exists' | 'missing' | 'conflict'; readonly current?: KubeObject };

/** An index that the store keeps: the values under which an object is found. */
export interface IndexDefinition {
  readonly name: string;
  readonly resource: ResourceName;
  values(object: KubeObject): readonly string[];
  /** The only part of an object that the values come from: while a write leaves it alone, the index need not be touched. */
  basis?(object: KubeObject): unknown;
}

export interface WriteContext {
  readonly cause: Cause;
  readonly at: number;
}

export class Store {
  #revision: number;
  #tables: Map<ResourceName, ResourceTable>;
  #log: EventLog;

  constructor(revision = 1) {
    this.#revision = revision;
    this.#tables = new Map();
    this.#log = new EventLog(revision);
  }

  /** The revision of the newest write. */
  get revision(): number {
    return this.#revision;
  }

  /** The oldest revision after which events are still known. */
  get compactedRevision(): number {
    return this.#log.compactedRevision;
  }

  /** Independent copy; O(number of resources), a resource is copied when it is first written. */
  fork(): Store {
    const copy = new Store(this.#revision);
    copy.#tables = new Map([...this.#tables].map(([name, table]) => [name, table.fork()]));
    copy.#log = this.#log.fork();
    return copy;
  }

  addIndex(index: IndexDefinition): void {
    this.#table(index.resource).addIndex(index.name, index);
  }

  get(resource: ResourceName, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#tables.get(resource)?.get(namespace ?? '', name);
  }

  /** All objects of a resource, or those of one namespace. */
  list(resource: ResourceName, namespace?: string): readonly KubeObject[] {
    return this.#tables.get(resource)?.list(namespace) ?? [];
  }

  count(resource: ResourceName): number {
    return this.#tables.get(resource)?.size ?? 0;
  }

  /** The revision of the newest write to a resource; 0 before the first. */
  revisionOf(resource: ResourceName): number {
    return this.#tables.get(resource)?.revision ?? 0;
  }

  /** Objects that an index files under `value`, in key order. */
  listByIndex(resource: ResourceName, index: string, value: string): readonly KubeObject[] {
    return this.#tables.get(resource)?.listByIndex(index, value) ?? [];
  }

  /** Objects with this label; the index of a label key is made at its first use and kept from then on. */
  listByLabel(resource: ResourceName, key: string, value: string, namespace?: string): readonly KubeObject[] {
    return this.#tables.get(resource)?.listByLabel(key, value, namespace) ?? [];
  }

  /** Resources that hold at least one object, by name. */
  resources(): ResourceName[] {
    return [...this.#tables]
      .filter(([, table]) => table.size > 0)
      .map(([name]) => name)
      .sort();
  }

  /** Namespaces that hold at least one object, by name. */
  namespaces(): string[] {
    const found = new Set([...this.#tables.values()].flatMap((table) => table.namespaces()));
    found.delete('');
    return [...found].sort();
  }

  /** An object that was made for this write, with metadata of its own, is stored as it is; of any other the metadata is copied. */
  create(resource: ResourceName, object: KubeObject, context: WriteContext, isFresh = false): WriteResult {
    const table = this.#table(resource);
    const { namespace = '', name = '' } = object.metadata;
    const current = table.get(namespace, name);
    if (current) return { ok: false, error: 'exists', current };
    const stored = isFresh ? this.#stampFresh(object) : this.#stamp(object);
    table.create(namespace, name, stored, this.#revision);
    this.#append('ADDED', resource, stored, undefined, context);
    return { ok: true, object: stored };
  }

  /**
   * A fresh object that the store is to have begun with: `create` without an event, as long as there has been no other write. Answers
   * whether its name was free.
   */
  restore(resource: ResourceName, object: KubeObject, context: WriteContext): boolean {
    const table = this.#table(resource);
    const { namespace = '', name = '' } = object.metadata;
    if (table.get(namespace, name)) return false;
    const stored = this.#stampFresh(object);
    table.create(namespace, name, stored, this.#revision);
    if (!this.#log.beginAfter(this.#revision)) this.#append('ADDED', resource, stored, undefined, context);
    return true;
  }

  /** A fresh object is stored as it is, as in `create`. */
  update(
    resource: ResourceName,
    object: KubeObject,
    expected: string | undefined,
    context: WriteContext,
    isFresh = false,
  ): WriteResult {
    const table = this.#table(resource);
    const { namespace = '', name = '' } = object.metadata;
    const current = table.get(namespace, name);
    if (!current) return { ok: false, error: 'missing' };
    if (expected && expected !== current.metadata.resourceVersion) return { ok: false, error: 'conflict', current };
    const stored = isFresh ? this.#stampFresh(object) : this.#stamp(object);
    table.replace(namespace, name, stored, this.#revision);
    this.#append('MODIFIED', resource, stored, current, context);
    return { ok: true, object: stored };
  }

  delete(
    resource: ResourceName,
    namespace: string | undefined = '',
    name: string,
    expected: string | undefined,
    context: WriteContext,
  ): WriteResult {
    const table = this.#table(resource);
    const current = table.get(namespace, name);
    if (!current) return { ok: false, error: 'missing' };
    if (expected && expected !== current.metadata.resourceVersion) return { ok: false, error: 'conflict', current };
    const last = this.#stamp(current);
    table.delete(namespace, name, this.#revision);
    this.#append('DELETED', resource, last, current, context);
    return { ok: true, object: last };
  }

  /** Every write after `since`; 'expired' when some of them were compacted away. */
  events(since: number): readonly StoreEvent[] | 'expired' {
    return this.#log.since(since);
  }

  /** The event that made this revision, if it is still known. */
  event(revision: number): StoreEvent | undefined {
    return this.#log.at(revision);
  }

  /** Forgets the events up to and including `revision`; objects stay. */
  compact(revision: number): void {
    this.#log.compact(Math.min(revision, this.#revision));
  }

  /** The objects of a resource as they were just after `revision`; 'expired' when that is no longer known. */
  listAt(resource: ResourceName, revision: number): KubeObject[] | 'expired' {
    const later = this.#log.since(revision);
    if (later === 'expired') return 'expired';
    const then = new Map(this.list(resource).map((object) => [keyOf(object), object] as const));
    for (let i = later.length - 1; i >= 0; i--) {
      const event = later[i]!;
      if (event.resource !== resource) continue;
      if (event.previous) then.set(keyOf(event.previous), event.previous);
      else then.delete(keyOf(event.object));
    }
    return [...then].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, object]) => object);
  }

  #table(resource: ResourceName): ResourceTable {
    let table = this.#tables.get(resource);
    if (!table) this.#tables.set(resource, (table = new ResourceTable()));
    return table;
  }

  #stamp(object: KubeObject): KubeObject {
    this.#revision += 1;
    const metadata: MutableMeta = { ...object.metadata };
    metadata.resourceVersion = String(this.#revision);
    return withMetadata(object, metadata);
  }

  /** Nobody else has seen the object yet. */
  #stampFresh(object: KubeObject): KubeObject {
    this.#revision += 1;
    (object.metadata as { resourceVersion?: string }).resourceVersion = String(this.#revision);
    return object;
  }

  #append(
    type: StoreEventType,
    resource: ResourceName,
    object: KubeObject,
    previous: KubeObject | undefined,
    { cause, at }: WriteContext,
  ): void {
    const revision = this.#revision;
    this.#log.append(
      previous
        ? { revision, type, resource, object, cause, at, previous }
        : { revision, type, resource, object, cause, at },
    );
  }
}

/** `namespace/name`, or `/name` for what has no namespace: sorts as etcd sorts its keys. */
export function storageKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

export function keyOf(object: KubeObject): string {
  return storageKey(object.metadata.namespace, object.metadata.name ?? '');
}
