// What a schema of a definition may and may not say, node by node.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/validation/validation.go
// (ValidateCustomResourceDefinitionOpenAPISchema, specStandardValidatorV3), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { givenEmpty } from '../../../schema/decode/given-empty.ts';
import type { JSONSchemaProps, ValidationRule } from '../../../schema/generated/types/apiextensions-v1.ts';
import { itemsText } from './go-text.ts';
import { resolveJsonPath } from './json-path.ts';
import type { RuleContext } from './rule-validation.ts';
import { additionalSchema, dependencySchema, itemSchema, itemSchemas } from './schema-visitor.ts';
import { structuralError } from './structural-validation.ts';

export const OPENAPI_TYPES: readonly string[] = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const MAP_TYPES = ['atomic', 'granular'];
const LIST_TYPES = ['atomic', 'set', 'map'];
const RULE_REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const META_FIELDS: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

const NO_UNIQUE_ITEMS = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
const EITHER_PROPERTIES = 'additionalProperties and properties are mutual exclusive';
const ONLY_TRUE = 'must be true or undefined';
const MAP_TYPE_ON_OBJECT = 'must be object if x-kubernetes-map-type is specified';
const LIST_TYPE_ON_ARRAY = 'must be array if x-kubernetes-list-type is specified';
const ATOMIC_ITEMS = 'must be atomic as item of a list with x-kubernetes-list-type=set';
const KEYS_NEED_MAP = 'must be map if x-kubernetes-list-map-keys is non-empty';
const MAP_NEEDS_KEYS = 'must not be empty if x-kubernetes-list-type is map';
const MAP_NEEDS_ITEMS = 'must have a schema if x-kubernetes-list-type is map';
const MAP_NEEDS_ONE_SCHEMA = 'must only have a single schema if x-kubernetes-list-type is map';
const MAP_ITEMS_ARE_OBJECTS = "must be object if parent array's x-kubernetes-list-type is map";
const KEYS_ARE_SCALARS = "must be a scalar type if parent array's x-kubernetes-list-type is map";
const KEYS_ARE_PROPERTIES = 'entries must all be names of item properties';
const KEYS_REPEAT = 'must not contain duplicate entries';
const KEY_HAS_VALUE =
  'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
const KEY_NOT_NULL = 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable';
const NON_EMPTY = 'must be non-empty if specified';
const NO_LINE_BREAKS = 'must not contain line breaks';

export interface SchemaOptions {
  readonly requireValidPropertyType: boolean;
  readonly requireAtomicSetType: boolean;
  readonly requireMapListKeysMapSetValidation: boolean;
}

/** Where in a resource the schema stands. */
interface Standing {
  readonly isRoot: boolean;
  readonly isInsideMeta: boolean;
  /** Why there may be no default here. */
  readonly noDefaults: string | undefined;
  /** The list above whose items cannot be told to be the same as before. */
  readonly uncorrelatable: FieldPath | undefined;
  /** Compiles the rules; absent where nothing is compiled. */
  readonly rules: RuleContext | undefined;
}

interface Found {
  readonly errors: FieldError[];
  /** Of rules; they come after all others. */
  readonly ruleErrors: FieldError[];
}

/** `rules` for a schema that is structural and has rules. */
export function validateOpenApiSchema(
  schema: JSONSchemaProps,
  path: FieldPath,
  options: SchemaOptions,
  rules?: RuleContext,
): readonly FieldError[] {
  const found: Found = { errors: [], ruleErrors: [] };
  const root: Standing = { isRoot: true, isInsideMeta: false, noDefaults: undefined, uncorrelatable: undefined, rules };
  visit(schema, path, root, options, found);
  return [...found.errors, ...found.ruleErrors];
}

