// What in a custom resource breaks its schema; an update is forgiven what it does not change.
// Behaviour: k8s.io/kube-openapi pkg/validation/validate, [apiextensions-apiserver]/pkg/apiserver/validation/{validation,ratcheting}.go, Kubernetes v1.36.3.
// Differs: of the formats only date-time, date, int32 and int64 are checked; see structural-schema.ts for what is not looked at.
import {
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../../apimachinery/field-error.ts';
import { childOf, type FieldPath } from '../../apimachinery/field-path.ts';
import { compareBytes, goMarshal } from '../../apimachinery/go-json.ts';
import { goFloat, goQuote } from '../../apimachinery/go-quote.ts';
import { type Json, jsonEqual } from '../../apimachinery/json-patch.ts';
import { isJsonList, isMap } from '../field-management/json-shape.ts';
import { additionalSchema, type StructuralSchema } from './structural-schema.ts';

interface Place {
  /** Where the schema's own root lies in the object. */
  readonly root: FieldPath | undefined;
  /** The path below that root, as messages have it. */
  readonly name: string;
}

/** `old` is the value as it was, for an update. */
export function validateSchema(
  value: Json,
  schema: StructuralSchema,
  root: FieldPath | undefined,
  old?: Json,
): readonly FieldError[] {
  return validate(value, schema, { root, name: '' }, old);
}

function validate(value: Json, schema: StructuralSchema, place: Place, old: Json | undefined): readonly FieldError[] {
  const errors = errorsIn(value, schema, place, old);
  return errors.length > 0 && old !== undefined && jsonEqual(value, old) ? [] : errors;
}

function errorsIn(value: Json, schema: StructuralSchema, place: Place, old: Json | undefined): FieldError[] {
  const errors = [...typeErrors(value, schema, place)];
  if (value === null) return [...errors, ...enumErrors(value, schema, place)];
  if (typeof value === 'string') errors.push(...stringErrors(value, schema, place));
  if (typeof value === 'number') errors.push(...numberErrors(value, schema, place));
  if (isJsonList(value)) errors.push(...listErrors(value, schema, place, old));
  errors.push(...enumErrors(value, schema, place));
  if (isMap(value)) errors.push(...mapErrors(value, schema, place, old));
  return errors;
}

function pathOf({ root, name }: Place): FieldPath | undefined {
  return name === '' ? root : childOf(root, name.replace(/^\./, ''));
}

function typesOf(schema: StructuralSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  return schema.type ? [schema.type] : [];
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (isJsonList(value)) return 'array';
  if (isMap(value)) return 'object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'string' ? 'string' : 'boolean';
}

function typeErrors(value: Json, schema: StructuralSchema, place: Place): readonly FieldError[] {
  const types = typesOf(schema);
  if (types.length === 0) return [];
  const actual = typeOf(value);
  if (actual === 'null' && schema.nullable) return [];
  if (types.includes(actual) || (actual === 'integer' && types.includes('number'))) return [];
  const detail = `${place.name} in body must be of type ${types.join(',')}: ${goQuote(actual)}`;
  return [typeInvalid(pathOf(place), actual, detail)];
}

function enumErrors(value: Json, schema: StructuralSchema, place: Place): readonly FieldError[] {
  const allowed = schema.enum ?? [];
  // Values of a schema are JSON.
  if (allowed.length === 0 || allowed.some((each) => jsonEqual(each as Json, value))) return [];
  const texts = allowed.map((each) => (typeof each === 'string' ? each : goMarshal(each)));
  return [notSupported(pathOf(place), value, texts)];
}

const DATE_TIME =
  /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])[tT ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([zZ]|[+-]([01]\d|2[0-3]):?[0-5]\d)$/;
const DATE = /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])$/;

