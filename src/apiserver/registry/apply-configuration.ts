// A server-side apply up to the object that is to be stored, with its owners.
// Behaviour: [apiserver]/pkg/endpoints/handlers/patch.go (applyPatcher), Kubernetes v1.36.3.
import { isMap, type Json, type JsonMap } from '../../apimachinery/json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { badRequest, failure, type Status } from '../../apimachinery/status.ts';
import { plainJson } from '../../schema/decode/json-tree.ts';
import { typeIdOfKind } from '../../schema/kinds.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import { decodeInto } from '../decode.ts';
import { applyObject, kindText, type ManagedKind, objectText } from '../field-management/field-manager.ts';
import { conversionError } from '../field-management/values/from-unstructured.ts';
import type { PatchRequest } from '../request.ts';
import { managedKind, managedObject } from './managed-kind.ts';
import type { RequestScope } from './scope.ts';
import { withEntries } from './track-managed-fields.ts';
import { toRequestedVersion, toStoredVersion } from './versions.ts';

type AppliedConfiguration = { readonly object: KubeObject } | { readonly status: Status };

export function appliedObject(
  request: PatchRequest,
  old: KubeObject | undefined,
  scope: RequestScope,
): AppliedConfiguration {
  const kind = managedKind(request, scope);
  const applied = configurationOf(request);
  if ('status' in applied) return applied;
  const live = old
    ? managedObject(toRequestedVersion(old, request.apiVersion, scope), scope)
    : { object: kind.empty, entries: undefined };
  const result = applyObject(kind, live, {
    applied: applied.configuration,
    manager: request.fieldManager ?? '',
    isForced: request.force ?? false,
    now: scope.context.now,
  });
  if (!result.ok) return result;
  const refused = strictRefusal(request, scope);
  if (refused) return { status: refused };
  if (result.isSame && old) return { object: withEntries(old, result.entries) };
  const decoded = decodeApplied(result.object, applied.configuration, kind, request, scope);
  return 'status' in decoded ? decoded : { object: withEntries(decoded.object, result.entries) };
}

function configurationOf({
  patch,
  body,
}: PatchRequest): { readonly configuration: JsonMap } | { readonly status: Status } {
  const refused = (text: string) => ({ status: badRequest(`error decoding YAML: ${text}`) });
  if (body?.error !== undefined) return refused(body.error);
  // A body is JSON, once its YAML is read.
  const value = plainJson(patch) as Json;
  if (value === null) return { configuration: {} };
  if (isMap(value)) return { configuration: value };
  const shape = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return refused(
    `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${shape} into Go value of type map[string]interface {}`,
  );
}

/** Keys that stand twice; unknown fields have been refused by then. */
function strictRefusal({ body, fieldValidation }: PatchRequest, scope: RequestScope): Status | undefined {
  const repeated = body?.duplicateKeys ?? [];
  if (fieldValidation === 'Ignore' || repeated.length === 0) return undefined;
  if (fieldValidation === 'Strict') {
    const lines = repeated.map((line) => `  ${line}`).join('\n');
    return badRequest(`error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n${lines}`);
  }
  scope.warnings.push(...repeated);
  return undefined;
}

function decodeApplied(
  object: JsonMap,
  configuration: JsonMap,
  kind: ManagedKind,
  request: PatchRequest,
  scope: RequestScope,
): AppliedConfiguration {
  const { resource, context } = scope;
  if (resource.custom)
    return { object: toStoredVersion(resource.custom.readApplied(object), request.apiVersion, scope) };
  // The server simulates only versions that it has the types of.
  const kubernetesVersion = context.kubernetesVersion as KubernetesVersion;
  const typeId = resource.custom ? undefined : typeIdOfKind(kind.apiVersion, kind.kind, kubernetesVersion);
  const failed = (error: string): AppliedConfiguration => ({
    status: failure(
      500,
      '',
      `failed to convert new object (${objectText(configuration)}) to proper version: unable to convert unstructured object to ${kindText(kind.apiVersion, kind.kind)}: ${error}`,
    ),
  });
  const error = typeId && conversionError(kubernetesVersion, typeId, object, { numbers: 'float64' });
  if (error) return failed(error);
  const version = kind.apiVersion.slice(kind.apiVersion.indexOf('/') + 1);
  const decoded = decodeInto({ value: object }, { resource, version }, kubernetesVersion, { strict: false });
  if (!decoded.ok) return failed(decoded.error);
  return { object: toStoredVersion(decoded.object, request.apiVersion, scope) };
}
