// An update request: the new object, checked against the stored one, takes its place.
// Behaviour: [apiserver]/pkg/registry/rest/update.go, generic/registry/store.go (Update), endpoints/handlers/update.go, Kubernetes v1.36.3.
import { invalid as invalidField } from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import { parseGoUint } from '../../apimachinery/go/int.ts';
import { type KubeObject, type MutableMeta, type ObjectMeta, withMetadata } from '../../apimachinery/object.ts';
import { badRequest, conflict, failure, newInvalid, notFound, type Status } from '../../apimachinery/status.ts';
import { asStored } from '../../schema/decode/given-empty.ts';
import type { AdmissionAttributes, AdmissionContext } from '../admission/chain/plugin.ts';
import type { Answer, UpdateRequest } from '../request.ts';
import { groupResourceOf, resourceNameOf, type Strategy, type SubresourceStrategy } from '../resource.ts';
import { createObject, ensureNamespace, NAMESPACE_DIFFERS } from './create/create.ts';
import { validateMetadataUpdate } from './metadata-validation.ts';
import { lacksDefaults } from './missing-defaults.ts';
import { isSameObject } from './same-object.ts';
import { accept, admit, invalid, notAllocated, type RequestScope, refuse, runDeferred } from './scope.ts';
import { wrongUidText } from './storage-key.ts';
import { storedObject } from './stored-object.ts';
import { keepTimesOfOwners, trackManagedFields } from './track-managed-fields.ts';
import { toRequestedVersion, toStoredVersion } from './versions.ts';
import { wrongNameText } from './wrong-name.ts';

const OPTIMISTIC_LOCK_ERROR =
  'the object has been modified; please apply your changes to the latest version and try again';
const METADATA = FieldPath.of('metadata');

export function updateObject(request: UpdateRequest, scope: RequestScope): Answer {
  const { resource, context, warnings } = scope;
  const old = storedObject(scope, request.namespace, request.name);
  const placed = ensureNamespace(request.object, request.namespace, scope);
  if (!placed) return refuse(badRequest(NAMESPACE_DIFFERS), warnings);
  const wrongName = wrongNameText(placed.metadata.name ?? '', request.name);
  if (wrongName !== undefined) return refuse(badRequest(wrongName), warnings);
  if (!old) {
    if (!resource.strategy.allowCreateOnUpdate || request.subresource)
      return refuse(notFound(groupResourceOf(scope.resource), request.name), warnings);
    const { subresource: _subresource, ...rest } = request;
    return createObject({ ...rest, verb: 'create' }, scope);
  }
  const { uid } = placed.metadata;
  if (uid && uid !== old.metadata.uid)
    return refuse(
      conflict(groupResourceOf(scope.resource), request.name, wrongUidText(resource, old, uid, context.dryRun)),
      warnings,
    );
  const object = toStoredVersion(placed, request.apiVersion, scope, old);
  return replaceObject(trackManagedFields(object, old, request, scope), old, request, scope);
}

/** The steps of an update from the full new object on; patches and scale writes come in here too. */
export function replaceObject(
  given: KubeObject,
  old: KubeObject,
  request: Pick<UpdateRequest, 'name' | 'subresource' | 'apiVersion'>,
  scope: RequestScope,
): Answer {
  const { resource, context, store, warnings } = scope;
  const strategy = strategyFor(request.subresource, scope);
  if (!strategy)
    return refuse(
      notFound(
        groupResourceOf(scope.resource),
        resource.custom ? request.name : `${request.name}/${request.subresource}`,
      ),
      warnings,
    );
  const after: Parameters<AdmissionContext['afterStored']>[0][] = [];
  const attributes: AdmissionAttributes = {
    operation: 'UPDATE',
    resource,
    subresource: request.subresource ?? '',
    namespace: old.metadata.namespace,
    name: request.name,
    object: given,
    oldObject: old,
  };
  const mutated = admit('mutate', attributes, scope, after);
  if (mutated && 'status' in mutated) return refuse(mutated.status, warnings);
  const sent = mutated?.object ?? given;
  let object = sent;
  const place = { resource, namespace: old.metadata.namespace, name: request.name };
  const denied = request.subresource ? undefined : resource.checkWrite?.(object, old, place, context);
  if (denied) return refuse(denied, warnings);

  const stale = versionRefusal(object, old, request.name, scope);
  if (stale) return refuse(stale, warnings);
  object = withVersionOf(object, old);

  const begun = strategy.beginUpdate?.(object, old, context);
  if (begun && !begun.ok) return refuse(notAllocated(scope, request.name, begun), warnings);
  object = keepGeneration(begun?.object ?? object, old);
  if (!ensureNamespace(object, old.metadata.namespace, scope)) return refuse(badRequest(NAMESPACE_DIFFERS), warnings);
  object = strategy.prepareForUpdate?.(object, old, context) ?? object;
  object = keepSystemFields(object, old.metadata);

  const errors = validateMetadataUpdate(object.metadata, old.metadata, resource);
  const more = strategy.validateUpdate?.(object, old, context) ?? [];
  if (errors.length + more.length > 0) return refuse(invalid(scope, request.name, [...errors, ...more]), warnings);
  if (strategy.warningsOnUpdate) warnings.push(...strategy.warningsOnUpdate(object, old, context));
  object = keepTimesOfOwners(strategy.canonicalize?.(object, context) ?? object, old, resource);

  const admitted = admit('validate', attributes, scope, after, { object });
  if (admitted && 'status' in admitted) return refuse(admitted.status, warnings);

  const answer = (stored: KubeObject) => accept(200, toRequestedVersion(stored, request.apiVersion, scope), warnings);
  object = resource.custom ? object : asStored(object);
  const next = withVersionOf(object, old);
  if (isSameObject(next, old, resource) && !lacksDefaults(old)) return answer(old);
  if (context.dryRun) return answer(next);
  if (lastFinalizerLeft(next) && (resource.strategy.mayDeleteDuringUpdate?.(next) ?? true)) {
    store.delete(resourceNameOf(resource), old.metadata.namespace, request.name, undefined, scope.write);
    runDeferred(after, scope);
    return answer(next);
  }
  // What the steps made of it nobody else has seen.
  const { metadata } = next;
  const isKnown = metadata === sent.metadata || metadata === given.metadata || metadata === old.metadata;
  const isFresh = next !== sent && !isKnown;
  const result = store.update(resourceNameOf(resource), next, undefined, scope.write, isFresh);
  if (!result.ok) return refuse(notFound(groupResourceOf(scope.resource), request.name), warnings);
  runDeferred(after, scope);
  return answer(result.object);
}

