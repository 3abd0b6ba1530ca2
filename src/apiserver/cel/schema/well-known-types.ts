// The messages of google.protobuf that stand for plain values: wrappers, Struct, ListValue, Value, Duration, Timestamp; and Any.
// Behaviour: cel-go v0.26.0 common/types/{provider,duration,timestamp}.go, checker/checker.go.
// Differs: no Any is unpacked, whatever type it names.
import { MAX_INT64 } from '../../../apimachinery/go/integer-limits.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { StructType } from '../checker/environment.ts';
import { PlainList, PlainMap } from '../values/collections.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import { CelError, type CelValue, Duration, Timestamp, Uint } from '../values/value.ts';

const SECOND = 1_000_000_000n;

function message(
  type: CelType,
  fields: Readonly<Record<string, CelType>>,
  create: (fields: ReadonlyMap<string, CelValue>) => CelValue | CelError,
): StructType {
  return { type, field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined), create, wellKnown: true };
}

const wrapper = (type: CelType, zero: CelValue): StructType =>
  message(types.wrapper(type), { value: type }, (fields) => fields.get('value') ?? zero);

const STRUCT = types.map(types.STRING, types.DYN);

/** Seconds and the nanoseconds beside them. */
const TIME_FIELDS = { seconds: types.INT, nanos: types.INT };

function nanosOf(fields: ReadonlyMap<string, CelValue>): bigint {
  const [seconds, nanos] = ['seconds', 'nanos'].map((name) => fields.get(name));
  return (typeof seconds === 'bigint' ? seconds : 0n) * SECOND + (typeof nanos === 'bigint' ? nanos : 0n);
}

function saturated(nanos: bigint): bigint {
  return nanos > MAX_INT64 ? MAX_INT64 : nanos < -MAX_INT64 - 1n ? -MAX_INT64 - 1n : nanos;
}

/** What cel-go makes of a message that it cannot unpack: an error with the message's text. */
function unpackable(fields: ReadonlyMap<string, CelValue>): CelError {
  const url = fields.get('type_url');
  const text = typeof url === 'string' && url !== '' ? `type_url:${goQuote(url)}` : '';
  return new CelError(`unsupported conversion to ref.Val: (*dynamicpb.Message)${text}`);
}

export const WELL_KNOWN: ReadonlyMap<string, StructType> = new Map([
  ['google.protobuf.Any', message(types.ANY, { type_url: types.STRING, value: types.BYTES }, unpackable)],
  [
    'google.protobuf.Duration',
    message(types.DURATION, TIME_FIELDS, (fields) => new Duration(saturated(nanosOf(fields)))),
  ],
  ['google.protobuf.Timestamp', message(types.TIMESTAMP, TIME_FIELDS, (fields) => new Timestamp(nanosOf(fields)))],
  ['google.protobuf.BoolValue', wrapper(types.BOOL, false)],
  ['google.protobuf.BytesValue', wrapper(types.BYTES, new Uint8Array())],
  ['google.protobuf.DoubleValue', wrapper(types.DOUBLE, 0)],
  ['google.protobuf.FloatValue', wrapper(types.DOUBLE, 0)],
  ['google.protobuf.Int32Value', wrapper(types.INT, 0n)],
  ['google.protobuf.Int64Value', wrapper(types.INT, 0n)],
  ['google.protobuf.StringValue', wrapper(types.STRING, '')],
  ['google.protobuf.UInt32Value', wrapper(types.UINT, new Uint(0n))],
  ['google.protobuf.UInt64Value', wrapper(types.UINT, new Uint(0n))],
  ['google.protobuf.Struct', message(STRUCT, { fields: STRUCT }, (fields) => fields.get('fields') ?? new PlainMap([]))],
  [
    'google.protobuf.ListValue',
    message(types.LIST, { values: types.LIST }, (fields) => fields.get('values') ?? new PlainList([])),
  ],
  [
    'google.protobuf.Value',
    message(
      types.DYN,
      {
        string_value: types.STRING,
        number_value: types.DOUBLE,
        bool_value: types.BOOL,
        struct_value: STRUCT,
        list_value: types.LIST,
      },
      (fields) => [...fields.values()][0] ?? null,
    ),
  ],
]);
