// Whether the defaults in a schema are values that the schema itself allows.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/defaulting/{validation,prune,surroundingobject}.go, Kubernetes v1.36.3.
import { type FieldError, fieldErrorMessage, invalid } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshal } from '../../../apimachinery/go/json.ts';
import { isMap, type Json, type JsonMap, jsonEqual } from '../../../apimachinery/json.ts';
import type { JSONSchemaProps } from '../../../schema/generated/types/apiextensions-v1.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { cel } from '../../cel/loaded.ts';
import { coerceFrom, coerceMetadataIn, pruneUnknown } from '../../custom-resources/coercion.ts';
import { isAsked, RULE_BUDGET } from '../../custom-resources/rules/rules.ts';
import type { StructuralSchema } from '../../custom-resources/structural-schema.ts';
import { validateEmbedded } from '../../custom-resources/validation/content-validation.ts';
import { validateDefaultValue } from '../../custom-resources/validation/schema-validation.ts';
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

/** What the rules may still cost; negative once that was used up, and nothing more is validated. */
interface Budget {
  left: number;
}

/** For a structural schema of a whole resource. */
export function validateDefaults(schema: JSONSchemaProps, path: FieldPath, options: Options): readonly FieldError[] {
  const root = asStructural({ ...schema, 'x-kubernetes-embedded-resource': true });
  const place: Place = { resource: root, surround: wholeObject, isInsideMeta: false };
  return validateIn(root, path, place, options, { left: RULE_BUDGET });
}

function wholeObject(value: Json): Json {
  return isMap(value) ? { kind: 'Validation', apiVersion: 'validation/v1', ...value } : value;
}

function asStructural(schema: JSONSchemaProps): StructuralSchema {
  // A schema that is structural has no list of item schemas, the one thing in which the types differ.
  return schema as StructuralSchema;
}

function validateIn(
  schema: StructuralSchema,
  path: FieldPath,
  given: Place,
  options: Options,
  budget: Budget,
): FieldError[] {
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const place: Place = isEmbedded ? { resource: schema, surround: wholeObject, isInsideMeta: false } : given;
  const errors = [...validateDefault(schema, path.child('default'), place, options, budget)];
  if (budget.left < 0) return errors;
  const { surround, isInsideMeta } = place;
  const items = itemSchema(schema as JSONSchemaProps);
  if (items) {
    const below = { ...place, surround: (each: Json) => surround([each]) };
    errors.push(...validateIn(asStructural(items), path.child('items'), below, options, budget));
    if (budget.left < 0) return errors;
  }
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const below = {
      ...place,
      surround: (each: Json) => surround({ [key]: each }),
      isInsideMeta: isInsideMeta || (isEmbedded && META_FIELDS.has(key)),
    };
    errors.push(...validateIn(property, path.child('properties').key(key), below, options, budget));
    if (budget.left < 0) return errors;
  }
  return errors;
}

function validateDefault(
  schema: StructuralSchema,
  path: FieldPath,
  { resource, surround, isInsideMeta }: Place,
  { requirePrunedDefaults, version }: Options,
  budget: Budget,
): readonly FieldError[] {
  // A default of a schema is JSON.
  const value = schema.default as Json | undefined;
  if (value === undefined || value === null) return [];
  const isRoot = schema === resource;
  if (isInsideMeta) {
    const error = metadataError(surround(value), resource, version);
    if (error !== undefined) return [invalid(path, value, `must result in valid metadata: ${error}`)];
    return validateContent(value, schema, isRoot, path, budget);
  }
  const errors: FieldError[] = [];
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  if (requirePrunedDefaults && !isPruned(value, schema, isResource)) errors.push(invalid(path, value, UNKNOWN_FIELDS));
  const coerced = coerceFrom(value, schema, path.toString(), version);
  if (!coerced.ok) return coerced.blamed ? [...errors, coerced.blamed] : errors;
  const embedded = validateEmbedded(coerced.value, schema, path);
  if (embedded.length > 0) return [...errors, ...embedded];
  return [...errors, ...validateContent(coerced.value, schema, isRoot, path, budget)];
}

/** By the schema, then by its rules: as if the default had been there before, and as if it were new. */
function validateContent(
  value: Json,
  schema: StructuralSchema,
  isRoot: boolean,
  path: FieldPath,
  budget: Budget,
): readonly FieldError[] {
  const broken = validateDefaultValue(value, schema, path);
  if (broken.length > 0 || !isAsked(schema)) return broken;
  const { evaluateRules } = cel().rules;
  const kept = evaluateRules(value, schema, { isRoot, path, old: value, budget: budget.left });
  if (kept.errors.length > 0) {
    budget.left = kept.budget;
    return kept.errors;
  }
  const added = evaluateRules(value, schema, { isRoot, path, budget: budget.left });
  budget.left = Math.min(kept.budget, added.budget);
  return added.errors;
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
