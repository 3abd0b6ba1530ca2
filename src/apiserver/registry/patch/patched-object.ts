// The stored object with a JSON, merge or strategic merge patch applied to it, read back as an object of its kind.
// Behaviour: [apiserver]/pkg/endpoints/handlers/patch.go (jsonPatcher, smpPatcher), Kubernetes v1.36.3.
import { invalid as invalidField } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { isMap, type Json, type JsonMap } from '../../../apimachinery/json.ts';
import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import { applyJsonPatch, decodeJsonPatch } from '../../../apimachinery/patches/json-patch.ts';
import { applyMergePatch, BAD_JSON_PATCH } from '../../../apimachinery/patches/merge-patch.ts';
import { applyStrategicMergePatch } from '../../../apimachinery/patches/strategic-merge-patch/apply.ts';
import { goText, type PatchOutcome } from '../../../apimachinery/patches/strategic-merge-patch/directives.ts';
import {
  badRequest,
  failure,
  genericServerResponse,
  newInvalid,
  requestEntityTooLarge,
  type Status,
  unsupportedMediaType,
} from '../../../apimachinery/status.ts';
import { plainJson } from '../../../schema/decode/json-tree.ts';
import { strictDecodingError } from '../../../schema/decode/messages.ts';
import { typeIdOfKind } from '../../../schema/kinds.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { type DecodedInto, decodeInto } from '../../decode.ts';
import { withReset } from '../../field-management/managed-fields.ts';
import { structPatchSchema } from '../../field-management/types/struct-patch-schema.ts';
import { conversionError } from '../../field-management/values/from-unstructured.ts';
import type { FieldValidation, PatchRequest } from '../../request.ts';
import { wireObject } from '../managed-kind.ts';
import type { RequestScope } from '../scope.ts';
import { toRequestedVersion, toStoredVersion } from '../versions.ts';
import { checkJsonPatchBody, checkMergePatchBody, type PatchBodyCheck } from './patch-body.ts';
import { jsonPatchedText, mergePatchedText } from './patched-text.ts';
import { remainingPatch } from './remaining-patch.ts';

const MAX_JSON_PATCH_OPERATIONS = 10_000;
const PATCH = FieldPath.of('patch');
/** Custom resources have no struct whose tags would say how to merge. */
export const NO_STRATEGIC_MERGE = unsupportedMediaType(
  'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
);

type PatchedObject = { readonly object: KubeObject } | { readonly status: Status };

/** The way of components in process: the object itself is patched, and what it becomes is taken as it is. */
export function patchedInPlace(request: PatchRequest, old: KubeObject, scope: RequestScope): PatchedObject {
  const before = toRequestedVersion(old, request.apiVersion, scope);
  const patched = valueAfter(request, asJson(before), scope);
  if ('status' in patched) return patched;
  // A component in process patches objects into objects of their kind.
  const object = patched.value as unknown as KubeObject;
  return { object: toStoredVersion({ ...object, metadata: tidied(object.metadata) }, request.apiVersion, scope) };
}

/** Go does not write the lists and maps of metadata that a patch has emptied. */
function tidied(metadata: ObjectMeta): ObjectMeta {
  const { labels, annotations, finalizers, ownerReferences, ...rest } = metadata;
  return {
    ...rest,
    ...(labels && Object.keys(labels).length > 0 ? { labels } : {}),
    ...(annotations && Object.keys(annotations).length > 0 ? { annotations } : {}),
    ...(finalizers && finalizers.length > 0 ? { finalizers } : {}),
    ...(ownerReferences && ownerReferences.length > 0 ? { ownerReferences } : {}),
  };
}

/** The way of the API: the object as it is on the wire is patched and decoded anew. */
export function patchedObject(
  request: PatchRequest,
  old: KubeObject,
  fieldValidation: FieldValidation,
  scope: RequestScope,
): PatchedObject {
  const before = wireObject(toRequestedVersion(old, request.apiVersion, scope), scope);
  const isStrict = fieldValidation !== 'Ignore';
  const checked = checkBody(request, isStrict);
  if ('status' in checked) return checked;
  const patched = valueAfter(request, before, scope);
  if ('status' in patched) return patched;
  const { decoded, text } =
    request.patchType === 'strategic'
      ? decodedFromMap(patched.value, before, request, scope)
      : decodedFromText(patched.value, before, request, isStrict, scope);
  if (!decoded.ok) return { status: invalidPatch(text(), decoded.error) };
  const strictErrors = isStrict ? [...checked.strictErrors, ...decoded.strictErrors] : [];
  if (strictErrors.length > 0 && fieldValidation === 'Strict')
    return { status: invalidPatch(text(), strictDecodingError(strictErrors)) };
  scope.warnings.push(...strictErrors);
  return { object: toStoredVersion(withReset(decoded.object, patched.value), decoded.apiVersion, scope) };
}

function asJson(value: object): Json {
  // Objects are JSON values.
  return value as unknown as Json;
}

