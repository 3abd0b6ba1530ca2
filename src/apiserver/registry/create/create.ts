// A create request from the decoded object to the stored one.
// Behaviour: [apiserver]/pkg/registry/rest/create.go, generic/registry/store.go (create), endpoints/handlers/create.go, Kubernetes v1.36.3.
import { truncateBase } from '../../../apimachinery/generated-name.ts';
import { type KubeObject, type MutableMeta, type ObjectMeta, withMetadata } from '../../../apimachinery/object.ts';
import { alreadyExists, badRequest, failure, generateNameConflict, type Status } from '../../../apimachinery/status.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import { asStored } from '../../../schema/decode/given-empty.ts';
import type { AdmissionAttributes, AdmissionContext } from '../../admission/chain/plugin.ts';
import { attributesOf, forbiddenStatus } from '../../authorization/authorizer.ts';
import type { Answer, CreateRequest } from '../../request.ts';
import { groupResourceOf, resourceNameOf } from '../../resource.ts';
import { validateMetadata } from '../metadata-validation.ts';
import { noteMissingDefaults } from '../missing-defaults.ts';
import { accept, admit, invalid, notAllocated, type RequestScope, refuse, runDeferred } from '../scope.ts';
import { trackManagedFields } from '../track-managed-fields.ts';
import { toRequestedVersion, toStoredVersion } from '../versions.ts';
import { isOneOfMany, makeAlike, type Recipe, Recording, recipeFor } from './create-alike.ts';
import { createByForm, FormRecording, formOf } from './create-by-form.ts';

const VERSION_ON_CREATE = 'resourceVersion should not be set on objects to be created';
export const NAMESPACE_DIFFERS =
  'the namespace of the provided object does not match the namespace sent on the request';
/** How often a generated name that is taken is tried anew. */
const NAME_ATTEMPTS = 8;

export function createObject(request: CreateRequest, scope: RequestScope): Answer {
  const placed = ensureNamespace(request.object, request.namespace, scope);
  if (!placed) return refuse(badRequest(NAMESPACE_DIFFERS), scope.warnings);
  const form = formOf(placed, request, scope);
  if (form !== undefined) return createByForm(form, placed, scope) ?? createFirstOfForm(form, placed, request, scope);
  if (!isOneOfMany(request, scope)) return createStep(placed, request, scope);
  const recipe = recipeFor(placed, scope);
  if (recipe) return withOtherNames(placed, scope, () => createAlike(recipe, scope));
  const recording = new Recording(placed, scope);
  const answer = createStep(placed, request, recording.scope);
  if (answer.ok) recording.keep(answer.object);
  return answer;
}

function createFirstOfForm(form: string, placed: KubeObject, request: CreateRequest, scope: RequestScope): Answer {
  const recording = new FormRecording(form, placed, scope);
  const answer = createStep(placed, request, recording.scope);
  if (answer.ok) recording.keep(answer.object);
  return answer;
}

function createStep(placed: KubeObject, request: CreateRequest, scope: RequestScope): Answer {
  const given = withoutSystemFields(toStoredVersion(placed, request.apiVersion, scope), scope);
  return createStored(trackManagedFields(given, undefined, request, scope), request, scope);
}

/** The steps of a create from an object of the stored version on; an apply that creates comes in here too. */
export function createStored(object: KubeObject, request: CreateRequest, scope: RequestScope): Answer {
  return withOtherNames(object, scope, () => createOnce(object, request, scope));
}

/** Tries other names while the one that was drawn is taken. */
function withOtherNames(object: KubeObject, { warnings }: RequestScope, create: () => Answer): Answer {
  const before = warnings.length;
  let answer = create();
  for (let attempt = 1; attempt < NAME_ATTEMPTS && isNameTaken(answer, object); attempt++) {
    warnings.splice(before);
    answer = create();
  }
  return answer;
}

function createAlike(recipe: Recipe, scope: RequestScope): Answer {
  scope.warnings.push(...recipe.warnings);
  const object = makeAlike(recipe, scope.context);
  const result = scope.store.create(resourceNameOf(scope.resource), object, scope.write, true);
  return result.ok ? accept(201, result.object, scope.warnings) : taken(object, scope);
}

