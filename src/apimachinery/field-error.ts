// One thing wrong with one field, and the words in which the apiserver says so.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go, Kubernetes v1.36.3.
import { type FieldPath, pathText } from './field-path.ts';
import { goJsonString, goMarshal } from './go/json.ts';
import { goFloat, goQuote } from './go/quote.ts';

/** The type is also the reason of the cause in the Status that carries the error. */
type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'
  | 'FieldValueTypeInvalid';

export interface FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  readonly badValue: unknown;
  readonly detail: string;
}

export type ErrorPath = FieldPath | undefined;

const TITLE: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  InternalError: 'Internal error',
  FieldValueTypeInvalid: 'Invalid value',
};

const WITHOUT_VALUE: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
  'InternalError',
]);

/** The bad value of an error that prints none although its type usually does. */
export const OMIT_VALUE: unique symbol = Symbol('omitted value');

const VALUE_OMITTED = '<value omitted>';

/** A bad value whose Go text the validator knows better: a struct of internal types, for example. */
export class GoValue {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value of a named string type, or behind a pointer: Go marshals it where it quotes a plain string. */
export function namedString(text: string | undefined): GoValue {
  return new GoValue(text === undefined ? 'null' : goJsonString(text));
}

export function goValue(text: string): GoValue {
  return new GoValue(text);
}

export function typeInvalid(path: ErrorPath, value: unknown, detail: string): FieldError {
  return fieldError('FieldValueTypeInvalid', path, value, detail);
}

export function notFound(path: ErrorPath, value: unknown): FieldError {
  return fieldError('FieldValueNotFound', path, value, '');
}

export function required(path: ErrorPath, detail: string): FieldError {
  return fieldError('FieldValueRequired', path, '', detail);
}

export function duplicate(path: ErrorPath, value: unknown): FieldError {
  return fieldError('FieldValueDuplicate', path, value, '');
}

export function invalid(path: ErrorPath, value: unknown, detail: string): FieldError {
  return fieldError('FieldValueInvalid', path, value, detail);
}

/** The valid values are printed in the order given: upstream sorts them where it holds a set. */
export function notSupported(path: ErrorPath, value: unknown, validValues: Iterable<string>): FieldError {
  const quoted = Array.from(validValues, goQuote);
  const detail = quoted.length === 0 ? '' : `supported values: ${quoted.join(', ')}`;
  return fieldError('FieldValueNotSupported', path, value, detail);
}

export function forbidden(path: ErrorPath, detail: string): FieldError {
  return fieldError('FieldValueForbidden', path, '', detail);
}

export function tooLong(path: ErrorPath, maxLength: number): FieldError {
  const detail = maxLength < 0 ? 'value is too long' : `may not be more than ${counted(maxLength, 'byte')}`;
  return fieldError('FieldValueTooLong', path, VALUE_OMITTED, detail);
}

export function tooMany(path: ErrorPath, actual: number, max: number): FieldError {
  const detail = max < 0 ? 'has too many items' : `must have at most ${counted(max, 'item')}`;
  return fieldError('FieldValueTooMany', path, actual >= 0 ? actual : OMIT_VALUE, detail);
}

export function internalError(path: ErrorPath, message: string): FieldError {
  return fieldError('InternalError', path, message, message);
}

function fieldError(type: FieldErrorType, path: ErrorPath, badValue: unknown, detail: string): FieldError {
  return { type, field: pathText(path), badValue, detail };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The message without the field: what a Status puts into its causes. */
export function fieldErrorBody(error: FieldError): string {
  const title = TITLE[error.type];
  const hidden = WITHOUT_VALUE.has(error.type) || error.badValue === OMIT_VALUE;
  const head = hidden ? title : `${title}: ${badValueText(error.badValue)}`;
  return error.detail === '' ? head : `${head}: ${error.detail}`;
}

export function fieldErrorMessage(error: FieldError): string {
  return `${error.field}: ${fieldErrorBody(error)}`;
}

/**
 * Strings are quoted with %q, numbers and booleans printed plainly, anything else is marshalled to JSON.
 * Objects count as Go maps (sorted keys) unless wrapped with goStruct; goValue gives the text itself.
 */
export function badValueText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return goQuote(value);
    case 'number':
      // Whole numbers come from int32 and int64 fields, which print without an exponent.
      return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? BigInt(value).toString() : goFloat(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value instanceof GoValue ? value.text : goMarshal(value);
  }
}
