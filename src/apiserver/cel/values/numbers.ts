// Arithmetic and order of CEL's numbers, times, strings and bytes, with overflow as an error.
// Behaviour: cel-go v0.26.0 common/types/{int,uint,double,overflow,compare,timestamp,duration,bool,bytes,string}.go.
import { MAX_INT64, MAX_UINT64, MIN_INT64 } from '../../../apimachinery/go/integer-limits.ts';
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { CelError, type CelValue, Duration, ListValue, noSuchOverload, Timestamp, Uint } from './value.ts';

export const MIN_UNIX_SECONDS = -62_135_596_800n;
export const MAX_UNIX_SECONDS = 253_402_300_799n;
export const NANOS = 1_000_000_000n;

const INT_OVERFLOW = 'integer overflow';
const UINT_OVERFLOW = 'unsigned integer overflow';
const DURATION_OVERFLOW = 'duration overflow';
export const TIMESTAMP_OVERFLOW = 'timestamp overflow';
const NAN_ORDER = 'NaN values cannot be ordered';

export type Arithmetic = '+' | '-' | '*' | '/' | '%';

export const inInt = (value: bigint): boolean => value >= MIN_INT64 && value <= MAX_INT64;
export const inUint = (value: bigint): boolean => value >= 0n && value <= MAX_UINT64;

/** Applies an operator whose trait the left value has. */
export function arithmetic(operator: Arithmetic, a: CelValue, b: CelValue): CelValue {
  if (typeof a === 'bigint') return typeof b === 'bigint' ? intArithmetic(operator, a, b) : noSuchOverload(b);
  if (typeof a === 'number') return typeof b === 'number' ? doubleArithmetic(operator, a, b) : noSuchOverload(b);
  if (a instanceof Uint) return b instanceof Uint ? uintArithmetic(operator, a.value, b.value) : noSuchOverload(b);
  if (operator === '+') return addOther(a, b);
  if (operator === '-') return subtractTime(a, b);
  return noSuchOverload(b);
}

function integerResult(operator: Arithmetic, a: bigint, b: bigint): bigint | CelError {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? new CelError('division by zero') : a / b;
    case '%':
      return b === 0n ? new CelError('modulus by zero') : a % b;
  }
}

function intArithmetic(operator: Arithmetic, a: bigint, b: bigint): CelValue {
  if (operator === '%' && a === MIN_INT64 && b === -1n) return new CelError(INT_OVERFLOW);
  const result = integerResult(operator, a, b);
  return result instanceof CelError || inInt(result) ? result : new CelError(INT_OVERFLOW);
}

function uintArithmetic(operator: Arithmetic, a: bigint, b: bigint): CelValue {
  const result = integerResult(operator, a, b);
  if (result instanceof CelError) return result;
  return inUint(result) ? new Uint(result) : new CelError(UINT_OVERFLOW);
}

function doubleArithmetic(operator: Arithmetic, a: number, b: number): CelValue {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return noSuchOverload();
  }
}

function addOther(a: CelValue, b: CelValue): CelValue {
  if (typeof a === 'string') return typeof b === 'string' ? a + b : noSuchOverload(b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array ? new Uint8Array([...a, ...b]) : noSuchOverload(b);
  if (a instanceof ListValue) return b instanceof ListValue ? a.add(b) : noSuchOverload(b);
  if (a instanceof Duration && b instanceof Duration) return durationOf(a.nanos + b.nanos);
  if (a instanceof Duration && b instanceof Timestamp) return timestampOf(b.nanos + a.nanos, b.offsetSeconds);
  if (a instanceof Timestamp && b instanceof Duration) return timestampOf(a.nanos + b.nanos, a.offsetSeconds);
  return noSuchOverload(b);
}

function subtractTime(a: CelValue, b: CelValue): CelValue {
  if (a instanceof Duration && b instanceof Duration) return durationOf(a.nanos - b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return timestampOf(a.nanos - b.nanos, a.offsetSeconds);
  if (a instanceof Timestamp && b instanceof Timestamp) {
    const nanos = a.nanos - b.nanos;
    return inInt(nanos) ? new Duration(nanos) : new CelError(INT_OVERFLOW);
  }
  return noSuchOverload(b);
}

function durationOf(nanos: bigint): CelValue {
  return inInt(nanos) ? new Duration(nanos) : new CelError(DURATION_OVERFLOW);
}

function timestampOf(nanos: bigint, offset: number): CelValue {
  const seconds = floorDivide(nanos, NANOS);
  const valid = seconds >= MIN_UNIX_SECONDS && seconds <= MAX_UNIX_SECONDS;
  return valid ? new Timestamp(nanos, offset) : new CelError(TIMESTAMP_OVERFLOW);
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

export function negate(value: CelValue): CelValue {
  if (typeof value === 'bigint') return value === MIN_INT64 ? new CelError(INT_OVERFLOW) : -value;
  if (typeof value === 'number') return -value;
  if (value instanceof Duration) return durationOf(-value.nanos);
  return noSuchOverload(value);
}

/** NaN where one of them is not a number. */
export function compareNumbers(a: bigint | number | Uint, b: bigint | number | Uint): number {
  const left = a instanceof Uint ? a.value : a;
  const right = b instanceof Uint ? b.value : b;
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
  if (typeof left === typeof right) return left < right ? -1 : left > right ? 1 : 0;
  // Upstream turns the integer into a double once the double lies in its range.
  const [double, integer, sign] = typeof left === 'number' ? [left, right as bigint, 1] : [right as number, left, -1];
  const unsigned = (typeof left === 'number' ? b : a) instanceof Uint;
  if (double < (unsigned ? 0 : -(2 ** 63))) return -sign;
  if (double > (unsigned ? 2 ** 64 : 2 ** 63)) return sign;
  const other = Number(integer);
  return double < other ? -sign : double > other ? sign : 0;
}

const isNumber = (value: CelValue): value is bigint | number | Uint =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;

/** -1, 0 or 1, or an error; the left value has an order. */
export function compare(a: CelValue, b: CelValue): number | CelError {
  if (isNumber(a)) {
    if (typeof a === 'number' && Number.isNaN(a)) return new CelError(NAN_ORDER);
    if (!isNumber(b)) return noSuchOverload(b);
    const result = compareNumbers(a, b);
    return Number.isNaN(result) ? new CelError(NAN_ORDER) : result;
  }
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return order(a.nanos, b.nanos);
  return noSuchOverload(b);
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