function createOnce(given: KubeObject, request: CreateRequest, scope: RequestScope): Answer {
  const { resource, context, warnings } = scope;
  const { strategy } = resource;
  const after: Parameters<AdmissionContext['afterStored']>[0][] = [];
  const attributes: AdmissionAttributes = {
    operation: 'CREATE',
    resource,
    subresource: '',
    namespace: given.metadata.namespace,
    name: given.metadata.name ?? '',
    object: given,
    oldObject: undefined,
  };

  const mutated = admit('mutate', attributes, scope, after);
  if (mutated && 'status' in mutated) return refuse(mutated.status, warnings);
  const named = request.subresource ? undefined : request.name;
  const place = { resource, namespace: request.namespace, name: named };
  const denied = resource.checkWrite?.(mutated?.object ?? given, undefined, place, context);
  if (denied) return refuse(denied, warnings);
  let object = fillSystemFields(mutated?.object ?? given, scope);

  const begun = strategy.beginCreate?.(object, context);
  if (begun && !begun.ok) return refuse(notAllocated(scope, object.metadata.name ?? '', begun), warnings);
  object = begun?.object ?? object;
  // A plugin may have moved it.
  if (!ensureNamespace(object, given.metadata.namespace, scope)) return refuse(badRequest(NAMESPACE_DIFFERS), warnings);

  object = strategy.prepareForCreate?.(object, context) ?? object;
  const name = object.metadata.name ?? '';
  const ofMetadata = validateMetadata(object.metadata, resource);
  const more = strategy.validate?.(object, context) ?? [];
  const errors = strategy.looksAtMetadataLast && more.length > 0 ? more : [...ofMetadata, ...more];
  if (errors.length > 0) return refuse(invalid(scope, name, errors), warnings);
  if (strategy.warningsOnCreate) warnings.push(...strategy.warningsOnCreate(object, context));
  object = strategy.canonicalize?.(object, context) ?? object;

  // What a PUT or a PATCH would create takes the right to create.
  const forbidden = named === undefined ? undefined : deniedCreate(named, request.namespace, scope);
  if (forbidden) return refuse(forbidden, warnings);
  const admitted = admit('validate', attributes, scope, after, { name, object });
  if (admitted && 'status' in admitted) return refuse(admitted.status, warnings);

  object = resource.custom ? object : asStored(object);
  if (context.dryRun) {
    if (scope.store.get(resourceNameOf(resource), object.metadata.namespace, name)) return taken(object, scope);
    return accept(201, toRequestedVersion(object, request.apiVersion, scope), warnings);
  }
  // The store says so, which a dry run does not come to, nor a PUT or a PATCH that creates.
  if (named === undefined && Number(object.metadata.resourceVersion ?? 0) > 0)
    return refuse(failure(500, '', VERSION_ON_CREATE), warnings);
  // Its uid and its name were written into a copy of its own.
  const result = scope.store.create(resourceNameOf(resource), object, scope.write, true);
  if (!result.ok) return taken(object, scope);
  if (strategy.isStoredWithoutDefaults?.(given, context)) noteMissingDefaults(result.object);
  if (after.length > 0) scope.recording?.spoil();
  runDeferred(after, scope);
  return accept(201, toRequestedVersion(result.object, request.apiVersion, scope), warnings);
}

function deniedCreate(
  name: string,
  namespace: string | undefined,
  { resource, context }: RequestScope,
): Status | undefined {
  const { authorizer, user } = context;
  if (!authorizer) return undefined;
  const attributes = attributesOf('create', resource, { name, ...(namespace === undefined ? {} : { namespace }) });
  const { isAllowed, reason } = authorizer.authorize(user, attributes);
  return isAllowed ? undefined : forbiddenStatus(user, attributes, reason);
}

function taken(object: KubeObject, scope: RequestScope): Answer {
  const name = object.metadata.name ?? '';
  // Said also where the request gave both a name and a prefix.
  const status = object.metadata.generateName
    ? generateNameConflict(groupResourceOf(scope.resource), name, 1)
    : alreadyExists(groupResourceOf(scope.resource), name);
  return refuse(status, scope.warnings);
}

function isNameTaken(answer: Answer, object: KubeObject): boolean {
  return (
    !answer.ok && answer.status.reason === 'AlreadyExists' && !object.metadata.name && !!object.metadata.generateName
  );
}

/** The object with the request's namespace where it named none; undefined when they differ. */
export function ensureNamespace(
  object: KubeObject,
  namespace: string | undefined,
  { resource }: Pick<RequestScope, 'resource'>,
): KubeObject | undefined {
  const expected = resource.namespaced ? (namespace ?? '') : '';
  const actual = object.metadata.namespace ?? '';
  if (actual === expected) return object;
  const { namespace: _, ...metadata } = object.metadata;
  // What has no namespace loses the one it names.
  if (expected === '') return { ...object, metadata };
  return actual === '' ? { ...object, metadata: { ...metadata, namespace: expected } } : undefined;
}

/** What the server alone may set. */
function withoutSystemFields(object: KubeObject, { fieldManager }: RequestScope): KubeObject {
  if (!hasSystemFields(object.metadata)) return object;
  const {
    deletionTimestamp: _1,
    deletionGracePeriodSeconds: _2,
    selfLink: _3,
    creationTimestamp: _4,
    uid: _5,
    managedFields,
    ...metadata
  } = object.metadata;
  const isTracked = fieldManager !== undefined && managedFields !== undefined;
  return { ...object, metadata: isTracked ? { ...metadata, managedFields } : metadata };
}

function hasSystemFields(metadata: ObjectMeta): boolean {
  return (
    'uid' in metadata ||
    'creationTimestamp' in metadata ||
    'deletionTimestamp' in metadata ||
    'deletionGracePeriodSeconds' in metadata ||
    'selfLink' in metadata ||
    'managedFields' in metadata
  );
}

function fillSystemFields(object: KubeObject, { context }: RequestScope): KubeObject {
  const { metadata } = object;
  const { allocate, now } = context;
  const filled: MutableMeta = { ...metadata };
  const { name, generateName } = metadata;
  if (!name && generateName) filled.name = truncateBase(generateName) + allocate.nameSuffix(generateName);
  filled.uid = allocate.uid();
  filled.creationTimestamp = formatTime(now);
  return withMetadata(object, filled);
}
