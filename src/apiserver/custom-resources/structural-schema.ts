// The schema of one version of a custom resource, as its definition states it.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/v1/types_jsonschema.go, pkg/apiserver/schema/structural.go, Kubernetes v1.36.3.
import type { ValidationRule } from '../../schema/generated/types/apiextensions-v1.ts';
import type { OwnershipSchema } from '../field-management/types/openapi-type-schema.ts';

export interface StructuralSchema extends OwnershipSchema {
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema | boolean;
  readonly items?: StructuralSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly StructuralSchema[];
  readonly anyOf?: readonly StructuralSchema[];
  readonly oneOf?: readonly StructuralSchema[];
  readonly not?: StructuralSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** The schema of what is not among the properties. */
export function additionalSchema(schema: StructuralSchema | undefined): StructuralSchema | undefined {
  const additional = schema?.additionalProperties;
  return typeof additional === 'object' ? additional : undefined;
}

export function fieldSchema(schema: StructuralSchema | undefined, key: string): StructuralSchema | undefined {
  const properties = schema?.properties;
  return properties && Object.hasOwn(properties, key) ? properties[key] : additionalSchema(schema);
}
