// What becomes of a custom resource when it is read: unknown fields and meaningless nulls go, metadata takes its own shape.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/{pruning,defaulting,objectmeta}, customresource_handler.go
// (unstructuredSchemaCoercer), Kubernetes v1.36.3.
import { type FieldError, fieldErrorMessage } from '../../apimachinery/field-error.ts';
import { compareBytes } from '../../apimachinery/go/json.ts';
import { isJsonList, isMap, type Json, type JsonMap } from '../../apimachinery/json.ts';
import { decodeObject } from '../../schema/decode/decode-object.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import { additionalSchema, fieldSchema, type StructuralSchema } from './structural-schema.ts';

const META_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);
const OBJECT_META = 'meta/v1.ObjectMeta';

interface Pruned {
  readonly value: Json;
  /** Paths of what the schema does not know, sorted. */
  readonly unknown: readonly string[];
}

/** The value without what the schema does not declare; `isResource` for a whole object, which has type and metadata. */
export function pruneUnknown(value: Json, schema: StructuralSchema | undefined, isResource = true): Pruned {
  const unknown: string[] = [];
  const root = isResource ? { ...schema, 'x-kubernetes-embedded-resource': true } : schema;
  const pruned = prune(value, root, '', unknown);
  return { value: pruned, unknown: unknown.sort(compareBytes) };
}

function prune(value: Json, schema: StructuralSchema | undefined, path: string, unknown: string[]): Json {
  const keepsUnknown = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (isJsonList(value)) {
    const items = schema?.items;
    return value.map((item, i) => {
      const below = `${path}[${i}]`;
      // Lists of an open schema are looked through for what their own items declare.
      return keepsUnknown
        ? items
          ? pruneOpen(item, items, below, unknown)
          : item
        : prune(item, items, below, unknown);
    });
  }
  if (!isMap(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, each] of Object.entries(value)) {
    const below = path === '' ? key : `${path}.${key}`;
    if (schema?.['x-kubernetes-embedded-resource'] && META_FIELDS.has(key)) kept[key] = each;
    else if (isDeclared(schema, key)) kept[key] = prune(each, fieldSchema(schema, key), below, unknown);
    else if (keepsUnknown) kept[key] = each;
    else if (schema === undefined || !META_FIELDS.has(key) || path !== '') unknown.push(below);
  }
  return kept;
}

function pruneOpen(value: Json, schema: StructuralSchema, path: string, unknown: string[]): Json {
  return prune(value, { ...schema, 'x-kubernetes-preserve-unknown-fields': true }, path, unknown);
}

function isDeclared(schema: StructuralSchema | undefined, key: string): boolean {
  if (!schema) return false;
  return Object.hasOwn(schema.properties ?? {}, key) || isOpen(schema);
}

/** Whether any key may stand here; unless a schema is given nothing below it is declared. */
function isOpen({ additionalProperties }: StructuralSchema): boolean {
  return additionalProperties !== undefined;
}

/** Fields that are null although they may not be, and have no default to take its place. */
export function dropNulls(value: Json, schema: StructuralSchema | undefined): Json {
  if (isJsonList(value)) return value.map((item) => dropNulls(item, schema?.items));
  if (!isMap(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, each] of Object.entries(value)) {
    const field = fieldSchema(schema, key);
    if (each === null && field && !field.nullable && field.default === undefined) continue;
    kept[key] = dropNulls(each, field);
  }
  return kept;
}

/** The value with the defaults of its schema. */
export function withDefaults(value: Json, schema: StructuralSchema | undefined): Json {
  if (!schema) return value;
  if (isJsonList(value)) return value.map((item) => withDefaults(defaulted(item, schema.items), schema.items));
  if (!isMap(value)) return value;
  const result: Record<string, Json> = { ...value };
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    if (field.default === undefined) continue;
    // A default of a schema is a JSON value.
    if (!Object.hasOwn(result, key) || isMeaninglessNull(result[key], field)) result[key] = field.default as Json;
  }
  const additional = additionalSchema(schema);
  for (const [key, each] of Object.entries(result)) {
    const field = fieldSchema(schema, key);
    result[key] = withDefaults(field === additional ? defaulted(each, field) : each, field);
  }
  return result;
}

