// Whether a schema is structural: every value has one known type, and conditions only narrow it.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/{convert,validation,complete}.go, Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import type { JSONSchemaProps } from '../../../schema/generated/types/apiextensions-v1.ts';
import { compilePattern } from '../../custom-resources/validation/regular-expression.ts';
import { additionalSchema, itemSchema, itemSchemas } from './schema-visitor.ts';

type Level = 'root' | 'item' | 'field';

const TYPE_REQUIRED: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};
const ITEMS_REQUIRED = 'must be specified';
const NO_ADDITIONAL_AT_ROOT = 'must not be used at the root';
const NO_ADDITIONAL_IN_EMBEDDED = 'must not be used if x-kubernetes-embedded-resource is set';
const EMBEDDED_IS_OBJECT = 'must be object if x-kubernetes-embedded-resource is true';
const EMBEDDED_HAS_PROPERTIES =
  'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
const ROOT_IS_OBJECT = 'must be object at the root';
const METADATA_IS_IMPLICIT =
  'must not specify anything other than name and generateName, but metadata is implicitly specified';
const NOT_WITH_INT_OR_STRING = 'must be false if x-kubernetes-int-or-string is true';
const EMPTY = 'must be empty to be structural';
const UNDEFINED = 'must be undefined to be structural';
const FALSE = 'must be false to be structural';
const NO_NESTED_METADATA = 'must not be specified in a nested context';

/** Fields that a schema in an alternative may not have; the path of the error is the field itself. */
const FORBIDDEN_WHEN_NESTED: readonly (readonly [keyof JSONSchemaProps, string])[] = [
  ['type', EMPTY],
  ['default', UNDEFINED],
  ['title', EMPTY],
  ['description', EMPTY],
  ['nullable', FALSE],
  ['x-kubernetes-preserve-unknown-fields', FALSE],
  ['x-kubernetes-embedded-resource', FALSE],
  ['x-kubernetes-int-or-string', FALSE],
  ['x-kubernetes-list-map-keys', EMPTY],
  ['x-kubernetes-list-type', UNDEFINED],
  ['x-kubernetes-map-type', UNDEFINED],
  ['x-kubernetes-validations', EMPTY],
];

const UNSUPPORTED: readonly (keyof JSONSchemaProps)[] = [
  'id',
  '$schema',
  '$ref',
  'patternProperties',
  'dependencies',
  'additionalItems',
  'definitions',
];

