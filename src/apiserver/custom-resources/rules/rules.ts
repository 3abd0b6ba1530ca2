// The validation rules (CEL) that a schema adds, and what is said when an object is too broken to ask them.
// Behaviour: [apiextensions-apiserver]/pkg/registry/customresource/strategy.go (hasBlockingErr),
// pkg/apiserver/schema/cel/validation.go (hasXValidations), Kubernetes v1.36.3.
import { type FieldError, invalid } from '../../../apimachinery/field-error.ts';
import type { JsonMap } from '../../../apimachinery/json.ts';
import { cel } from '../../cel/loaded.ts';
import { additionalSchema, type StructuralSchema } from '../structural-schema.ts';
import { Correlation } from '../validation/correlation.ts';

/** What all rules of one request may cost. */
export const RULE_BUDGET = 10_000_000;
const NOT_CHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** What the rules say of an object in which `found` was found wrong already; what an update did not touch is only warned of. */
export function validateRules(
  object: JsonMap,
  old: JsonMap | undefined,
  schema: StructuralSchema,
  found: readonly FieldError[],
  warn: (text: string) => void,
): readonly FieldError[] {
  if (!isAsked(schema)) return [];
  if (found.some(({ type }) => BLOCKING.has(type))) return [invalid(undefined, null, NOT_CHECKED)];
  const correlation = old && new Correlation(object, old, schema);
  return cel().rules.evaluateRules(object, schema, { isRoot: true, old, correlation, warn }).errors;
}

const withRules = new WeakMap<StructuralSchema, boolean>();

/** Rules in the alternatives of a schema (anyOf and the like) do not count: structural schemas have none there. */
export function hasRules(schema: StructuralSchema): boolean {
  let known = withRules.get(schema);
  if (known === undefined) withRules.set(schema, (known = findRules(schema)));
  return known;
}

const askedSchemas = new WeakMap<StructuralSchema, boolean>();

/** Whether a rule will ever be asked: expressions cannot speak of a field without a type, nor of anything in it. */
export function isAsked(schema: StructuralSchema): boolean {
  let known = askedSchemas.get(schema);
  if (known === undefined) askedSchemas.set(schema, (known = hasRules(schema) && findAsked(schema)));
  return known;
}

function findAsked(schema: StructuralSchema): boolean {
  const { properties = {}, items } = schema;
  const additional = additionalSchema(schema);
  return (
    (schema['x-kubernetes-validations']?.length ?? 0) > 0 ||
    (items !== undefined && isAsked(items)) ||
    (additional !== undefined && isAsked(additional)) ||
    (isTyped(schema) && Object.values(properties).some((property) => isTyped(property) && isAsked(property)))
  );
}

const SCALARS: ReadonlySet<string> = new Set(['string', 'boolean', 'number', 'integer']);

/** Whether expressions can speak of such a value. */
export function isTyped(schema: StructuralSchema): boolean {
  const { type = '', items } = schema;
  if (schema['x-kubernetes-int-or-string'] || SCALARS.has(type)) return true;
  if (type === 'array') return items !== undefined && isTyped(items);
  if (type !== 'object') return false;
  const additional = additionalSchema(schema);
  return !additional || isTyped(additional);
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