function stringErrors(value: string, schema: StructuralSchema, place: Place): readonly FieldError[] {
  const path = pathOf(place);
  const size = [...value].length;
  const { minLength, maxLength, pattern, format } = schema;
  const errors: FieldError[] = [];
  if (maxLength !== undefined && size > maxLength) errors.push(tooLong(path, '', maxLength));
  else if (minLength !== undefined && size < minLength)
    errors.push(invalid(path, value, `${place.name} in body should be at least ${minLength} chars long`));
  else if (pattern !== undefined && !new RegExp(pattern, 'u').test(value))
    errors.push(invalid(path, value, `${place.name} in body should match '${pattern}'`));
  const isWrong =
    format === 'date-time' || format === 'datetime' ? !DATE_TIME.test(value) : format === 'date' && !DATE.test(value);
  if (isWrong)
    errors.push(typeInvalid(path, value, `${place.name} in body must be of type ${format}: ${goQuote(value)}`));
  return errors;
}

const LIMITS: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

function numberErrors(value: number, schema: StructuralSchema, place: Place): readonly FieldError[] {
  const path = pathOf(place);
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format = '' } = schema;
  const errors: FieldError[] = [];
  const limit = LIMITS[format];
  const say = (text: string): void => void errors.push(invalid(path, value, `${place.name} in body ${text}`));
  if (limit !== undefined && schema.type === 'integer' && (value >= limit || value < -limit))
    errors.push(invalid(path, value, `Checked value must be of type integer with format ${format} in ${place.name}`));
  if (multipleOf !== undefined && multipleOf > 0 && !Number.isInteger(value / multipleOf))
    say(`should be a multiple of ${goFloat(multipleOf)}`);
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    say(`should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${goFloat(minimum)}`);
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    say(`should be less than ${exclusiveMaximum ? '' : 'or equal to '}${goFloat(maximum)}`);
  return errors;
}

function listErrors(
  value: readonly Json[],
  schema: StructuralSchema,
  place: Place,
  old: Json | undefined,
): readonly FieldError[] {
  const path = pathOf(place);
  const { items, minItems, maxItems, uniqueItems } = schema;
  const errors: FieldError[] = [];
  if (items)
    value.forEach((item, i) => {
      const below = { ...place, name: `${place.name}[${i}]` };
      errors.push(...validate(item, items, below, itemBefore(item, schema, old)));
    });
  if (minItems !== undefined && value.length < minItems)
    errors.push(invalid(path, value.length, `${place.name} in body should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems));
  if (uniqueItems && value.some((item, i) => value.slice(0, i).some((other) => jsonEqual(item, other))))
    errors.push(invalid(path, '', `${place.name} in body shouldn't contain duplicates`));
  return errors;
}

/** Only items with keys can be told to be the same as before. */
function itemBefore(item: Json, schema: StructuralSchema, old: Json | undefined): Json | undefined {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema['x-kubernetes-list-type'] !== 'map' || keys.length === 0 || !isJsonList(old) || !isMap(item))
    return undefined;
  return old.find((each) => isMap(each) && keys.every((key) => jsonEqual(each[key] ?? null, item[key] ?? null)));
}

function mapErrors(
  value: { readonly [key: string]: Json },
  schema: StructuralSchema,
  place: Place,
  old: Json | undefined,
): readonly FieldError[] {
  const { properties = {}, required: names = [], minProperties, maxProperties } = schema;
  const errors: FieldError[] = [];
  const keys = Object.keys(value).sort(compareBytes);
  if (minProperties !== undefined && keys.length < minProperties)
    errors.push(
      invalid(pathOf(place), keys.length, `${place.name} in body should have at least ${minProperties} properties`),
    );
  if (maxProperties !== undefined && keys.length > maxProperties)
    errors.push(tooMany(pathOf(place), keys.length, maxProperties));
  const before = isMap(old) ? old : {};
  const additional = additionalSchema(schema);
  for (const key of keys) {
    const isProperty = Object.hasOwn(properties, key);
    const field = isProperty ? properties[key] : additional;
    const name = place.name === '' && isProperty ? key : `${place.name}.${key}`;
    if (field) errors.push(...validate(value[key] ?? null, field, { ...place, name }, before[key]));
  }
  for (const key of names)
    if (!Object.hasOwn(value, key)) errors.push(required(pathOf({ ...place, name: `${place.name}.${key}` }), ''));
  return errors;
}
