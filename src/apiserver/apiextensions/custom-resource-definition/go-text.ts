// How Go writes the parts of a definition when a message shows them: its internal types have no JSON names.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/{types,types_jsonschema}.go, Kubernetes v1.36.3.
import { type GoValue, goValue } from '../../../apimachinery/field-error.ts';
import { type GoStruct, goMarshal, goStruct } from '../../../apimachinery/go/json.ts';
import { givenEmpty } from '../../../schema/decode/given-empty.ts';
import type {
  CustomResourceColumnDefinition,
  CustomResourceSubresources,
  JSONSchemaProps,
  ValidationRule,
} from '../../../schema/generated/types/apiextensions-v1.ts';
import type { InternalVersion } from './internal-definition.ts';
import { dependencySchema, itemSchema, itemSchemas } from './schema-visitor.ts';

/** A text behind a pointer is written as JSON, not quoted as Go does. */
export function pointerText(text: string): GoValue {
  return goValue(goMarshal(text));
}

type Field = readonly [goName: string, read: (schema: JSONSchemaProps) => unknown];

const text =
  (key: keyof JSONSchemaProps) =>
  (schema: JSONSchemaProps): unknown =>
    schema[key] ?? '';
const flag =
  (key: keyof JSONSchemaProps) =>
  (schema: JSONSchemaProps): unknown =>
    schema[key] ?? false;
const pointer =
  (key: keyof JSONSchemaProps) =>
  (schema: JSONSchemaProps): unknown =>
    schema[key] ?? givenEmpty(schema, key) ?? null;
const list =
  (key: 'allOf' | 'oneOf' | 'anyOf') =>
  (schema: JSONSchemaProps): unknown =>
    schema[key]?.map(schemaText) ?? givenEmpty(schema, key) ?? null;
const map =
  (key: 'properties' | 'patternProperties' | 'definitions') =>
  (schema: JSONSchemaProps): unknown =>
    mapText(schema[key], schemaText) ?? givenEmpty(schema, key) ?? null;
const orBool =
  (key: 'additionalProperties' | 'additionalItems') =>
  (schema: JSONSchemaProps): unknown => {
    const value = schema[key];
    if (value === undefined) return null;
    return typeof value === 'boolean'
      ? goStruct({ Allows: value, Schema: null })
      : goStruct({ Allows: true, Schema: schemaText(value) });
  };

/** The fields of a schema in Go's order. */
const SCHEMA_FIELDS: readonly Field[] = [
  ['ID', text('id')],
  ['Schema', text('$schema')],
  ['Ref', pointer('$ref')],
  ['Description', text('description')],
  ['Type', text('type')],
  ['Nullable', flag('nullable')],
  ['Format', text('format')],
  ['Title', text('title')],
  ['Default', pointer('default')],
  ['Maximum', pointer('maximum')],
  ['ExclusiveMaximum', flag('exclusiveMaximum')],
  ['Minimum', pointer('minimum')],
  ['ExclusiveMinimum', flag('exclusiveMinimum')],
  ['MaxLength', pointer('maxLength')],
  ['MinLength', pointer('minLength')],
  ['Pattern', text('pattern')],
  ['MaxItems', pointer('maxItems')],
  ['MinItems', pointer('minItems')],
  ['UniqueItems', flag('uniqueItems')],
  ['MultipleOf', pointer('multipleOf')],
  ['Enum', pointer('enum')],
  ['MaxProperties', pointer('maxProperties')],
  ['MinProperties', pointer('minProperties')],
  ['Required', pointer('required')],
  ['Items', (schema) => itemsText(schema)],
  ['AllOf', list('allOf')],
  ['OneOf', list('oneOf')],
  ['AnyOf', list('anyOf')],
  ['Not', ({ not }) => (not ? schemaText(not) : null)],
  ['Properties', map('properties')],
  ['AdditionalProperties', orBool('additionalProperties')],
  ['PatternProperties', map('patternProperties')],
  [
    'Dependencies',
    (schema) => mapText(schema.dependencies, dependencyText) ?? givenEmpty(schema, 'dependencies') ?? null,
  ],
  ['AdditionalItems', orBool('additionalItems')],
  ['Definitions', map('definitions')],
  ['ExternalDocs', ({ externalDocs }) => (externalDocs ? docsText(externalDocs) : null)],
  ['Example', pointer('example')],
  ['XPreserveUnknownFields', pointer('x-kubernetes-preserve-unknown-fields')],
  ['XEmbeddedResource', flag('x-kubernetes-embedded-resource')],
  ['XIntOrString', flag('x-kubernetes-int-or-string')],
  ['XListMapKeys', pointer('x-kubernetes-list-map-keys')],
  ['XListType', pointer('x-kubernetes-list-type')],
  ['XMapType', pointer('x-kubernetes-map-type')],
  [
    'XValidations',
    (schema) =>
      schema['x-kubernetes-validations']?.map(ruleText) ?? givenEmpty(schema, 'x-kubernetes-validations') ?? null,
  ],
];

