// Reads a body as a custom resource: known fields stay, defaults come in, metadata takes its shape.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/customresource_handler.go (schemaCoercingDecoder, unstructuredDefaulter), Kubernetes v1.36.3.
import { isMap, type Json, type JsonMap } from '../../apimachinery/json.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { type JsonTree, plainJson } from '../../schema/decode/json-tree.ts';
import { missingKind } from '../../schema/decode/messages.ts';
import { repeatedFields } from '../../schema/decode/repeated-fields.ts';
import { interpretTypeMeta } from '../../schema/decode/type-meta.ts';
import { apiVersionOf } from '../../schema/kinds.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import type { DecodedInto } from '../decode.ts';
import { coerceMetadataIn, dropNulls, pruneUnknown, withDefaults } from './coercion.ts';
import type { StructuralSchema } from './structural-schema.ts';

interface CustomKind {
  readonly group: string;
  readonly kind: string;
  /** By version name; undefined for a version that is not there. */
  schemaOf(version: string): StructuralSchema | undefined;
  hasVersion(version: string): boolean;
}

export function decodeCustom(
  tree: JsonTree,
  custom: CustomKind,
  pathVersion: string,
  strict: boolean,
  kubernetesVersion: KubernetesVersion,
): DecodedInto {
  const meta = interpretTypeMeta(tree);
  if (!meta.ok) return { ok: false, error: meta.error, gvk: undefined };
  const { kind } = meta.gvk;
  const version = meta.gvk.version || pathVersion;
  const group = meta.gvk.group || custom.group;
  const failed = (error: string): DecodedInto => ({ ok: false, error, gvk: { kind: kind || custom.kind, version } });
  // A body is JSON.
  const value = plainJson(tree.value) as Json;
  if (!isMap(value)) return failed(missingKind('null'));
  if (kind === '') return failed(missingKind(JSON.stringify(value)));
  const apiVersion = apiVersionOf(group, version);
  const isOwn = group === custom.group && kind === custom.kind;
  const coerced = coercedObject(
    { ...value, apiVersion, kind },
    isOwn ? custom.schemaOf(version) : undefined,
    isOwn,
    kubernetesVersion,
  );
  if (!coerced.ok) return failed(coerced.error);
  const strictErrors = strict
    ? [...repeatedFields(tree), ...coerced.unknown.map((path) => `unknown field "${path}"`)]
    : [];
  return { ok: true, object: coerced.object, apiVersion, strictErrors };
}

type CoercedObject =
  | { readonly ok: true; readonly object: KubeObject; readonly unknown: readonly string[] }
  | { readonly ok: false; readonly error: string };

/** The form in which a custom resource is kept; `isOwn` is off for a body of another kind, which only metadata is known of. */
export function coercedObject(
  object: JsonMap,
  schema: StructuralSchema | undefined,
  isOwn: boolean,
  version: KubernetesVersion,
): CoercedObject {
  const metadata = coerceMetadataIn(object, isOwn ? schema : undefined, version);
  if (!metadata.ok) return metadata;
  const pruned = isOwn ? pruneUnknown(metadata.value, schema) : { value: metadata.value, unknown: [] };
  const value = isOwn ? withDefaults(dropNulls(pruned.value, schema), schema) : pruned.value;
  // An object with apiVersion, kind and metadata is one of Kubernetes.
  const result = { metadata: {}, ...(value as JsonMap) } as unknown as KubeObject;
  return { ok: true, object: result, unknown: [...metadata.unknown, ...pruned.unknown] };
}
