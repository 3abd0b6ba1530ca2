// What field management must know of the kind that a request speaks of: its types, its other versions, its form on the wire.
// Behaviour: [apiserver]/pkg/endpoints/installer.go (NewDefaultFieldManager), Kubernetes v1.36.3.
import type { JsonMap } from '../../apimachinery/json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { decodeObject } from '../../schema/decode/decode-object.ts';
import { encodeObject } from '../../schema/encode.ts';
import { apiVersionOf as apiVersionText, typeIdOfKind } from '../../schema/kinds.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import type { ManagedKind, ManagedObject } from '../field-management/field-manager.ts';
import { customResetFilter, resetFilterOf } from '../field-management/reset-fields.ts';
import { structType } from '../field-management/types/struct-type-schema.ts';
import { apiVersionOf, type Resource, resourceNameOf } from '../resource.ts';
import type { RequestScope } from './scope.ts';

const kinds = new WeakMap<Resource, Map<string, ManagedKind>>();

export interface KindRequest {
  readonly apiVersion?: string | undefined;
  readonly subresource?: string | undefined;
}

export function requestedVersion({ apiVersion }: KindRequest, { resource }: RequestScope): string {
  return apiVersion ?? apiVersionOf(resource);
}

export function managedKind(request: KindRequest, scope: RequestScope): ManagedKind {
  const { resource, context } = scope;
  const apiVersion = requestedVersion(request, scope);
  const key = `${context.kubernetesVersion} ${apiVersion} ${request.subresource ?? ''}`;
  let known = kinds.get(resource);
  if (!known) kinds.set(resource, (known = new Map()));
  let kind = known.get(key);
  if (!kind) known.set(key, (kind = makeKind(resource, apiVersion, request.subresource ?? '', versionOf(context))));
  return kind;
}

function versionOf({ kubernetesVersion }: { readonly kubernetesVersion: string }): KubernetesVersion {
  // The server simulates only versions that it has the types of.
  return kubernetesVersion as KubernetesVersion;
}

function makeKind(
  resource: Resource,
  apiVersion: string,
  subresource: string,
  version: KubernetesVersion,
): ManagedKind {
  const { group, kind, custom } = resource;
  const shared = { group, apiVersion, kind, subresource };
  if (custom)
    return {
      ...shared,
      typeIn: (other) => custom.typeIn(other),
      convert: (object, other) => (custom.typeIn(other) ? { ...object, apiVersion: other } : undefined),
      resetFilter: (other) =>
        custom.hasStatus(apiVersion) ? customResetFilter(subresource, other === apiVersion) : undefined,
      empty: { apiVersion, kind },
    };
  const typeIdIn = (other: string): string | undefined =>
    servedVersions(resource).includes(other) ? typeIdOfKind(other, kind, version) : undefined;
  const filter = resetFilterOf(resourceNameOf(resource), subresource);
  const typeId = typeIdIn(apiVersion);
  return {
    ...shared,
    typeIn(other) {
      const id = typeIdIn(other);
      return id === undefined ? undefined : structType(version, id);
    },
    convert: (object, other) => convertWire(resource, object, other, version),
    resetFilter: () => filter,
    empty:
      typeId === undefined ? { apiVersion, kind } : wireForm(emptyObject(typeId, apiVersion, kind, version), version),
  };
}

function servedVersions(resource: Resource): readonly string[] {
  const others = (resource.otherVersions ?? []).map(({ group = resource.group, version }) =>
    apiVersionText(group, version),
  );
  return [apiVersionOf(resource), ...others];
}

function emptyObject(typeId: string, apiVersion: string, kind: string, version: KubernetesVersion): KubeObject {
  const decoded = decodeObject<KubeObject>(version, typeId, { value: {} }, { strict: false });
  return { metadata: {}, ...(decoded.ok ? decoded.object : {}), apiVersion, kind };
}

/** An object as Go marshals it, without its owners. */
function wireForm(object: KubeObject, version: KubernetesVersion): JsonMap {
  const { managedFields: _, ...metadata } = object.metadata;
  return encoded({ ...object, metadata }, version);
}

/** An object as Go marshals it. */
export function wireObject(object: KubeObject, { context }: RequestScope): JsonMap {
  return encoded(object, versionOf(context));
}

function encoded(object: KubeObject, version: KubernetesVersion): JsonMap {
  const typeId = typeIdOfKind(object.apiVersion, object.kind, version);
  // What goes over the wire is JSON.
  if (typeId === undefined) return object as unknown as JsonMap;
  const { apiVersion, kind } = object;
  return { kind, apiVersion, ...(encodeObject(version, typeId, object) as JsonMap) };
}

function convertWire(
  resource: Resource,
  object: JsonMap,
  apiVersion: string,
  version: KubernetesVersion,
): JsonMap | undefined {
  const from = object['apiVersion'];
  const typeId = typeof from === 'string' ? typeIdOfKind(from, resource.kind, version) : undefined;
  if (typeof from !== 'string' || typeId === undefined) return undefined;
  const decoded = decodeObject<KubeObject>(version, typeId, { value: object }, { strict: false });
  if (!decoded.ok) return undefined;
  const claimed = { ...decoded.object, apiVersion: from, kind: resource.kind };
  const stored = conversionOf(resource, from)?.toStored(claimed) ?? claimed;
  return wireForm(conversionOf(resource, apiVersion)?.fromStored(stored) ?? stored, version);
}

function conversionOf(resource: Resource, apiVersion: string) {
  return resource.otherVersions?.find(
    ({ group = resource.group, version }) => apiVersionText(group, version) === apiVersion,
  );
}

/** A stored object as field management sees it. */
export function managedObject(object: KubeObject, scope: RequestScope): ManagedObject {
  return { object: wireForm(object, versionOf(scope.context)), entries: object.metadata.managedFields };
}
