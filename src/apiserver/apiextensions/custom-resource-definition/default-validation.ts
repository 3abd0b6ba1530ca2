// Whether the defaults in a schema are values that the schema itself allows.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/defaulting/{validation,prune,surroundingobject}.go, Kubernetes v1.36.3.
// Differs: validation rules (CEL) are not asked about defaults.
import { type FieldError, fieldErrorMessage, invalid } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshal } from '../../../apimachinery/go-json.ts';
import { type Json, jsonEqual } from '../../../apimachinery/json-patch.ts';
import type { JSONSchemaProps } from '../../../schema/generated/types/apiextensions-v1.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { coerceFrom, coerceMetadataIn, pruneUnknown } from '../../custom-resources/coercion.ts';
import { validateEmbedded } from '../../custom-resources/content-validation.ts';
import { validateDefaultValue } from '../../custom-resources/schema-validation.ts';
import type { StructuralSchema } from '../../custom-resources/structural-schema.ts';
import { isMap, type JsonMap } from '../../field-management/json-shape.ts';
import { itemSchema } from './schema-visitor.ts';

const UNKNOWN_FIELDS = 'must not have unknown fields';
const META_FIELDS: ReadonlySet<string> = new Set(['metadata', 'apiVersion', 'kind']);

/** Builds the object around a default inside type or object metadata. */
type Surround = (value: Json) => Json;

interface Place {
  /** The schema of the resource that the default is part of. */
  readonly resource: StructuralSchema;
  readonly surround: Surround;
  readonly isInsideMeta: boolean;
}

interface Options {
  readonly requirePrunedDefaults: boolean;
  readonly version: KubernetesVersion;
}

/** For a structural schema of a whole resource. */
export function validateDefaults(schema: JSONSchemaProps, path: FieldPath, options: Options): readonly FieldError[] {
  const root = asStructural({ ...schema, 'x-kubernetes-embedded-resource': true });
  return validateIn(root, path, { resource: root, surround: wholeObject, isInsideMeta: false }, options);
}

function wholeObject(value: Json): Json {
  return isMap(value) ? { kind: 'Validation', apiVersion: 'validation/v1', ...value } : value;
}

function asStructural(schema: JSONSchemaProps): StructuralSchema {
  // A schema that is structural has no list of item schemas, the one thing in which the types differ.
  return schema as StructuralSchema;
}

function validateIn(schema: StructuralSchema, path: FieldPath, given: Place, options: Options): FieldError[] {
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const place: Place = isEmbedded ? { resource: schema, surround: wholeObject, isInsideMeta: false } : given;
  const errors: FieldError[] = [];
  // A default of a schema is JSON.
  const value = schema.default as Json | undefined;
  if (value !== undefined && value !== null)
    errors.push(...validateDefault(value, schema, path.child('default'), place, options));
  const { surround, isInsideMeta } = place;
  const items = itemSchema(schema as JSONSchemaProps);
  if (items) {
    const below = { ...place, surround: (each: Json) => surround([each]) };
    errors.push(...validateIn(asStructural(items), path.child('items'), below, options));
  }
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const below = {
      ...place,
      surround: (each: Json) => surround({ [key]: each }),
      isInsideMeta: isInsideMeta || (isEmbedded && META_FIELDS.has(key)),
    };
    errors.push(...validateIn(property, path.child('properties').key(key), below, options));
  }
  return errors;
}

function validateDefault(
  value: Json,
  schema: StructuralSchema,
  path: FieldPath,
  { resource, surround, isInsideMeta }: Place,
  { requirePrunedDefaults, version }: Options,
): readonly FieldError[] {
  if (isInsideMeta) {
    const error = metadataError(surround(value), resource, version);
    if (error !== undefined) return [invalid(path, value, `must result in valid metadata: ${error}`)];
    return validateDefaultValue(value, schema, path);
  }
  const errors: FieldError[] = [];
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  if (requirePrunedDefaults && !isPruned(value, schema, isResource)) errors.push(invalid(path, value, UNKNOWN_FIELDS));
  const coerced = coerceFrom(value, schema, path.toString(), version);
  if (!coerced.ok) return coerced.blamed ? [...errors, coerced.blamed] : errors;
  const embedded = validateEmbedded(coerced.value, schema, path);
  return [...errors, ...(embedded.length > 0 ? embedded : validateDefaultValue(coerced.value, schema, path))];
}

function metadataError(object: Json, resource: StructuralSchema, version: KubernetesVersion): string | undefined {
  // What surrounds a default is an object.
  const map = object as JsonMap;
  const coerced = coerceMetadataIn(map, resource, version);
  if (!coerced.ok) {
    return coerced.blamed
      ? coerced.error
      : `metadata: Invalid value: ${goMarshal(map['metadata'] ?? null)}: ${coerced.error}`;
  }
  const texts = [...new Set(validateEmbedded(coerced.value, resource).map(fieldErrorMessage))];
  if (texts.length === 0) return undefined;
  return texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
}

function isPruned(value: Json, schema: StructuralSchema, isResource: boolean): boolean {
  return jsonEqual(pruneUnknown(value, schema, isResource).value, value);
}

/** Whether any default in the schema has fields that the schema does not know. */
export function hasUnprunedDefaults(schema: JSONSchemaProps): boolean {
  const { default: value, properties = {} } = schema;
  const structural = asStructural(schema);
  const isResource = structural['x-kubernetes-embedded-resource'] === true;
  // A default of a schema is JSON.
  if (value !== undefined && value !== null && !isPruned(value as Json, structural, isResource)) return true;
  const items = itemSchema(schema);
  return (items !== undefined && hasUnprunedDefaults(items)) || Object.values(properties).some(hasUnprunedDefaults);
}
