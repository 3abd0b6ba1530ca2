// Walks over a JSON schema and all schemas within it.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/validation/validation.go (SchemaHas), Kubernetes v1.36.3.
import type { JSONSchemaProps } from '../../../schema/generated/types/apiextensions-v1.ts';

type SchemaList = readonly JSONSchemaProps[];

/** The schema of the items, where it is one for all. */
export function itemSchema({ items }: JSONSchemaProps): JSONSchemaProps | undefined {
  return items === undefined || items === null || isSchemaList(items) ? undefined : items;
}

/** The schemas of the items where there is one for each place. */
export function itemSchemas({ items }: JSONSchemaProps): SchemaList {
  return items !== undefined && items !== null && isSchemaList(items) ? items : [];
}

function isSchemaList(items: JSONSchemaProps | SchemaList): items is SchemaList {
  return Array.isArray(items);
}

export function additionalSchema({ additionalProperties }: JSONSchemaProps): JSONSchemaProps | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** What a schema demands of keys that go together: a schema, or names. */
export function dependencySchema(
  dependency: NonNullable<JSONSchemaProps['dependencies']>[string] | undefined,
): JSONSchemaProps | undefined {
  return typeof dependency === 'object' && dependency !== null && !Array.isArray(dependency)
    ? (dependency as JSONSchemaProps)
    : undefined;
}

export function someSchema(
  schema: JSONSchemaProps | undefined,
  isWanted: (schema: JSONSchemaProps) => boolean,
): boolean {
  if (!schema) return false;
  if (isWanted(schema)) return true;
  const has = (each: JSONSchemaProps | undefined): boolean => someSchema(each, isWanted);
  const { allOf = [], anyOf = [], oneOf = [], not, properties = {}, patternProperties = {}, definitions = {} } = schema;
  const { additionalItems, dependencies = {} } = schema;
  return (
    has(itemSchema(schema)) ||
    itemSchemas(schema).some(has) ||
    allOf.some(has) ||
    anyOf.some(has) ||
    oneOf.some(has) ||
    has(not) ||
    Object.values(properties).some(has) ||
    has(additionalSchema(schema)) ||
    Object.values(patternProperties).some(has) ||
    has(typeof additionalItems === 'object' ? additionalItems : undefined) ||
    Object.values(definitions).some(has) ||
    Object.values(dependencies).some((each) => has(dependencySchema(each)))
  );
}
