// One condition on the labels of an object: a key, an operator and values.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/labels/selector.go, Kubernetes v1.36.3.
import { aggregateMessage } from '../apimachinery/aggregate-error.ts';
import {
  type ErrorPath,
  type FieldError,
  fieldErrorMessage,
  invalid,
  notSupported,
} from '../apimachinery/field-error.ts';
import { childOf } from '../apimachinery/field-path.ts';
import { parseGoInt } from '../apimachinery/go/int.ts';
import { compareBytes } from '../apimachinery/go/json.ts';
import { isQualifiedName, isValidLabelValue } from '../apimachinery/validation/names.ts';

/** selection.Operator, in its own spelling. */
export type RequirementOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export type Labels = Readonly<Record<string, string>>;

const BINARY_OPERATORS: readonly RequirementOperator[] = ['in', 'notin', '=', '==', '!=', 'gt', 'lt'];
const VALID_OPERATORS: readonly RequirementOperator[] = [...BINARY_OPERATORS, 'exists', '!'];
export const BINARY_OPERATOR_LIST = BINARY_OPERATORS.join(', ');

const EMPTY_SET = "for 'in', 'notin' operators, values set can't be empty";
const ONE_VALUE = 'exact-match compatibility requires one single value';
const NO_VALUES = 'values set must be empty for exists and does not exist';
const ONE_INTEGER = "for 'Gt', 'Lt' operators, exactly one value is required";
const NOT_INTEGER = "for 'Gt', 'Lt' operators, the value must be an integer";

export class Requirement {
  readonly key: string;
  readonly operator: RequirementOperator;
  readonly values: readonly string[];
  readonly #set: ReadonlySet<string> | undefined;
  readonly #bound: bigint | undefined;

  /** Without checks; newRequirement checks. */
  constructor(key: string, operator: RequirementOperator, values: readonly string[]) {
    this.key = key;
    this.operator = operator;
    this.values = values;
    this.#set = values.length > 4 ? new Set(values) : undefined;
    this.#bound = operator === 'gt' || operator === 'lt' ? integer(values[0]) : undefined;
  }

  matches(labels: Labels | undefined): boolean {
    const value = labels !== undefined && Object.hasOwn(labels, this.key) ? labels[this.key] : undefined;
    switch (this.operator) {
      case '=':
      case '==':
      case 'in':
        return value !== undefined && this.#has(value);
      case '!=':
      case 'notin':
        return value === undefined || !this.#has(value);
      case 'exists':
        return value !== undefined;
      case '!':
        return value === undefined;
      default:
        return this.#compares(value);
    }
  }

  #has(value: string): boolean {
    if (this.values.length === 1) return this.values[0] === value;
    return this.#set === undefined ? this.values.includes(value) : this.#set.has(value);
  }

  #compares(text: string | undefined): boolean {
    const value = integer(text);
    if (value === undefined || this.#bound === undefined) return false;
    return this.operator === 'gt' ? value > this.#bound : value < this.#bound;
  }

  toString(): string {
    const { key, operator } = this;
    if (operator === 'exists') return key;
    if (operator === '!') return `!${key}`;
    const values = [...this.values].sort(compareBytes).join(',');
    if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${values})`;
    return `${key}${operator === 'gt' ? '>' : operator === 'lt' ? '<' : operator}${values}`;
  }
}

/** Base 10, within int64, as strconv.ParseInt. */
function integer(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const parsed = parseGoInt(text, 64, 'ParseInt');
  return parsed.ok ? parsed.value : undefined;
}

type NewRequirement =
  | { readonly ok: true; readonly value: Requirement }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

export function newRequirement(
  key: string,
  operator: RequirementOperator,
  // Absent and empty count as the same, but print as null and [].
  given: readonly string[] | undefined,
  path?: ErrorPath,
): NewRequirement {
  const values = given ?? [];
  const errors: FieldError[] = [];
  const keyError = labelKeyError(key, childOf(path, 'key'));
  if (keyError !== undefined) errors.push(keyError);
  const valuesPath = childOf(path, 'values');
  switch (operator) {
    case 'in':
    case 'notin':
      if (values.length === 0) errors.push(invalid(valuesPath, given, EMPTY_SET));
      break;
    case '=':
    case '==':
    case '!=':
      if (values.length !== 1) errors.push(invalid(valuesPath, given, ONE_VALUE));
      break;
    case 'exists':
    case '!':
      if (values.length !== 0) errors.push(invalid(valuesPath, values, NO_VALUES));
      break;
    case 'gt':
    case 'lt':
      if (values.length !== 1) errors.push(invalid(valuesPath, given, ONE_INTEGER));
      values.forEach((value, i) => {
        if (integer(value) === undefined) errors.push(invalid(valuesPath.index(i), value, NOT_INTEGER));
      });
      break;
    default:
      errors.push(notSupported(childOf(path, 'operator'), operator, VALID_OPERATORS));
  }
  values.forEach((value, i) => {
    const messages = isValidLabelValue(value);
    if (messages.length > 0) errors.push(invalid(valuesPath.index(i).key(key), value, messages.join('; ')));
  });
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: new Requirement(key, operator, values) };
}

export function labelKeyError(key: string, path: ErrorPath): FieldError | undefined {
  const messages = isQualifiedName(key);
  return messages.length === 0 ? undefined : invalid(path, key, messages.join('; '));
}

export function errorsText(errors: readonly FieldError[]): string {
  return aggregateMessage(errors.map(fieldErrorMessage)) ?? '';
}