/** What refuses an update of another version than the stored one, or of none where one has to be named. */
function versionRefusal(object: KubeObject, old: KubeObject, name: string, scope: RequestScope): Status | undefined {
  const { resource } = scope;
  const version = parseGoUint(object.metadata.resourceVersion || '0', 64);
  if (!version.ok) return failure(500, '', version.error);
  if (version.value !== 0n)
    return String(version.value) === old.metadata.resourceVersion
      ? undefined
      : conflict(groupResourceOf(scope.resource), name, OPTIMISTIC_LOCK_ERROR);
  if (resource.strategy.allowUnconditionalUpdate) return undefined;
  const missing = invalidField(METADATA.child('resourceVersion'), 0, 'must be specified for an update');
  return newInvalid({ group: resource.group, kind: resource.plural }, name, [missing]);
}

/** An unconditional update is one of the version that is there. */
function withVersionOf(object: KubeObject, { metadata: { resourceVersion } }: KubeObject): KubeObject {
  if (resourceVersion === undefined || object.metadata.resourceVersion === resourceVersion) return object;
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

function strategyFor(
  subresource: string | undefined,
  { resource }: RequestScope,
): SubresourceStrategy | Strategy | undefined {
  return subresource ? resource.subresources?.[subresource] : resource.strategy;
}

/** Keys stand in the order in which they were written, in outputs too. */
function lastKeyOf(metadata: ObjectMeta): string | undefined {
  let last: string | undefined;
  for (const key in metadata) last = key;
  return last;
}

function keepGeneration(object: KubeObject, old: KubeObject): KubeObject {
  const { generation } = old.metadata;
  if (object.metadata.generation === generation) {
    if (generation === undefined ? !('generation' in object.metadata) : lastKeyOf(object.metadata) === 'generation')
      return object;
  }
  const { generation: _, ...rest } = object.metadata;
  const metadata: MutableMeta = rest;
  if (generation !== undefined) metadata.generation = generation;
  return withMetadata(object, metadata);
}

function keepSystemFields(object: KubeObject, old: ObjectMeta): KubeObject {
  const { metadata } = object;
  const isKept =
    (metadata.uid || !old.uid) &&
    (!old.creationTimestamp || metadata.creationTimestamp === old.creationTimestamp) &&
    (!old.deletionTimestamp || metadata.deletionTimestamp === old.deletionTimestamp) &&
    (old.deletionGracePeriodSeconds === undefined || metadata.deletionGracePeriodSeconds !== undefined);
  if (isKept) return object;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(metadata.uid || !old.uid ? {} : { uid: old.uid }),
      ...(old.creationTimestamp ? { creationTimestamp: old.creationTimestamp } : {}),
      ...(old.deletionTimestamp ? { deletionTimestamp: old.deletionTimestamp } : {}),
      ...(old.deletionGracePeriodSeconds !== undefined && metadata.deletionGracePeriodSeconds === undefined
        ? { deletionGracePeriodSeconds: old.deletionGracePeriodSeconds }
        : {}),
    },
  };
}

/** An object marked for deletion goes when an update leaves it neither finalizers nor grace. */
function lastFinalizerLeft({ metadata }: KubeObject): boolean {
  if (!metadata.deletionTimestamp || (metadata.finalizers?.length ?? 0) > 0) return false;
  return (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}
