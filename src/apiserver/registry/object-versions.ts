// The objects of one request in any version of their resource, as admission policies and webhooks see them.
// Behaviour: [apiserver]/pkg/admission/conversion.go, Kubernetes v1.36.3.
import type { JsonMap } from '../../apimachinery/json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { strictDecodingError } from '../../schema/decode/messages.ts';
import { typeIdOfKind } from '../../schema/kinds.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import type { ObjectVersions } from '../admission/chain/plugin.ts';
import { decodeInto } from '../decode.ts';
import { kindText } from '../field-management/field-manager.ts';
import { structType } from '../field-management/types/struct-type-schema.ts';
import type { TypeReference } from '../field-management/types/type-schema.ts';
import { conversionError } from '../field-management/values/from-unstructured.ts';
import { apiVersionOf } from '../resource.ts';
import { managedKind, wireObject } from './managed-kind.ts';
import type { RequestScope } from './scope.ts';
import { toRequestedVersion, toStoredVersion } from './versions.ts';

export class RequestVersions implements ObjectVersions {
  readonly requested: string;
  readonly #scope: RequestScope;

  constructor(scope: RequestScope) {
    this.#scope = scope;
    this.requested = scope.context.apiVersion ?? apiVersionOf(scope.resource);
  }

  convert(object: KubeObject, apiVersion: string): KubeObject {
    return toRequestedVersion(object, apiVersion, this.#scope);
  }

  wire(object: KubeObject): JsonMap {
    return wireObject(object, this.#scope);
  }

  read(json: JsonMap, apiVersion: string, as: 'decoded' | 'strict' | 'untyped'): KubeObject | string {
    const { resource, context } = this.#scope;
    if (resource.custom) return toStoredVersion(resource.custom.readApplied(json), apiVersion, this.#scope);
    const slash = apiVersion.indexOf('/');
    // The kind of a subresource stands for itself.
    const kind = typeof json['kind'] === 'string' ? json['kind'] : resource.kind;
    const isOwn = kind === resource.kind;
    const read = isOwn ? resource : { group: slash < 0 ? '' : apiVersion.slice(0, slash), kind };
    // The server simulates only versions that it has the types of.
    const kubernetesVersion = context.kubernetesVersion as KubernetesVersion;
    const typeId = as === 'untyped' ? typeIdOfKind(apiVersion, kind, kubernetesVersion) : undefined;
    const error = typeId && conversionError(kubernetesVersion, typeId, json, { numbers: 'int64' });
    if (error) return `unable to convert unstructured object to ${kindText(apiVersion, kind)}: ${error}`;
    const expected = { resource: read, version: apiVersion.slice(slash + 1) };
    const decoded = decodeInto({ value: json }, expected, kubernetesVersion, { strict: as === 'strict' });
    if (!decoded.ok) return decoded.error;
    if (decoded.strictErrors.length > 0) return strictDecodingError(decoded.strictErrors);
    return isOwn ? toStoredVersion(decoded.object, apiVersion, this.#scope) : decoded.object;
  }

  typeIn(apiVersion: string, kind: string): TypeReference | undefined {
    const { resource, context } = this.#scope;
    if (kind === resource.kind) return managedKind({ apiVersion }, this.#scope).typeIn(apiVersion);
    const version = context.kubernetesVersion as KubernetesVersion;
    const typeId = typeIdOfKind(apiVersion, kind, version);
    return typeId === undefined ? undefined : structType(version, typeId);
  }
}
