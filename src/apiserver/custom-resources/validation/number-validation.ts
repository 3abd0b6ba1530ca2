// What a schema says of a number: its range, its factor, and whether it fits its type at all.
// Behaviour: k8s.io/kube-openapi pkg/validation/validate/{validator,values}.go, Kubernetes v1.36.3.
import { goValue, invalid } from '../../../apimachinery/field-error.ts';
import { goFloat } from '../../../apimachinery/go/quote.ts';
import type { StructuralSchema } from '../structural-schema.ts';
import { invalidProblem, isInt64, type Problem } from './problem.ts';

const MAX_FLOAT32 = 3.4028234663852886e38;
const MAX_SAFE_JSON = 2 ** 53 - 1;
const EPSILON = 1e-9;

/** Formats that a range is told from. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

interface NumberType {
  /** Empty when the schema leaves several types or none. */
  readonly name: string;
  readonly format: string;
}

export function numberProblems(
  value: number,
  schema: StructuralSchema,
  types: readonly string[],
  format: string,
  path: string,
): readonly Problem[] {
  const { minimum, maximum, multipleOf } = schema;
  const only = types.length === 1 ? (types[0] ?? '') : '';
  const name = only === 'integer' || only === 'number' ? only : '';
  const type: NumberType = { name, format: FORMATS[name]?.includes(format) ? format : '' };
  const problems: (Problem | undefined)[] = [outOfRange(value, type, 'Checked', path)];
  if (multipleOf !== undefined) {
    const wrong = outOfRange(multipleOf, type, 'MultipleOf', path);
    problems.push(wrong, factorProblem(value, multipleOf, isInt64(value) && !wrong, path));
  }
  if (minimum !== undefined) {
    const wrong = outOfRange(minimum, type, 'Minimum boundary', path);
    problems.push(wrong, minimumProblem(value, bound(value, minimum, wrong), schema.exclusiveMinimum === true, path));
  }
  if (maximum !== undefined) {
    const wrong = outOfRange(maximum, type, 'Maximum boundary', path);
    problems.push(wrong, maximumProblem(value, bound(value, maximum, wrong), schema.exclusiveMaximum === true, path));
  }
  return problems.filter((problem) => problem !== undefined);
}

/** Integers are compared with the whole part of a bound that fits their type. */
function bound(value: number, limit: number, wrong: Problem | undefined): Bound {
  const isInteger = isInt64(value) && !wrong;
  return isInteger
    ? { limit: Math.trunc(limit), text: BigInt(Math.trunc(limit)).toString(), shown: value }
    : { limit, text: goFloat(limit), shown: goValue(goFloat(value)) };
}

interface Bound {
  readonly limit: number;
  readonly text: string;
  /** The value as an error prints it. */
  readonly shown: unknown;
}

function outOfRange(value: number, { name, format }: NumberType, prefix: string, path: string): Problem | undefined {
  if (name === 'integer') {
    const limit = format === 'int32' ? 2 ** 31 : 2 ** 63;
    if (Number.isInteger(value) && value < limit && value >= -limit) return undefined;
  } else if (format !== 'float' || Math.abs(value) <= MAX_FLOAT32) return undefined;
  const kind = format === '' ? '(default format)' : `with format ${format}`;
  const message = `${prefix} value must be of type ${name} ${kind} in ${path}`;
  return { message, toFieldError: (at) => invalid(at, '', message) };
}

function factorProblem(value: number, given: number, isInteger: boolean, name: string): Problem | undefined {
  const factor = isInteger ? Math.trunc(given) : given;
  const text = isInteger ? BigInt(factor).toString() : goFloat(factor);
  if (factor <= 0) {
    const message = `factor MultipleOf declared for ${name} must be positive: ${text}`;
    return { name, message, toFieldError: (path) => invalid(path, factor, message) };
  }
  const isMultiple = isInteger
    ? value % factor === 0
    : isNearlyWhole(factor < 1 ? (1 / factor) * value : value / factor);
  return isMultiple
    ? undefined
    : invalidProblem(name, isInteger ? value : goValue(goFloat(value)), `should be a multiple of ${text}`);
}

function isNearlyWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > MAX_SAFE_JSON) return false;
  const whole = Math.trunc(value);
  if (whole === value) return true;
  if (whole === 0) return false;
  return Math.abs(value - whole) / (Math.abs(value) + Math.abs(whole)) < EPSILON;
}

function minimumProblem(
  value: number,
  { limit, text, shown }: Bound,
  isExclusive: boolean,
  name: string,
): Problem | undefined {
  if (isExclusive ? value > limit : value >= limit) return undefined;
  return invalidProblem(name, shown, `should be greater than ${isExclusive ? '' : 'or equal to '}${text}`);
}

function maximumProblem(
  value: number,
  { limit, text, shown }: Bound,
  isExclusive: boolean,
  name: string,
): Problem | undefined {
  if (isExclusive ? value < limit : value <= limit) return undefined;
  return invalidProblem(name, shown, `should be less than ${isExclusive ? '' : 'or equal to '}${text}`);
}