function visit(
  schema: JSONSchemaProps,
  path: FieldPath,
  standing: Standing,
  options: SchemaOptions,
  found: Found,
): void {
  const { errors } = found;
  const errorsBefore = errors.length;
  errors.push(...validateSupported(schema, path, standing, options));
  const inner: Standing = { ...standing, isRoot: false, rules: undefined };
  const below = (each: JSONSchemaProps, at: FieldPath, as = inner): void => visit(each, at, as, options, found);
  if (schema.uniqueItems) errors.push(forbidden(path.child('uniqueItems'), NO_UNIQUE_ITEMS));
  visitProperties(schema, path, standing, errors, below);
  const { not, allOf = [], oneOf = [], anyOf = [], definitions = {}, dependencies = {} } = schema;
  if (not) below(not, path.child('not'));
  for (const [i, each] of allOf.entries()) below(each, path.child('allOf').index(i));
  for (const [i, each] of oneOf.entries()) below(each, path.child('oneOf').index(i));
  for (const [i, each] of anyOf.entries()) below(each, path.child('anyOf').index(i));
  for (const [key, each] of Object.entries(definitions)) below(each, path.child('definitions').key(key));
  const items = itemSchema(schema);
  const isKeyed = schema['x-kubernetes-list-type'] === 'map';
  const uncorrelatable = standing.uncorrelatable ?? (isKeyed ? undefined : path);
  if (items) below(items, path.child('items'), { ...inner, uncorrelatable, rules: standing.rules?.items(items) });
  for (const [i, each] of itemSchemas(schema).entries()) below(each, path.child('items').index(i));
  for (const [key, dependency] of Object.entries(dependencies)) {
    const each = dependencySchema(dependency);
    if (each) below(each, path.child('dependencies').key(key));
  }
  errors.push(...validateExtensions(schema, path, options));
  if (options.requireMapListKeysMapSetValidation) errors.push(...validateListItems(schema, path));
  for (const [i, rule] of (schema['x-kubernetes-validations'] ?? []).entries())
    errors.push(...validateRule(rule, schema, path.child('x-kubernetes-validations').index(i)));
  // What is wrong with a schema, here or below, is to be mended before its rules can be understood.
  if (errors.length === errorsBefore && schema['x-kubernetes-validations'])
    found.ruleErrors.push(...(standing.rules?.validate(path, standing.uncorrelatable) ?? []));
}

function visitProperties(
  schema: JSONSchemaProps,
  path: FieldPath,
  standing: Standing,
  errors: FieldError[],
  below: (schema: JSONSchemaProps, at: FieldPath, as?: Standing) => void,
): void {
  const { additionalProperties, properties = {} } = schema;
  const inner: Standing = { ...standing, isRoot: false, rules: undefined };
  const isCorrelatable = MAP_TYPES.includes(schema['x-kubernetes-map-type'] ?? 'granular');
  const uncorrelatable = standing.uncorrelatable ?? (isCorrelatable ? undefined : path);
  if (additionalProperties !== undefined) {
    if (Object.keys(properties).length > 0 && additionalProperties !== true)
      errors.push(forbidden(path.child('additionalProperties'), EITHER_PROPERTIES));
    const noDefaults = standing.isInsideMeta
      ? 'inside additionalProperties applying to object metadata'
      : standing.noDefaults;
    const additional = additionalSchema(schema);
    if (additional)
      below(additional, path.child('additionalProperties'), {
        ...inner,
        noDefaults,
        rules: standing.rules?.additional(additional),
      });
  }
  for (const [key, property] of Object.entries(properties)) {
    const isMeta = (standing.isRoot || schema['x-kubernetes-embedded-resource'] === true) && META_FIELDS.has(key);
    const as: Standing = {
      ...inner,
      uncorrelatable,
      rules: standing.rules?.property(property, key),
      isInsideMeta: standing.isInsideMeta || isMeta,
      noDefaults: isMeta && standing.isRoot ? `in top-level ${key}` : standing.noDefaults,
    };
    below(property, path.child('properties').key(key), as);
  }
}

