// Operators, conversions and the functions every CEL environment has.
// Behaviour: cel-go v0.26.0 common/stdlib/standard.go.
import { convert } from '../values/convert.ts';
import { type Arithmetic, arithmetic, compare, negate } from '../values/numbers.ts';
import { type TimeParts, timeParts } from '../values/time.ts';
import * as types from '../values/types.ts';
import {
  CelError,
  type CelValue,
  Duration,
  ListValue,
  MapValue,
  noSuchOverload,
  sizeOf,
  type Timestamp,
  type Trait,
} from '../values/value.ts';
import { type FunctionDecl, fn, global, type Implementation, member, type Overload } from './declaration.ts';
import { matchesPattern } from './regex.ts';

const unbound: Implementation = () => noSuchOverload();

function operator(name: string, trait: Trait, call: Implementation, ...overloads: Overload[]): FunctionDecl {
  return { name, overloads, singleton: { call, trait } };
}

/** One overload for each pair of types, named as upstream names them. */
function overloads(prefix: string, ...signatures: (readonly [string, string])[]): readonly Overload[] {
  return signatures.map(([suffix, signature]) => global(`${prefix}_${suffix}`, signature));
}

const arithmeticOperator = (name: string, trait: Trait, symbol: Arithmetic, ...all: Overload[]): FunctionDecl =>
  operator(name, trait, (a, b) => arithmetic(symbol, a as CelValue, b as CelValue), ...all);

const NUMBERS = (prefix: string): readonly Overload[] =>
  overloads(
    prefix,
    ['double', 'double, double -> double'],
    ['int64', 'int, int -> int'],
    ['uint64', 'uint, uint -> uint'],
  );

const ORDERED: readonly (readonly [string, string])[] = [
  ['bool', 'bool, bool'],
  ['int64', 'int, int'],
  ['int64_double', 'int, double'],
  ['int64_uint64', 'int, uint'],
  ['uint64', 'uint, uint'],
  ['uint64_double', 'uint, double'],
  ['uint64_int64', 'uint, int'],
  ['double', 'double, double'],
  ['double_int64', 'double, int'],
  ['double_uint64', 'double, uint'],
  ['string', 'string, string'],
  ['bytes', 'bytes, bytes'],
  ['timestamp', 'timestamp, timestamp'],
  ['duration', 'duration, duration'],
];

function order(name: string, prefix: string, holds: (result: number) => boolean): FunctionDecl {
  const call: Implementation = (a, b) => {
    const result = compare(a as CelValue, b as CelValue);
    return result instanceof CelError ? result : holds(result);
  };
  return operator(
    name,
    'compare',
    call,
    ...overloads(prefix, ...ORDERED.map(([id, args]) => [id, `${args} -> bool`] as const)),
  );
}

function inAggregate(value: CelValue, container: CelValue): CelValue {
  if (container instanceof ListValue) return container.contains(value);
  if (container instanceof MapValue) return container.has(value);
  return noSuchOverload(container);
}

const identity: Implementation = (value) => value as CelValue;
const to =
  (target: types.CelType): Implementation =>
  (value) =>
    convert(value as CelValue, target);

function conversion(name: string, target: types.CelType, ...from: (readonly [string, string])[]): FunctionDecl {
  return fn(name, ...from.map(([id, type]) => global(id, `${type} -> ${name}`, type === name ? identity : to(target))));
}

function text(name: string, id: string, test: (text: string, part: string) => boolean): FunctionDecl {
  const call: Implementation = (a, b) => {
    if (typeof a !== 'string') return noSuchOverload(a);
    return typeof b === 'string' ? test(a, b) : noSuchOverload(b);
  };
  return { name, overloads: [member(id, 'string, string -> bool', call)], unguarded: true };
}

