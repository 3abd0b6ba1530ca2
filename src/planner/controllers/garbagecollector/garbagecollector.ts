// Deletes what has lost its last owner, and finishes deletions that wait for dependents or leave them behind.
// Behaviour: pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go, Kubernetes v1.36.3.
// Differs: the graph of owners is the store's `owner` index; since it is never behind, no virtual nodes are needed.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { KubeObject, OwnerReference } from '../../../apimachinery/object.ts';
import {
  FINALIZER_DELETE_DEPENDENTS,
  FINALIZER_ORPHAN_DEPENDENTS,
} from '../../../apimachinery/well-known/finalizers.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import { type Resource, resourceNameOf } from '../../../apiserver/resource.ts';
import type { ResourceName, StoreEvent } from '../../../apiserver/store/store.ts';
import { findKind } from '../../../schema/kinds.ts';
import { ANY_RESOURCE, type ControllerFactory, type SyncContext, type SyncResult } from '../../engine/controller.ts';
import { withoutFinalizer } from '../../objects/finalizers.ts';

interface Item {
  readonly resource: ResourceName;
  readonly object: KubeObject;
}

const NOTHING: readonly string[] = [];
const RETRY: SyncResult = { retry: true };

export const garbageCollector: ControllerFactory = () => {
  /** Resources of which some object ever had an owner: dependents are looked for only there. */
  const owned = new Set<ResourceName>();
  /** Resources by the kind that owner references name, as they were looked up last. */
  const resources = new Map<string, Pick<Resource, 'group' | 'plural' | 'namespaced'>>();

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
    const before = type === 'MODIFIED' ? previous : undefined;
    const old = before?.metadata.ownerReferences;
    const isSame = owners === old || semanticDeepEqual(owners, old);
    // Most writes end nothing, and make nothing whose owners are not there.
    if (type !== 'DELETED' && metadata.deletionTimestamp === undefined)
      if (isSame || (old === undefined && owners?.every((reference) => isThere(reference, object, reader))))
        return NOTHING;
    const keys: string[] = [];
    if (type === 'DELETED') {
      for (const dependent of dependentsOf(metadata.uid, reader)) keys.push(keyOf(dependent));
      for (const owner of owners ?? []) keys.push(...waitingOwners(owner, metadata.namespace, reader));
      return keys;
    }
    if (startsWaiting(object, before)) {
      if (!hasFinalizer(object, FINALIZER_ORPHAN_DEPENDENTS))
        for (const dependent of dependentsOf(metadata.uid, reader)) keys.push(keyOf(dependent));
      keys.push(keyOf({ resource, object }));
    }
    if (isSame) return keys;
    for (const reference of old ?? []) {
      const now = owners?.find(({ uid }) => uid === reference.uid);
      if (reference.blockOwnerDeletion && !now?.blockOwnerDeletion)
        keys.push(...waitingOwners(reference, metadata.namespace, reader));
    }
    if (owners?.length) keys.push(keyOf({ resource, object }));
    return keys;
  }

  /** Where owners of a kind that every API server has are looked for, before the first of them was. */
  function builtInOwner(
    apiVersion: string,
    kind: string,
  ): Pick<Resource, 'group' | 'plural' | 'namespaced'> | undefined {
    const found = findKind(apiVersion, kind);
    if (!found) return undefined;
    const { group, resource: plural, namespaced } = found;
    const place = { group, plural, namespaced };
    resources.set(`${apiVersion} ${kind}`, place);
    return place;
  }

  /** Whether the owner exists and keeps what it owns, as far as that can be said without asking what is served. */
  function isThere(
    { apiVersion, kind, name, uid }: OwnerReference,
    { metadata: { namespace } }: KubeObject,
    reader: ClusterReader,
  ): boolean {
    const served = resources.get(`${apiVersion} ${kind}`) ?? builtInOwner(apiVersion, kind);
    if (!served || (served.namespaced && !namespace)) return false;
    const owner = reader.get(resourceNameOf(served), served.namespaced ? namespace : undefined, name);
    return owner?.metadata.uid === uid && owner.metadata.deletionTimestamp === undefined;
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
      else if (isAwaitingDependents(owner)) waiting.push(reference);
      else solid.push(reference);
    }
    if (solid.length > 0)
      return solid.length === references.length ? undefined : update(item, withOwners(object, solid), context);

    const dependents = waiting.length > 0 ? dependentsOf(object.metadata.uid, context.reader) : [];
    if (dependents.length > 0) {
      // Dependents that themselves wait for this object would wait forever.
      if (dependents.some((dependent) => isAwaitingDependents(dependent.object)))
        update(item, withOwners(object, references.map(withoutBlock)), context);
      return remove(item, 'Foreground', context);
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
    resources.set(`${apiVersion} ${kind}`, resource);
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

/** Being deleted, and held until its dependents are gone. */
function isAwaitingDependents(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined && hasFinalizer(object, FINALIZER_DELETE_DEPENDENTS);
}

function withoutBlock({ blockOwnerDeletion: _, ...rest }: OwnerReference): OwnerReference {
  return { ...rest, blockOwnerDeletion: false };
}

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