function validateSupported(
  schema: JSONSchemaProps,
  path: FieldPath,
  { noDefaults, isInsideMeta }: Standing,
  { requireValidPropertyType }: SchemaOptions,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { type = '' } = schema;
  if (requireValidPropertyType && type !== '' && !OPENAPI_TYPES.includes(type))
    errors.push(notSupported(path.child('type'), type, OPENAPI_TYPES));
  if (schema.default !== undefined && noDefaults !== undefined)
    errors.push(forbidden(path.child('default'), `must not be set ${noDefaults}`));
  for (const key of ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const) {
    const value = schema[key] ?? (key === 'dependencies' ? givenEmpty(schema, key) : undefined);
    if (value !== undefined && (value !== '' || key === '$ref'))
      errors.push(forbidden(path.child(key), `${key} is not supported`));
  }
  if (type === 'null')
    errors.push(forbidden(path.child('type'), 'type cannot be set to null, use nullable as an alternative'));
  if (itemSchemas(schema).length > 0)
    errors.push(forbidden(path.child('items'), 'items must be a schema object and not an array'));
  if (isInsideMeta && schema['x-kubernetes-embedded-resource'])
    errors.push(forbidden(path.child('x-kubernetes-embedded-resource'), 'must not be used inside of resource meta'));
  return errors;
}

function typeError(path: FieldPath, type: string, detail: string): FieldError {
  return type === '' ? required(path.child('type'), detail) : invalid(path.child('type'), type, detail);
}

function validateExtensions(
  schema: JSONSchemaProps,
  path: FieldPath,
  { requireAtomicSetType }: SchemaOptions,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { type = '' } = schema;
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'];
  if (keepsUnknown === false)
    errors.push(invalid(path.child('x-kubernetes-preserve-unknown-fields'), keepsUnknown, ONLY_TRUE));
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType !== undefined && type !== 'object') errors.push(typeError(path, type, MAP_TYPE_ON_OBJECT));
  if (mapType !== undefined && !MAP_TYPES.includes(mapType))
    errors.push(notSupported(path.child('x-kubernetes-map-type'), mapType, MAP_TYPES));
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== undefined && type !== 'array') errors.push(typeError(path, type, LIST_TYPE_ON_ARRAY));
  else if (requireAtomicSetType && listType === 'set') errors.push(...validateSetItems(itemSchema(schema), path));
  if (listType !== undefined && !LIST_TYPES.includes(listType))
    errors.push(notSupported(path.child('x-kubernetes-list-type'), listType, LIST_TYPES));
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (keys.length > 0 && listType !== 'map') {
    const at = path.child('x-kubernetes-list-type');
    errors.push(listType === undefined ? required(at, KEYS_NEED_MAP) : invalid(at, listType, KEYS_NEED_MAP));
  }
  if (listType === 'map') errors.push(...validateMapList(schema, keys, path));
  return errors;
}

/** Whether items of a set are compared as a whole; what is wrong with them else. */
function divisibleItem(items: JSONSchemaProps | undefined): 'list' | 'map' | undefined {
  const listType = items?.['x-kubernetes-list-type'];
  if (items?.type === 'array') return listType !== undefined && listType !== 'atomic' ? 'list' : undefined;
  return items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic' ? 'map' : undefined;
}

function validateSetItems(items: JSONSchemaProps | undefined, path: FieldPath): readonly FieldError[] {
  const divisible = divisibleItem(items);
  if (!divisible) return [];
  // Upstream shows the list type in both cases.
  const shown = items?.['x-kubernetes-list-type'] ?? null;
  return [invalid(path.child('items').child(`x-kubernetes-${divisible}-type`), shown, ATOMIC_ITEMS)];
}

export function hasDivisibleSetItems(schema: JSONSchemaProps): boolean {
  return schema['x-kubernetes-list-type'] === 'set' && divisibleItem(itemSchema(schema)) !== undefined;
}