function defaulted(value: Json, schema: StructuralSchema | undefined): Json {
  // A default of a schema is a JSON value.
  return isMeaninglessNull(value, schema) ? ((schema?.default ?? null) as Json) : value;
}

function isMeaninglessNull(value: Json | undefined, schema: StructuralSchema | undefined): boolean {
  return value === null && schema !== undefined && !schema.nullable;
}

type CoercedMetadata =
  | { readonly ok: true; readonly value: Json; readonly unknown: readonly string[] }
  | { readonly ok: false; readonly error: string; readonly blamed?: FieldError };

/** Metadata of the object, or of a resource embedded in it, read and written as ObjectMeta. */
function coerceMetadata(metadata: Json, path: string, version: KubernetesVersion): CoercedMetadata {
  const decoded = decodeObject<JsonMap>(version, OBJECT_META, { value: metadata }, { strict: true });
  if (!decoded.ok) return decoded;
  const prefix = path === '' ? 'metadata' : `${path}.metadata`;
  const unknown = decoded.strictErrors.flatMap((error) => {
    const field = /^unknown field "(.*)"$/.exec(error)?.[1];
    return field === undefined ? [] : [`${prefix}.${field}`];
  });
  return { ok: true, value: decoded.object, unknown };
}

/** The object with metadata coerced at its root and wherever its schema embeds a resource. */
export function coerceMetadataIn(
  object: JsonMap,
  schema: StructuralSchema | undefined,
  version: KubernetesVersion,
): CoercedMetadata {
  return coerceFrom(object, { ...schema, 'x-kubernetes-embedded-resource': true }, '', version);
}

/** The same below a path, for a default: metadata is coerced where the schema itself embeds a resource. */
export function coerceFrom(
  given: Json,
  schema: StructuralSchema,
  path: string,
  version: KubernetesVersion,
): CoercedMetadata {
  const unknown: string[] = [];
  try {
    const value = coerce(given, schema, path, unknown, version);
    return { ok: true, value, unknown: unknown.sort(compareBytes) };
  } catch (error) {
    if (error instanceof CoercionFailure)
      return { ok: false, error: error.message, ...(error.blamed ? { blamed: error.blamed } : {}) };
    throw error;
  }
}

class CoercionFailure extends Error {
  readonly blamed: FieldError | undefined;

  constructor(message: string, blamed?: FieldError) {
    super(message);
    this.blamed = blamed;
  }
}

function failure(field: string, badValue: Json, detail: string): CoercionFailure {
  const blamed: FieldError = { type: 'FieldValueInvalid', field, badValue, detail };
  return new CoercionFailure(fieldErrorMessage(blamed), blamed);
}

function coerce(
  value: Json,
  schema: StructuralSchema | undefined,
  path: string,
  unknown: string[],
  version: KubernetesVersion,
): Json {
  if (!schema) return value;
  if (isJsonList(value)) return value.map((item, i) => coerce(item, schema.items, `${path}[${i}]`, unknown, version));
  if (!isMap(value)) return value;
  const result: Record<string, Json> = { ...value };
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  for (const [key, each] of Object.entries(value)) {
    const isDeclared = Object.hasOwn(schema.properties ?? {}, key);
    const below = path === '' ? key : `${path}.${key}`;
    if (isEmbedded && (key === 'apiVersion' || key === 'kind') && path !== '' && typeof each !== 'string')
      throw failure(below, each, 'must be a string');
    if (isEmbedded && key === 'metadata') {
      const metadata = coerceMetadata(each, path, version);
      if (!metadata.ok) throw path === '' ? new CoercionFailure(metadata.error) : failure(below, each, metadata.error);
      unknown.push(...metadata.unknown);
      result[key] = metadata.value;
      continue;
    }
    result[key] = coerce(each, fieldSchema(schema, key), isDeclared ? below : `${path}[${key}]`, unknown, version);
  }
  return result;
}