/** Fields whose text is long to make; whether they are set their key tells. */
const NESTED: Readonly<Record<string, keyof JSONSchemaProps>> = {
  Properties: 'properties',
  Items: 'items',
  AllOf: 'allOf',
  AnyOf: 'anyOf',
  OneOf: 'oneOf',
  Not: 'not',
  AdditionalProperties: 'additionalProperties',
};

/** Go's names of the fields that are set. */
export function setFields(schema: JSONSchemaProps): readonly string[] {
  return SCHEMA_FIELDS.filter(([name, read]) => {
    const nested = NESTED[name];
    if (nested) return (schema[nested] ?? givenEmpty(schema, nested) ?? null) !== null;
    const value = read(schema);
    return value !== null && value !== '' && value !== false;
  }).map(([name]) => name);
}

export function schemaText(schema: JSONSchemaProps): GoStruct {
  return goStruct(Object.fromEntries(SCHEMA_FIELDS.map(([name, read]) => [name, read(schema)])));
}

export function itemsText(schema: JSONSchemaProps): GoStruct | null {
  if (schema.items === undefined) return null;
  const one = itemSchema(schema);
  return goStruct({
    Schema: one ? schemaText(one) : null,
    JSONSchemas: Array.isArray(schema.items) ? itemSchemas(schema).map(schemaText) : null,
  });
}

function mapText<T>(values: Readonly<Record<string, T>> | undefined, each: (value: T) => unknown): unknown {
  if (!values) return null;
  return new Map(Object.entries(values).map(([key, value]) => [key, each(value)]));
}

function dependencyText(dependency: NonNullable<JSONSchemaProps['dependencies']>[string]): GoStruct {
  const schema = dependencySchema(dependency);
  return goStruct({
    Schema: schema ? schemaText(schema) : null,
    Property: Array.isArray(dependency) ? dependency : null,
  });
}

function docsText({ description = '', url = '' }: { readonly description?: string; readonly url?: string }): GoStruct {
  return goStruct({ Description: description, URL: url });
}

export function ruleText(rule: ValidationRule): GoStruct {
  return goStruct({
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  });
}

export function versionText(version: InternalVersion): GoStruct {
  const { schema, subresources, additionalPrinterColumns, selectableFields } = version;
  const openApi = schema?.openAPIV3Schema;
  return goStruct({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: schema ? goStruct({ OpenAPIV3Schema: openApi ? schemaText(openApi) : null }) : null,
    Subresources: subresources ? subresourcesText(subresources) : null,
    AdditionalPrinterColumns: additionalPrinterColumns?.map(columnText) ?? null,
    SelectableFields: selectableFields?.map(({ jsonPath }) => goStruct({ JSONPath: jsonPath })) ?? null,
  });
}

function subresourcesText({ status, scale }: CustomResourceSubresources): GoStruct {
  return goStruct({
    Status: status ? goStruct({}) : null,
    Scale: scale
      ? goStruct({
          SpecReplicasPath: scale.specReplicasPath,
          StatusReplicasPath: scale.statusReplicasPath,
          LabelSelectorPath: scale.labelSelectorPath ?? null,
        })
      : null,
  });
}

function columnText(column: CustomResourceColumnDefinition): GoStruct {
  return goStruct({
    Name: column.name,
    Type: column.type,
    Format: column.format ?? '',
    Description: column.description ?? '',
    Priority: column.priority ?? 0,
    JSONPath: column.jsonPath,
  });
}
