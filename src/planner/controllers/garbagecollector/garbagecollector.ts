// Deletes what has lost its last owner, and finishes deletions that wait for dependents or leave them behind.
// Behaviour: pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go, Kubernetes v1.36.3.
// Differs: the graph of owners is the store's `owner` index; since it is never behind, no virtual nodes are needed.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { goQuote } from '../../../apimachinery/go-quote.ts';
import {
  FINALIZER_DELETE_DEPENDENTS,
  FINALIZER_ORPHAN_DEPENDENTS,
  type KubeObject,
  type OwnerReference,
} from '../../../apimachinery/object.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import { resourceNameOf } from '../../../apiserver/resource.ts';
import type { ResourceName, StoreEvent } from '../../../apiserver/store/store.ts';
import { findKind } from '../../../schema/kinds.ts';
import { ANY_RESOURCE, type ControllerFactory, type SyncContext, type SyncResult } from '../../engine/controller.ts';

interface Item {
  readonly resource: ResourceName;
  readonly object: KubeObject;
}

interface OwnerPlace {
  readonly resource: ResourceName;
  readonly namespaced: boolean;
}

const RETRY: SyncResult = { retry: true };
const NO_OWNERS: readonly OwnerReference[] = [];

export const garbageCollector: ControllerFactory = () => {
  /** Resources of which some object ever had an owner: dependents are looked for only there. */
  const owned = new Set<ResourceName>();
  const ownerPlaces = new Map<string, OwnerPlace | undefined>();

  const dependentsOf = (uid: string | undefined, reader: ClusterReader): readonly Item[] => {
    if (!uid) return [];
    return [...owned]
      .sort()
      .flatMap((resource) => reader.listByIndex(resource, 'owner', uid).map((object) => ({ resource, object })));
  };

  return {
    name: 'garbage-collector-controller',
    watches: [{ resource: ANY_RESOURCE, keys: (event, reader) => keysOf(event, reader) }],
    sync(key, context) {
      const item = read(key, context.reader);
      return item && attempt(item, context);
    },
  };

  function keysOf({ type, resource, object, previous }: StoreEvent, reader: ClusterReader): readonly string[] {
    if (resource === 'events') return [];
    const { metadata } = object;
    const owners = metadata.ownerReferences;
    if (owners?.length) owned.add(resource);
    const keys: string[] = [];
    if (type === 'DELETED') {
      for (const dependent of dependentsOf(metadata.uid, reader)) keys.push(keyOf(dependent));
      for (const owner of owners ?? []) keys.push(...waitingOwners(owner, metadata.namespace, reader));
      return keys;
    }
    const before = type === 'MODIFIED' ? previous : undefined;
    if (startsWaiting(object, before)) {
      if (!hasFinalizer(object, FINALIZER_ORPHAN_DEPENDENTS))
        for (const dependent of dependentsOf(metadata.uid, reader)) keys.push(keyOf(dependent));
      keys.push(keyOf({ resource, object }));
    }
    const old = before?.metadata.ownerReferences;
    if (owners === old || semanticDeepEqual(owners, old)) return keys;
    for (const reference of old ?? []) {
      const now = owners?.find(({ uid }) => uid === reference.uid);
      if (reference.blockOwnerDeletion && !now?.blockOwnerDeletion)
        keys.push(...waitingOwners(reference, metadata.namespace, reader));
    }
    if (owners?.length && (before || !hasSolidOwners(object, reader))) keys.push(keyOf({ resource, object }));
    return keys;
  }

  /** Whether every owner is there and stays, so that a look would find nothing to do; false where that cannot be told at once. */
  function hasSolidOwners({ metadata }: KubeObject, reader: ClusterReader): boolean {
    if (metadata.deletionTimestamp) return false;
    return (metadata.ownerReferences ?? NO_OWNERS).every(({ apiVersion, kind, name, uid }) => {
      const owners = ownersOf(apiVersion, kind);
      if (!owners) return false;
      const owner = reader.get(owners.resource, owners.namespaced ? metadata.namespace : undefined, name);
      return owner !== undefined && owner.metadata.uid === uid && !owner.metadata.deletionTimestamp;
    });
  }

  /** Where owners of a built-in kind are. */
  function ownersOf(apiVersion: string, kind: string): OwnerPlace | undefined {
    const type = `${apiVersion} ${kind}`;
    if (!ownerPlaces.has(type)) {
      const found = findKind(apiVersion, kind);
      const resource = found && resourceNameOf({ group: found.group, plural: found.resource });
      ownerPlaces.set(type, found && resource ? { resource, namespaced: found.namespaced } : undefined);
    }
    return ownerPlaces.get(type);
  }

  /** Owners that wait for the deletion of their dependents; found among everything of that name. */
  function waitingOwners(
    { name, uid }: OwnerReference,
    namespace: string | undefined,
    reader: ClusterReader,
  ): string[] {
    for (const resource of reader.resources())
      for (const object of [reader.get(resource, namespace, name), namespace && reader.get(resource, undefined, name)])
        if (object && object.metadata.uid === uid)
          return object.metadata.deletionTimestamp ? [keyOf({ resource, object })] : [];
    return [];
  }

  function attempt(item: Item, context: SyncContext): SyncResult | undefined {
    const { metadata } = item.object;
    if (metadata.deletionTimestamp) {
      if (hasFinalizer(item.object, FINALIZER_ORPHAN_DEPENDENTS)) return orphanDependents(item, context);
      if (hasFinalizer(item.object, FINALIZER_DELETE_DEPENDENTS)) return awaitDependents(item, context);
      return undefined;
    }
    if (!metadata.ownerReferences?.length) return undefined;
    return collect(item, metadata.ownerReferences, context);
  }

  function collect(item: Item, references: readonly OwnerReference[], context: SyncContext): SyncResult | undefined {
    const { object } = item;
    const solid: OwnerReference[] = [];
    const dangling: OwnerReference[] = [];
    const waiting: OwnerReference[] = [];
    for (const reference of references) {
      const owner = ownerOf(reference, object, context);
      // A kind that is not served may be served later; a namespaced owner of a cluster-scoped object is never looked for.
      if (owner === 'unknown') return undefined;
      if (!owner) dangling.push(reference);
      else if (owner.metadata.deletionTimestamp && hasFinalizer(owner, FINALIZER_DELETE_DEPENDENTS))
        waiting.push(reference);
      else solid.push(reference);
    }
    if (solid.length > 0)
      return solid.length === references.length ? undefined : update(item, withOwners(object, solid), context);

    const uid = object.metadata.uid ?? '';
    if (waiting.length > 0) {
      const dependents = dependentsOf(uid, context.reader);
      if (dependents.length > 0) {
        // Dependents that themselves wait for this object would wait forever.
        if (
          dependents.some(
            ({ object: { metadata } }) =>
              metadata.deletionTimestamp && metadata.finalizers?.includes(FINALIZER_DELETE_DEPENDENTS),
          )
        )
          update(
            item,
            withOwners(
              object,
              references.map(({ blockOwnerDeletion: _, ...rest }) => ({ ...rest, blockOwnerDeletion: false })),
            ),
            context,
          );
        return remove(item, 'Foreground', context);
      }
    }
    if (hasFinalizer(object, FINALIZER_ORPHAN_DEPENDENTS)) return remove(item, 'Orphan', context);
    return remove(item, hasFinalizer(object, FINALIZER_DELETE_DEPENDENTS) ? 'Foreground' : 'Background', context);
  }

  /** The owner that a reference means, nothing when there is none, or 'unknown' when that cannot be said. */
  function ownerOf(
    { apiVersion, kind, name, uid }: OwnerReference,
    { metadata, ...dependent }: KubeObject,
    { catalog, reader, recorder }: SyncContext,
  ): KubeObject | 'unknown' | undefined {
    const resource = catalog.byKind(apiVersion, kind);
    if (!resource) return 'unknown';
    const { namespace } = metadata;
    if (resource.namespaced && !namespace) return 'unknown';
    const resourceName = resourceNameOf(resource);
    const owner = reader.get(resourceName, resource.namespaced ? namespace : undefined, name);
    if (owner?.metadata.uid === uid) return owner;
    if (
      resource.namespaced &&
      reader.list(resourceName).some((other) => other.metadata.uid === uid && other.metadata.namespace !== namespace)
    ) {
      const identity = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
      const message = `ownerRef ${identity} does not exist in namespace ${goQuote(namespace ?? '')}`;
      recorder.event({ ...dependent, metadata }, 'Warning', 'OwnerRefInvalidNamespace', message);
    }
    return undefined;
  }

  /** Removes the owner once no dependent blocks it any more, and sees to those that do. */
  function awaitDependents(item: Item, context: SyncContext): SyncResult | undefined {
    const uid = item.object.metadata.uid ?? '';
    const blocking = dependentsOf(uid, context.reader).filter(({ object }) =>
      object.metadata.ownerReferences?.some((reference) => reference.uid === uid && reference.blockOwnerDeletion),
    );
    if (blocking.length === 0) return update(item, withoutFinalizer(item.object, FINALIZER_DELETE_DEPENDENTS), context);
    for (const dependent of blocking) if (!dependent.object.metadata.deletionTimestamp) attempt(dependent, context);
    return undefined;
  }

  function orphanDependents(item: Item, context: SyncContext): SyncResult | undefined {
    const uid = item.object.metadata.uid ?? '';
    for (const dependent of dependentsOf(uid, context.reader)) {
      const others = (dependent.object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
      if (update(dependent, withOwners(dependent.object, others), context)) return RETRY;
    }
    return update(item, withoutFinalizer(item.object, FINALIZER_ORPHAN_DEPENDENTS), context);
  }
};

function remove(
  { resource, object }: Item,
  propagationPolicy: 'Background' | 'Foreground' | 'Orphan',
  context: SyncContext,
) {
  const { namespace, name = '', uid = '' } = object.metadata;
  const answer = context.on(object).delete(resource, { namespace, name }, { propagationPolicy, uid });
  return answer.ok || answer.status.reason === 'NotFound' ? undefined : RETRY;
}

function update({ resource, object }: Item, next: KubeObject, context: SyncContext): SyncResult | undefined {
  const answer = context.on(object).update(resource, next);
  return answer.ok || answer.status.reason === 'NotFound' ? undefined : RETRY;
}

function hasFinalizer({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}

/** Whether the deletion of an object with one of the two finalizers begins with this write. */
function startsWaiting(object: KubeObject, before: KubeObject | undefined): boolean {
  const waits = (o: KubeObject, finalizer: string) =>
    o.metadata.deletionTimestamp !== undefined && hasFinalizer(o, finalizer);
  return [FINALIZER_ORPHAN_DEPENDENTS, FINALIZER_DELETE_DEPENDENTS].some(
    (finalizer) => waits(object, finalizer) && !(before && waits(before, finalizer)),
  );
}

function withOwners(object: KubeObject, ownerReferences: readonly OwnerReference[]): KubeObject {
  const { ownerReferences: _, ...metadata } = object.metadata;
  return { ...object, metadata: ownerReferences.length > 0 ? { ...metadata, ownerReferences } : metadata };
}

function withoutFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const { finalizers = [], ...metadata } = object.metadata;
  const left = finalizers.filter((name) => name !== finalizer);
  return { ...object, metadata: left.length > 0 ? { ...metadata, finalizers: left } : metadata };
}

/** `resource|namespace/name`: neither part can hold a bar. */
function keyOf({ resource, object }: Item): string {
  return `${resource}|${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function read(key: string, reader: ClusterReader): Item | undefined {
  const bar = key.indexOf('|');
  const slash = key.indexOf('/', bar);
  const resource = key.slice(0, bar);
  const namespace = key.slice(bar + 1, slash);
  const object = reader.get(resource, namespace || undefined, key.slice(slash + 1));
  return object && { resource, object };
}