function checkBody({ patchType, body }: PatchRequest, isStrict: boolean): PatchBodyCheck {
  if (!body) return { strictErrors: [] };
  if (patchType === 'json') return checkJsonPatchBody(body, isStrict);
  return checkMergePatchBody(body, isStrict, patchType === 'merge');
}

type PatchedValue = { readonly value: Json } | { readonly status: Status };

function valueAfter(request: PatchRequest, before: Json, scope: RequestScope): PatchedValue {
  // A body is JSON.
  const patch = plainJson(request.patch) as Json;
  switch (request.patchType) {
    case 'json':
      return jsonPatched(before, patch);
    case 'merge': {
      const result = applyMergePatch(before, patch);
      if (result.ok) return { value: result.value };
      return { status: result.error === BAD_JSON_PATCH ? badRequest(result.error) : failure(500, '', result.error) };
    }
    case 'strategic':
      return strategicPatched(before, patch, request, scope);
    case 'apply':
      throw new Error('an apply is no patch of the object');
  }
}

function jsonPatched(before: Json, patch: Json): PatchedValue {
  const operations = decodeJsonPatch(patch);
  if (typeof operations === 'string') return { status: badRequest(operations) };
  if (operations.length > MAX_JSON_PATCH_OPERATIONS) {
    const text = `The allowed maximum operations in a JSON patch is ${MAX_JSON_PATCH_OPERATIONS}, got ${operations.length}`;
    return { status: requestEntityTooLarge(text) };
  }
  const result = applyJsonPatch(before, operations);
  if (result.ok) return { value: result.value };
  return { status: genericServerResponse(422, { serverMessage: result.error }) };
}

function strategicPatched(before: Json, patch: Json, request: PatchRequest, scope: RequestScope): PatchedValue {
  const typeId = typeIdOf(request, scope);
  if (typeId === undefined) return { status: NO_STRATEGIC_MERGE };
  const result = applyStrategicMergePatch(before, patch, structPatchSchema(versionOf(scope), typeId));
  return result.ok ? { value: result.value } : { status: strategicFailure(result) };
}

function strategicFailure({ kind, error }: Extract<PatchOutcome, { readonly ok: false }>): Status {
  switch (kind) {
    case 'badRequest':
      return badRequest(error);
    case 'unprocessable':
      return genericServerResponse(422, { serverMessage: error });
    default:
      return failure(500, '', error);
  }
}

function versionOf({ context }: RequestScope): KubernetesVersion {
  // The server simulates only versions that it has the types of.
  return context.kubernetesVersion as KubernetesVersion;
}

function expectedKind(request: PatchRequest, { resource }: RequestScope) {
  const version = request.apiVersion?.slice(request.apiVersion.indexOf('/') + 1) ?? resource.version;
  return { resource, version };
}

function typeIdOf(request: PatchRequest, scope: RequestScope): string | undefined {
  const { resource } = scope;
  if (resource.custom) return undefined;
  const { version } = expectedKind(request, scope);
  const apiVersion = request.apiVersion ?? (resource.group === '' ? version : `${resource.group}/${version}`);
  return typeIdOfKind(apiVersion, resource.kind, versionOf(scope));
}

interface Decoding {
  readonly decoded: DecodedInto;
  /** The patched object or the patch, as errors quote it. */
  readonly text: () => string;
}

function decodedFromText(
  value: Json,
  before: JsonMap,
  request: PatchRequest,
  isStrict: boolean,
  scope: RequestScope,
): Decoding {
  const decoded = decodeInto({ value }, expectedKind(request, scope), versionOf(scope), { strict: isStrict });
  const isSorted = scope.resource.custom !== undefined;
  const text = () =>
    request.patchType === 'json'
      ? jsonPatchedText(before, plainJson(request.patch) as Json, isSorted)
      : mergePatchedText(before, request.patch as Json, value, isSorted);
  return { decoded, text };
}

/** A strategic merge goes from map to object without JSON between; apiVersion and kind are those of the request. */
function decodedFromMap(value: Json, before: JsonMap, request: PatchRequest, scope: RequestScope): Decoding {
  const version = versionOf(scope);
  const text = (): string =>
    goText(remainingPatch(before, plainJson(request.patch) as Json, patchSchema(request, scope)));
  const typeId = typeIdOf(request, scope);
  const error = typeId && conversionError(version, typeId, value, { numbers: 'int64' });
  if (error) return { decoded: { ok: false, error, gvk: undefined }, text };
  const { apiVersion, kind } = before;
  const object = isMap(value) ? { ...value, apiVersion: apiVersion ?? '', kind: kind ?? '' } : value;
  const decoded = decodeInto({ value: object }, expectedKind(request, scope), version, { strict: true });
  if (!decoded.ok) return { decoded, text };
  return { decoded: { ...decoded, strictErrors: [...decoded.strictErrors].sort() }, text };
}

function patchSchema(request: PatchRequest, scope: RequestScope) {
  const typeId = typeIdOf(request, scope);
  return typeId === undefined ? undefined : structPatchSchema(versionOf(scope), typeId);
}

function invalidPatch(text: string, error: string): Status {
  return newInvalid({ group: '', kind: '' }, '', [invalidField(PATCH, text, error)]);
}