function validateMapList(schema: JSONSchemaProps, keys: readonly string[], path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const at = path.child('x-kubernetes-list-map-keys');
  if (keys.length === 0) errors.push(required(at, MAP_NEEDS_KEYS));
  if (schema.items === undefined) return [...errors, required(path.child('items'), MAP_NEEDS_ITEMS)];
  const items = itemSchema(schema);
  if (!items) return [...errors, invalid(path.child('items'), itemsText(schema), MAP_NEEDS_ONE_SCHEMA)];
  if (items.type !== 'object')
    return [...errors, invalid(path.child('items').child('type'), items.type ?? '', MAP_ITEMS_ARE_OBJECTS)];
  const seen = new Set<string>();
  for (const key of keys) {
    const property = items.properties && Object.hasOwn(items.properties, key) ? items.properties[key] : undefined;
    if (!property) errors.push(invalid(at, keys, KEYS_ARE_PROPERTIES));
    else if (property.type === 'array' || property.type === 'object')
      errors.push(
        invalid(path.child('items').child('properties').key(key).child('type'), items.type, KEYS_ARE_SCALARS),
      );
    if (seen.has(key)) errors.push(invalid(at, keys, KEYS_REPEAT));
    seen.add(key);
  }
  return errors;
}

/** Items of sets and maps are not null, and the keys of a map's items are there. */
export function validateListItems(schema: JSONSchemaProps, path: FieldPath): readonly FieldError[] {
  const items = itemSchema(schema);
  const listType = schema['x-kubernetes-list-type'];
  if (!items || (listType !== 'set' && listType !== 'map')) return [];
  const errors: FieldError[] = [];
  const at = path.child('items');
  if (items.nullable)
    errors.push(forbidden(at.child('nullable'), `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  if (listType !== 'map') return errors;
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = items.properties && Object.hasOwn(items.properties, key) ? items.properties[key] : undefined;
    if (!property) continue;
    const place = at.child('properties').key(key);
    if (!items.required?.includes(key) && property.default === undefined)
      errors.push(required(place.child('default'), KEY_HAS_VALUE));
    if (property.nullable) errors.push(forbidden(place.child('nullable'), KEY_NOT_NULL));
  }
  return errors;
}

function validateRule(given: ValidationRule, schema: JSONSchemaProps, path: FieldPath): readonly FieldError[] {
  const { rule, message = '', messageExpression = '', fieldPath = '', reason } = given;
  const errors: FieldError[] = [];
  const trimmedMessage = message.trim();
  const trimmedRule = rule.trim();
  if (trimmedRule === '') errors.push(required(path.child('rule'), 'rule is not specified'));
  else if (message !== '' && trimmedMessage === '') errors.push(invalid(path.child('message'), message, NON_EMPTY));
  else if (hasLineBreaks(trimmedMessage)) errors.push(invalid(path.child('message'), message, NO_LINE_BREAKS));
  else if (hasLineBreaks(trimmedRule) && trimmedMessage === '')
    errors.push(required(path.child('message'), 'message must be specified if rule contains line breaks'));
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.push(required(path.child('messageExpression'), 'messageExpression must be non-empty if specified'));
  if (reason !== undefined && !RULE_REASONS.includes(reason))
    errors.push(notSupported(path.child('reason'), reason, RULE_REASONS));
  if (fieldPath === '') return errors;
  const at = path.child('fieldPath');
  if (fieldPath.trim() === '') errors.push(invalid(at, fieldPath, NON_EMPTY));
  if (hasLineBreaks(fieldPath)) errors.push(invalid(at, fieldPath, NO_LINE_BREAKS));
  if (structuralError(schema) === undefined && !resolveJsonPath(fieldPath, schema, { allowArrayNotation: true }).ok)
    errors.push(invalid(at, fieldPath, 'must be a valid path'));
  return errors;
}

function hasLineBreaks(text: string): boolean {
  return /[\n\r]/.test(text);
}