/** Why the schema cannot even be read as a structural one; every schema in it counts. */
export function structuralError(schema: JSONSchemaProps): string | undefined {
  for (const key of UNSUPPORTED) {
    const value = schema[key];
    if (value !== undefined && value !== '')
      return `OpenAPIV3Schema '${key.replace('$schema', 'schema')}' is not supported`;
  }
  const { not, allOf = [], anyOf = [], oneOf = [], properties = {} } = schema;
  for (const each of [...(not ? [not] : []), ...allOf, ...anyOf, ...oneOf]) {
    const error = structuralError(each);
    if (error !== undefined) return error;
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  if (itemSchemas(schema).length > 0) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  for (const each of [itemSchema(schema), ...Object.values(properties), additionalSchema(schema)]) {
    const error = each && structuralError(each);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** For a schema that `structuralError` has nothing to say of. */
export function validateStructural(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  return [...validateInvariants(schema, 'root', path), ...validateCompleteness(schema, schema, path, path)];
}

function validateInvariants(schema: JSONSchemaProps, level: Level, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { type = '', additionalProperties, properties = {} } = schema;
  const items = itemSchema(schema);
  if (type === 'array' && !items) errors.push(required(path.child('items'), ITEMS_REQUIRED));
  if (items) errors.push(...validateInvariants(items, 'item', path.child('items')));
  for (const [key, property] of Object.entries(properties))
    errors.push(...validateInvariants(property, 'field', path.child('properties').key(key)));
  const additional = additionalSchema(schema);
  if (additionalProperties !== undefined && level === 'root')
    errors.push(forbidden(path.child('additionalProperties'), NO_ADDITIONAL_AT_ROOT));
  if (additional) errors.push(...validateInvariants(additional, 'field', path.child('additionalProperties')));
  errors.push(...validateExtensions(schema, path));
  errors.push(
    ...validateValueValidation(schema, isIntOrString(schema.anyOf), isIntOrString(schema.allOf?.[0]?.anyOf), path),
  );
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (isEmbedded && type !== 'object') {
    const at = path.child('type');
    errors.push(type === '' ? required(at, EMBEDDED_IS_OBJECT) : invalid(at, type, EMBEDDED_IS_OBJECT));
  } else if (type === '' && !schema['x-kubernetes-int-or-string'] && !keepsUnknown) {
    errors.push(required(path.child('type'), TYPE_REQUIRED[level]));
  }
  if (isEmbedded && additionalProperties !== undefined)
    errors.push(forbidden(path.child('additionalProperties'), NO_ADDITIONAL_IN_EMBEDDED));
  if (level === 'root' && type !== '' && type !== 'object')
    errors.push(invalid(path.child('type'), type, ROOT_IS_OBJECT));
  errors.push(...validateMeta(schema, level, path));
  if (isEmbedded && !keepsUnknown && Object.keys(properties).length === 0)
    errors.push(required(path.child('properties'), EMBEDDED_HAS_PROPERTIES));
  return errors;
}

/** apiVersion, kind and metadata are Kubernetes' own. */
function validateMeta(schema: JSONSchemaProps, level: Level, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { kind, apiVersion, metadata } = (schema.properties ?? {}) as Readonly<Record<string, JSONSchemaProps>>;
  const isResource = level === 'root' || schema['x-kubernetes-embedded-resource'] === true;
  const typeError = (key: string, property: JSONSchemaProps, detail: string): FieldError =>
    invalid(path.child('properties').key(key).child('type'), property.type ?? '', detail);
  if (isResource && kind && kind.type !== 'string') errors.push(typeError('kind', kind, 'must be string'));
  if (isResource && apiVersion && apiVersion.type !== 'string')
    errors.push(typeError('apiVersion', apiVersion, 'must be string'));
  if (!metadata) return errors;
  if (isResource && metadata.type !== 'object') errors.push(typeError('metadata', metadata, 'must be object'));
  if (level === 'root' && !isOnlyNames(metadata))
    errors.push(forbidden(path.child('properties').key('metadata'), METADATA_IS_IMPLICIT));
  return errors;
}

function isOnlyNames({ type: _type, default: _default, properties = {}, ...rest }: JSONSchemaProps): boolean {
  const names = Object.keys(properties);
  return Object.keys(rest).length === 0 && names.every((name) => name === 'name' || name === 'generateName');
}

/** `anyOf: [{type: integer}, {type: string}]`, the one place where alternatives may have types. */
function isIntOrString(anyOf: readonly JSONSchemaProps[] | undefined): boolean {
  if (anyOf?.length !== 2) return false;
  const isType = (schema: JSONSchemaProps | undefined, type: string): boolean =>
    schema?.type === type && Object.keys(schema).length === 1;
  return isType(anyOf[0], 'integer') && isType(anyOf[1], 'string');
}

function validateExtensions(schema: JSONSchemaProps, path: FieldPath): readonly FieldError[] {
  if (!schema['x-kubernetes-int-or-string']) return [];
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter((key) => schema[key])
    .map((key) => invalid(path.child(key), true, NOT_WITH_INT_OR_STRING));
}

function validateValueValidation(
  { anyOf = [], allOf = [], oneOf = [], not, pattern = '' }: JSONSchemaProps,
  skipsAnyOf: boolean,
  skipsFirstAllOf: boolean,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!skipsAnyOf)
    for (const [i, each] of anyOf.entries()) errors.push(...validateNested(each, false, path.child('anyOf').index(i)));
  for (const [i, each] of allOf.entries())
    errors.push(...validateNested(each, skipsFirstAllOf && i === 0, path.child('allOf').index(i)));
  for (const [i, each] of oneOf.entries()) errors.push(...validateNested(each, false, path.child('oneOf').index(i)));
  if (not) errors.push(...validateNested(not, false, path.child('not')));
  if (pattern !== '') {
    const compiled = compilePattern(pattern);
    if (!compiled.ok)
      errors.push(
        invalid(path.child('pattern'), pattern, `must be a valid regular expression, but isn't: ${compiled.error}`),
      );
  }
  return errors;
}

function validateNested(schema: JSONSchemaProps, skipsAnyOf: boolean, path: FieldPath): FieldError[] {
  const errors = validateValueValidation(schema, skipsAnyOf, false, path);
  const items = itemSchema(schema);
  if (items) errors.push(...validateNested(items, false, path.child('items')));
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    errors.push(...validateNested(property, false, path.child('properties').key(key)));
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false)
    errors.push(forbidden(path.child('additionalProperties'), UNDEFINED));
  for (const [key, detail] of FORBIDDEN_WHEN_NESTED) {
    const value = schema[key];
    if (value !== undefined && value !== '' && value !== false) errors.push(forbidden(path.child(key), detail));
  }
  if (schema.properties && Object.hasOwn(schema.properties, 'metadata'))
    errors.push(forbidden(path.child('properties').key('metadata'), NO_NESTED_METADATA));
  return errors;
}

/** Alternatives speak only of what the schema itself declares. */
function validateCompleteness(
  conditions: JSONSchemaProps,
  schema: JSONSchemaProps,
  path: FieldPath,
  conditionPath: FieldPath,
): FieldError[] {
  const { not, allOf = [], anyOf = [], oneOf = [] } = conditions;
  const errors: FieldError[] = [];
  const check = (each: JSONSchemaProps, at: FieldPath): void =>
    void errors.push(...validateNestedCompleteness(each, schema, path, at));
  if (not) check(not, conditionPath.child('not'));
  for (const [i, each] of allOf.entries()) check(each, conditionPath.child('allOf').index(i));
  for (const [i, each] of anyOf.entries()) check(each, conditionPath.child('anyOf').index(i));
  for (const [i, each] of oneOf.entries()) check(each, conditionPath.child('oneOf').index(i));
  return errors;
}

function validateNestedCompleteness(
  conditions: JSONSchemaProps,
  schema: JSONSchemaProps | undefined,
  path: FieldPath,
  conditionPath: FieldPath,
): FieldError[] {
  if (!schema) return [required(path, `because it is defined in ${conditionPath}`)];
  const errors = validateCompleteness(conditions, schema, path, conditionPath);
  const items = itemSchema(conditions);
  if (items)
    errors.push(
      ...validateNestedCompleteness(items, itemSchema(schema), path.child('items'), conditionPath.child('items')),
    );
  for (const [key, each] of Object.entries(conditions.properties ?? {})) {
    const at = conditionPath.child('properties').key(key);
    const declared = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    errors.push(...validateNestedCompleteness(each, declared, path.child('properties').key(key), at));
  }
  return errors;
}
