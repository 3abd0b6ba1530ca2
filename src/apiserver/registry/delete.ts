// A delete request: gone at once, or marked and kept until its grace has passed and its finalizers are done.
// Behaviour: [apiserver]/pkg/registry/rest/delete.go, generic/registry/store.go (Delete), Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { conflict, forbidden, notFound } from '../../apimachinery/status.ts';
import { formatTime, parseTime } from '../../apimachinery/time/time.ts';
import { FINALIZER_DELETE_DEPENDENTS, FINALIZER_ORPHAN_DEPENDENTS } from '../../apimachinery/well-known/finalizers.ts';
import type { AdmissionAttributes, AdmissionContext } from '../admission/chain/plugin.ts';
import type { Answer, DeleteRequest, PropagationPolicy } from '../request.ts';
import { groupResourceOf, resourceNameOf } from '../resource.ts';
import { accept, admit, type RequestScope, refuse, runDeferred } from './scope.ts';

export function deleteObject(request: DeleteRequest, scope: RequestScope): Answer {
  const { resource, store, context, warnings } = scope;
  const name = resourceNameOf(resource);
  const object = store.get(name, request.namespace, request.name);
  if (!object) return refuse(notFound(groupResourceOf(scope.resource), request.name), warnings);
  const kept = resource.strategy.keepsForever?.(request.name);
  if (kept !== undefined) return refuse(forbidden(groupResourceOf(scope.resource), request.name, kept), warnings);
  const failed = failedPrecondition(object, request, scope);
  if (failed) return refuse(failed, warnings);

  const after: Parameters<AdmissionContext['afterStored']>[0][] = [];
  const attributes: AdmissionAttributes = {
    operation: 'DELETE',
    resource,
    subresource: '',
    namespace: request.namespace,
    name: request.name,
    object: undefined,
    oldObject: object,
  };
  const refused = admit('mutate', attributes, scope, after) ?? admit('validate', attributes, scope, after);
  if (refused && 'status' in refused) return refuse(refused.status, warnings);

  const next = markedForDeletion(object, request, scope);
  if (next === object || context.dryRun) return accept(200, next ?? object, warnings);
  if (!next) store.delete(name, request.namespace, request.name, undefined, scope.write);
  else store.update(name, next, undefined, scope.write);
  runDeferred(after, scope);
  const stored = next && store.get(name, request.namespace, request.name);
  return accept(200, stored ?? object, warnings);
}

function failedPrecondition({ metadata }: KubeObject, { preconditions, name }: DeleteRequest, scope: RequestScope) {
  const target = { group: scope.resource.group, resource: scope.resource.kind };
  if (preconditions?.uid && preconditions.uid !== metadata.uid)
    return conflict(
      target,
      name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (preconditions?.resourceVersion && preconditions.resourceVersion !== metadata.resourceVersion)
    return conflict(
      target,
      name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  return undefined;
}

/** The object as it stays behind, the very same object when nothing changes, or undefined when it goes at once. */
function markedForDeletion(object: KubeObject, request: DeleteRequest, scope: RequestScope): KubeObject | undefined {
  const { strategy } = scope.resource;
  const own = strategy.startDeletion?.(object, scope.context);
  if (own) return own;
  const graceful = withGrace(object, request.gracePeriodSeconds, scope);
  if (graceful === 'pending') return object;
  const before = object.metadata.finalizers ?? [];
  const finalizers = finalizersFor(before, request.propagationPolicy ?? undefined, strategy.defaultPropagation);
  if (graceful) {
    const stays = finalizers.length > 0 || (graceful.metadata.deletionGracePeriodSeconds ?? 0) > 0;
    return stays ? withFinalizers(graceful, finalizers) : undefined;
  }
  if (finalizers.length === 0) return undefined;
  const marked = withFinalizers(markedAtOnce(object, scope), finalizers);
  const unchanged =
    object.metadata.deletionTimestamp !== undefined &&
    object.metadata.deletionGracePeriodSeconds === 0 &&
    finalizers.length === before.length &&
    finalizers.every((f) => before.includes(f));
  return unchanged ? object : marked;
}

function withGrace(
  object: KubeObject,
  requested: number | undefined,
  scope: RequestScope,
): KubeObject | 'pending' | undefined {
  const { strategy } = scope.resource;
  if (!strategy.gracePeriodSeconds) return undefined;
  const wanted = requested !== undefined && requested < 0 ? 1 : requested;
  const { metadata } = object;
  const { now } = scope.context;
  if (!metadata.deletionTimestamp) {
    const seconds = strategy.gracePeriodSeconds(object, wanted, scope.context);
    return {
      ...object,
      metadata: {
        ...metadata,
        deletionTimestamp: formatTime(now + seconds * 1000),
        deletionGracePeriodSeconds: seconds,
        ...(metadata.generation ? { generation: metadata.generation + 1 } : {}),
      },
    };
  }
  const running = metadata.deletionGracePeriodSeconds ?? 0;
  if (running === 0) return undefined;
  if (wanted === undefined || wanted >= running) return 'pending';
  const end = (parseTime(metadata.deletionTimestamp) ?? now) - running * 1000 + wanted * 1000;
  const isOver = end < now;
  return {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: formatTime(isOver ? now : end),
      deletionGracePeriodSeconds: isOver && wanted !== 0 ? 1 : wanted,
    },
  };
}

function markedAtOnce(object: KubeObject, { context }: RequestScope): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: metadata.deletionTimestamp ?? formatTime(context.now),
      deletionGracePeriodSeconds: 0,
      ...(metadata.generation && !metadata.deletionTimestamp ? { generation: metadata.generation + 1 } : {}),
    },
  };
}

function finalizersFor(
  before: readonly string[],
  requested: PropagationPolicy | undefined,
  fallback: PropagationPolicy | undefined,
): readonly string[] {
  const kept = before.filter((f) => f !== FINALIZER_DELETE_DEPENDENTS && f !== FINALIZER_ORPHAN_DEPENDENTS);
  const marked = before.includes(FINALIZER_ORPHAN_DEPENDENTS)
    ? 'Orphan'
    : before.includes(FINALIZER_DELETE_DEPENDENTS)
      ? 'Foreground'
      : undefined;
  const policy = requested ?? marked ?? fallback;
  if (policy === 'Orphan') return [...kept, FINALIZER_ORPHAN_DEPENDENTS];
  return policy === 'Foreground' ? [...kept, FINALIZER_DELETE_DEPENDENTS] : kept;
}

function withFinalizers(object: KubeObject, finalizers: readonly string[]): KubeObject {
  const { finalizers: _, ...metadata } = object.metadata;
  return { ...object, metadata: finalizers.length > 0 ? { ...metadata, finalizers } : metadata };
}
