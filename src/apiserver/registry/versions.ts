// Between the version a request speaks and the one in which its resource is kept: default, then convert; and back for the answer.
// Behaviour: [apiserver]/pkg/endpoints/handlers/create.go (decode with defaulting, then conversion), Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { apiVersionOf, type Resource, type VersionConversion } from '../resource.ts';
import type { RequestScope } from './scope.ts';

export function toStoredVersion(
  object: KubeObject,
  apiVersion: string | undefined,
  scope: RequestScope,
  stored?: KubeObject,
): KubeObject {
  const conversion = conversionFor(apiVersion, scope);
  const { strategy } = scope.resource;
  if (!conversion) return strategy.applyDefaults?.(object, scope.context, stored) ?? object;
  return conversion.toStored(conversion.applyDefaults?.(object, scope.context) ?? object);
}

export function toRequestedVersion(
  object: KubeObject,
  apiVersion: string | undefined,
  scope: RequestScope,
): KubeObject {
  return conversionFor(apiVersion, scope)?.fromStored(object) ?? object;
}

function conversionFor(apiVersion: string | undefined, { resource }: RequestScope): VersionConversion | undefined {
  return apiVersion === undefined ? undefined : conversionOf(resource, apiVersion);
}

/** Undefined for the version in which the resource is kept. */
export function conversionOf(resource: Resource, apiVersion: string): VersionConversion | undefined {
  if (apiVersion === apiVersionOf(resource)) return undefined;
  return resource.otherVersions?.find(
    ({ group = resource.group, version }) => apiVersionOf({ group, version }) === apiVersion,
  );
}
