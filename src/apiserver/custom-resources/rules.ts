// The validation rules (CEL) that a schema adds, and what is said when an object is too broken to ask them.
// Behaviour: [apiextensions-apiserver]/pkg/registry/customresource/strategy.go (hasBlockingErr),
// pkg/apiserver/schema/cel/validation.go, Kubernetes v1.36.3.
// Differs: the rules themselves are not evaluated yet, so that an object that only they refuse passes.
import type { FieldError } from '../../apimachinery/field-error.ts';
import { invalid } from '../../apimachinery/field-error.ts';
import type { JsonMap } from '../field-management/json-shape.ts';
import type { StructuralSchema } from './structural-schema.ts';

const NOT_CHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** What the rules say of an object in which `found` was found wrong already. */
export function validateRules(
  _object: JsonMap,
  _old: JsonMap | undefined,
  schema: StructuralSchema,
  found: readonly FieldError[],
): readonly FieldError[] {
  if (!hasRules(schema)) return [];
  return found.some(({ type }) => BLOCKING.has(type)) ? [invalid(undefined, null, NOT_CHECKED)] : [];
}

const withRules = new WeakMap<StructuralSchema, boolean>();

/** Rules in the alternatives of a schema (anyOf and the like) do not count: structural schemas have none there. */
function hasRules(schema: StructuralSchema): boolean {
  let known = withRules.get(schema);
  if (known === undefined) withRules.set(schema, (known = findRules(schema)));
  return known;
}

function findRules(schema: StructuralSchema): boolean {
  const { properties = {}, additionalProperties, items } = schema;
  return (
    (schema['x-kubernetes-validations']?.length ?? 0) > 0 ||
    (items !== undefined && hasRules(items)) ||
    (typeof additionalProperties === 'object' && hasRules(additionalProperties)) ||
    Object.values(properties).some(hasRules)
  );
}