function timePart(
  name: string,
  id: string,
  part: (parts: TimeParts) => number,
  duration?: (nanos: bigint) => bigint,
): FunctionDecl {
  const read = (value: CelValue, zone: string): CelValue => {
    const parts = timeParts(value as Timestamp, zone);
    return parts instanceof CelError ? parts : BigInt(part(parts));
  };
  const all = [
    member(`timestamp_to_${id}`, 'timestamp -> int', (value) => read(value as CelValue, 'UTC')),
    member(`timestamp_to_${id}_with_tz`, 'timestamp, string -> int', (value, zone) =>
      read(value as CelValue, zone as string),
    ),
  ];
  if (duration) {
    const inWhole: Implementation = (value) =>
      value instanceof Duration ? duration(value.nanos) : noSuchOverload(value);
    all.push(member(`duration_to_${id}`, 'duration -> int', inWhole));
  }
  return fn(name, ...all);
}

export const STANDARD: readonly FunctionDecl[] = [
  { name: '_?_:_', overloads: [global('conditional', 'bool, A, A -> A')], singleton: { call: unbound } },
  { name: '_&&_', overloads: [global('logical_and', 'bool, bool -> bool')], singleton: { call: unbound } },
  { name: '_||_', overloads: [global('logical_or', 'bool, bool -> bool')], singleton: { call: unbound } },
  {
    name: '!_',
    overloads: [global('logical_not', 'bool -> bool')],
    singleton: { call: (value) => (typeof value === 'boolean' ? !value : noSuchOverload(value)) },
  },
  fn(
    '@not_strictly_false',
    global('not_strictly_false', 'bool -> bool', (value) => value !== false, { nonStrict: true }),
  ),
  { name: '_==_', overloads: [global('equals', 'A, A -> bool')], singleton: { call: unbound } },
  { name: '_!=_', overloads: [global('not_equals', 'A, A -> bool')], singleton: { call: unbound } },
  arithmeticOperator(
    '_+_',
    'add',
    '+',
    ...overloads(
      'add',
      ['bytes', 'bytes, bytes -> bytes'],
      ['double', 'double, double -> double'],
      ['duration_duration', 'duration, duration -> duration'],
      ['duration_timestamp', 'duration, timestamp -> timestamp'],
      ['timestamp_duration', 'timestamp, duration -> timestamp'],
      ['int64', 'int, int -> int'],
      ['list', 'list(A), list(A) -> list(A)'],
      ['string', 'string, string -> string'],
      ['uint64', 'uint, uint -> uint'],
    ),
  ),
  arithmeticOperator('_/_', 'divide', '/', ...NUMBERS('divide')),
  arithmeticOperator(
    '_%_',
    'modulo',
    '%',
    ...overloads('modulo', ['int64', 'int, int -> int'], ['uint64', 'uint, uint -> uint']),
  ),
  arithmeticOperator('_*_', 'multiply', '*', ...NUMBERS('multiply')),
  operator(
    '-_',
    'negate',
    (value) => (typeof value === 'boolean' ? noSuchOverload(value) : negate(value as CelValue)),
    ...overloads('negate', ['double', 'double -> double'], ['int64', 'int -> int']),
  ),
  arithmeticOperator(
    '_-_',
    'subtract',
    '-',
    ...overloads(
      'subtract',
      ['double', 'double, double -> double'],
      ['duration_duration', 'duration, duration -> duration'],
      ['int64', 'int, int -> int'],
      ['timestamp_duration', 'timestamp, duration -> timestamp'],
      ['timestamp_timestamp', 'timestamp, timestamp -> duration'],
      ['uint64', 'uint, uint -> uint'],
    ),
  ),
  order('_<_', 'less', (result) => result < 0),
  order('_<=_', 'less_equals', (result) => result <= 0),
  order('_>_', 'greater', (result) => result > 0),
  order('_>=_', 'greater_equals', (result) => result >= 0),
  operator(
    '_[_]',
    'index',
    unbound,
    global('index_list', 'list(A), int -> A'),
    global('index_map', 'map(A, B), A -> B'),
    global('optional_list_index_int', 'optional(list(V)), int -> optional(V)'),
    global('optional_map_index_value', 'optional(map(K, V)), K -> optional(V)'),
  ),
  {
    name: '@in',
    overloads: [global('in_list', 'A, list(A) -> bool'), global('in_map', 'A, map(A, B) -> bool')],
    singleton: { call: (value, container) => inAggregate(value as CelValue, container as CelValue) },
  },
  operator(
    'size',
    'size',
    (value) => BigInt(sizeOf(value as CelValue) ?? 0),
    ...['bytes', 'list(A)', 'map(A, B)', 'string'].flatMap((type) => {
      const name = type.replace(/\(.*/, '');
      return [global(`size_${name}`, `${type} -> int`), member(`${name}_size`, `${type} -> int`)];
    }),
  ),
  { name: 'type', overloads: [global('type', 'A -> type(A)')], singleton: { call: to(types.TYPE) } },
  conversion('bool', types.BOOL, ['bool_to_bool', 'bool'], ['string_to_bool', 'string']),
  conversion('bytes', types.BYTES, ['bytes_to_bytes', 'bytes'], ['string_to_bytes', 'string']),
  conversion(
    'double',
    types.DOUBLE,
    ['double_to_double', 'double'],
    ['int64_to_double', 'int'],
    ['string_to_double', 'string'],
    ['uint64_to_double', 'uint'],
  ),
  conversion(
    'duration',
    types.DURATION,
    ['duration_to_duration', 'duration'],
    ['int64_to_duration', 'int'],
    ['string_to_duration', 'string'],
  ),
  { name: 'dyn', overloads: [global('to_dyn', 'A -> dyn')], singleton: { call: identity } },
  conversion(
    'int',
    types.INT,
    ['int64_to_int64', 'int'],
    ['double_to_int64', 'double'],
    ['duration_to_int64', 'duration'],
    ['string_to_int64', 'string'],
    ['timestamp_to_int64', 'timestamp'],
    ['uint64_to_int64', 'uint'],
  ),
  conversion(
    'string',
    types.STRING,
    ['string_to_string', 'string'],
    ['bool_to_string', 'bool'],
    ['bytes_to_string', 'bytes'],
    ['double_to_string', 'double'],
    ['duration_to_string', 'duration'],
    ['int64_to_string', 'int'],
    ['timestamp_to_string', 'timestamp'],
    ['uint64_to_string', 'uint'],
  ),
  conversion(
    'timestamp',
    types.TIMESTAMP,
    ['timestamp_to_timestamp', 'timestamp'],
    ['int64_to_timestamp', 'int'],
    ['string_to_timestamp', 'string'],
  ),
  conversion(
    'uint',
    types.UINT,
    ['uint64_to_uint64', 'uint'],
    ['double_to_uint64', 'double'],
    ['int64_to_uint64', 'int'],
    ['string_to_uint64', 'string'],
  ),
  text('contains', 'contains_string', (value, part) => value.includes(part)),
  text('endsWith', 'ends_with_string', (value, part) => value.endsWith(part)),
  text('startsWith', 'starts_with_string', (value, part) => value.startsWith(part)),
  operator(
    'matches',
    'match',
    (value, pattern) => matchesPattern(value as CelValue, pattern as CelValue),
    global('matches', 'string, string -> bool'),
    member('matches_string', 'string, string -> bool'),
  ),
  timePart('getFullYear', 'year', (parts) => parts.year),
  timePart('getMonth', 'month', (parts) => parts.month - 1),
  timePart('getDayOfYear', 'day_of_year', (parts) => parts.yearDay),
  timePart('getDayOfMonth', 'day_of_month', (parts) => parts.day - 1),
  timePart('getDate', 'day_of_month_1_based', (parts) => parts.day),
  timePart('getDayOfWeek', 'day_of_week', (parts) => parts.weekday),
  timePart(
    'getHours',
    'hours',
    (parts) => parts.hours,
    (nanos) => nanos / 3_600_000_000_000n,
  ),
  timePart(
    'getMinutes',
    'minutes',
    (parts) => parts.minutes,
    (nanos) => nanos / 60_000_000_000n,
  ),
  timePart(
    'getSeconds',
    'seconds',
    (parts) => parts.seconds,
    (nanos) => nanos / 1_000_000_000n,
  ),
  timePart(
    'getMilliseconds',
    'milliseconds',
    (parts) => parts.milliseconds,
    (nanos) => nanos / 1_000_000n,
  ),
];
